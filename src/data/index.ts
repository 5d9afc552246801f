export { decodeImage } from "../formats/image/decode-image.js";
export type { DecodeOptions } from "../formats/image/image-checks.js";
export { decodeJpeg } from "../formats/image/jpeg.js";
export { decodePng, encodePng } from "../formats/image/png.js";
export type { Source } from "../platform/files.js";
export type { Image, PaddingMode } from "./images/crop-flip-pad.js";
export * from "./images/transforms.js";
export * as transforms from "./images/transforms.js";
export { defaultCollate } from "./loading/collate.js";
export type { Collated, Dataset, IterableDataset, MapDataset } from "./loading/dataset.js";
export { DataLoader } from "./loading/loader.js";
export type { Batches, DataLoaderOptions, LoadingOptions } from "./loading/loader-options.js";
export type { LoaderState } from "./loading/loader-state.js";
export { RandomSampler, type RandomSamplerOptions } from "./loading/sampler.js";
export {
  BatchSampler,
  type Sampler,
  SequentialSampler,
  SubsetRandomSampler,
  WeightedRandomSampler,
} from "./loading/samplers.js";
export { CelebA, type CelebAOptions, type CelebASplit } from "./sets/celeba.js";
export { Cifar10, type Cifar10Options } from "./sets/cifar10.js";
export type { Cifar10Source } from "./sets/cifar10-files.js";
export { ChainDataset, ConcatDataset } from "./sets/concat.js";
export type { DownloadOptions, DownloadProgress } from "./sets/download.js";
export { ImageFolder, type ImageFolderOptions } from "./sets/image-folder.js";
export { ImageSet, type ImageSetOptions, type LabelledImages } from "./sets/image-set.js";
export { type RandomSplitOptions, randomSplit, Subset } from "./sets/subset.js";
export { TensorDataset } from "./sets/tensor-dataset.js";
export { type MoonsOptions, makeMoons } from "./sklearn/moons.js";
export { type NestedNumbers, type RandomSource, RandomState } from "./sklearn/random-state.js";
export { type Rows, type SplitOptions, type Taken, trainTestSplit } from "./sklearn/split.js";
