/** `simdgrad/synthetic`: drawings that stand in for CIFAR-10 and CelebA where their files are missing. */
export { SyntheticCifar10, type SyntheticCifar10Options, syntheticCifar10 } from "./synthetic-cifar10.js";
export {
  SyntheticFaces,
  type SyntheticFacesOptions,
  type SyntheticFacesSplit,
  syntheticFaces,
} from "./synthetic-faces.js";
