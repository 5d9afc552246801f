export { decodeImage } from "../codec/decode.js";
export type { DecodeOptions } from "../codec/formats.js";
export { decodeJpeg } from "../codec/jpeg.js";
export { decodePng, encodePng } from "../codec/png.js";
export { CelebA, type CelebAOptions, type CelebASplit } from "./celeba.js";
export { Cifar10, type Cifar10Options } from "./cifar10.js";
export type { Cifar10Source } from "./cifar10-files.js";
export { defaultCollate } from "./collate.js";
export { ChainDataset, ConcatDataset } from "./concat.js";
export type { Collated, Dataset, IterableDataset, MapDataset } from "./dataset.js";
export type { DownloadOptions, DownloadProgress } from "./download.js";
export type { Image, PaddingMode } from "./image.js";
export { ImageFolder, type ImageFolderOptions } from "./image-folder.js";
export { ImageSet, type ImageSetOptions, type LabelledImages } from "./image-set.js";
export { DataLoader } from "./loader.js";
export type { Batches, DataLoaderOptions, LoadingOptions } from "./loader-options.js";
export type { LoaderState } from "./loader-state.js";
export { type MoonsOptions, makeMoons } from "./moons.js";
export { type NestedNumbers, type RandomSource, RandomState } from "./random-state.js";
export { RandomSampler, type RandomSamplerOptions } from "./sampler.js";
export {
  BatchSampler,
  type Sampler,
  type SamplerOptions,
  SequentialSampler,
  SubsetRandomSampler,
  WeightedRandomSampler,
  type WeightedRandomSamplerOptions,
} from "./samplers.js";
export { type Rows, type SplitOptions, type Taken, trainTestSplit } from "./split.js";
export { type RandomSplitOptions, randomSplit, Subset } from "./subset.js";
export { SyntheticCifar10, type SyntheticCifar10Options, syntheticCifar10 } from "./synthetic-cifar10.js";
export { SyntheticFaces, type SyntheticFacesOptions, syntheticFaces } from "./synthetic-faces.js";
export { TensorDataset } from "./tensor-dataset.js";
export * from "./transforms.js";
export * as transforms from "./transforms.js";
