/** `simdgrad/io`: tensors in files. */

export type { Source } from "../platform/files.js";
export { loadCheckpoint, type Progress, type Stateful, saveCheckpoint, type Training } from "./checkpoint.js";
export { loadNpy, saveNpy, toNpy } from "./npy.js";
export { loadNpz, saveNpz, toNpz } from "./npz.js";
export {
  loadSafetensors,
  type SafetensorsOptions,
  safetensorsMetadata,
  saveSafetensors,
  toSafetensors,
} from "./safetensors.js";
export type { Target } from "./target.js";
export { load, save, toBytes } from "./torch-file.js";
export type { Loaded } from "./torch-read.js";
export type { Saveable } from "./torch-write.js";
