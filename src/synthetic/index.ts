/** `simdgrad/synthetic`: drawn stand-ins for CIFAR-10 and CelebA, for programs that run without the files. */
export { SyntheticCifar10, type SyntheticCifar10Options, syntheticCifar10 } from "./synthetic-cifar10.js";
export {
  SyntheticFaces,
  type SyntheticFacesOptions,
  type SyntheticFacesSplit,
  syntheticFaces,
} from "./synthetic-faces.js";
