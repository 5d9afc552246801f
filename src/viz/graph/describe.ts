import { isActivation } from "../../nn/catalogue.js";
import * as nn from "../../nn/index.js";
import { isLibraryClass } from "../../nn/names.js";
import type { Role } from "./graph-theme.js";

/** `3×3`, or the one number that stands for all dims. */
const times = (sizes: number | readonly number[]): string => (typeof sizes === "number" ? `${sizes}` : sizes.join("×"));

/** As {@link times}, but one number where all dims have the same size. */
const short = (sizes: number | readonly number[]): string =>
  typeof sizes !== "number" && sizes.every((size) => size === sizes[0]) ? `${sizes[0]}` : times(sizes);

const square = (size: number | readonly number[], dims: number): string =>
  typeof size === "number" ? times(new Array<number>(dims).fill(size)) : times(size);

function convolution(layer: nn.Conv1d | nn.Conv2d | nn.ConvTranspose1d | nn.ConvTranspose2d): string {
  const { inChannels, outChannels, kernelSize, stride, padding, dilation, groups } = layer;
  const parts = [`${inChannels} → ${outChannels}`, times(kernelSize)];
  if (stride.some((step) => step !== 1)) parts.push(`stride ${short(stride)}`);
  const pads = typeof padding === "string" ? padding : short(padding);
  if (pads !== "0" && pads !== "valid") parts.push(`padding ${pads}`);
  if (dilation.some((step) => step !== 1)) parts.push(`dilation ${short(dilation)}`);
  if (groups !== 1) parts.push(`groups ${groups}`);
  return parts.join(", ");
}

function pooling(layer: nn.MaxPool1d | nn.MaxPool2d | nn.AvgPool1d | nn.AvgPool2d, dims: number): string {
  const parts = [square(layer.kernelSize, dims)];
  if (square(layer.stride, dims) !== parts[0]) parts.push(`stride ${short(layer.stride)}`);
  if (short(layer.padding) !== "0") parts.push(`padding ${short(layer.padding)}`);
  return parts.join(", ");
}

/** The main sizes of a layer; for other modules, what they print in their brackets. */
export function describe(module: nn.Module): string {
  if (module instanceof nn.Conv1d || module instanceof nn.Conv2d) return convolution(module);
  if (module instanceof nn.ConvTranspose1d || module instanceof nn.ConvTranspose2d) return convolution(module);
  if (module instanceof nn.Linear) return `${module.inFeatures} → ${module.outFeatures}`;
  if (module instanceof nn.Embedding) return `${module.numEmbeddings} × ${module.embeddingDim}`;
  if (module instanceof nn.MaxPool1d || module instanceof nn.AvgPool1d) return pooling(module, 1);
  if (module instanceof nn.MaxPool2d || module instanceof nn.AvgPool2d) return pooling(module, 2);
  if (module instanceof nn.BatchNorm1d || module instanceof nn.BatchNorm2d) return `${module.numFeatures}`;
  if (module instanceof nn.PReLU) return module.numParameters === 1 ? "" : `${module.numParameters}`;
  if (module instanceof nn.Flatten && module.extraRepr() === "start_dim=1, end_dim=-1") return "";
  const printed = module
    .extraRepr()
    .replace(/, inplace=False$/, "")
    .replaceAll("\n", " ");
  return printed.length > 40 ? `${printed.slice(0, 39)}…` : printed;
}

const KINDS: readonly [Role, RegExp][] = [
  ["weighted", /^(Conv|Linear|Embedding|Bilinear|linear$|conv|matmul$|mm$|bmm$|mv$|embedding$)/],
  ["norm", /^((Batch|Layer|Group|Instance)Norm|(batch|layer|group|instance)Norm$)/],
  ["pool", /^((Adaptive)?(Max|Avg)(Un)?Pool|(adaptive)?(max|avg)(Un)?Pool)/i],
  ["dropout", /dropout/i],
];

/** What kind of step a layer or an operation is, by its name. */
export function kindOf(name: string): Role {
  const kind = KINDS.find(([, names]) => names.test(name))?.[0];
  return kind ?? (isActivation(name) ? "activation" : "other");
}

/** Whether a module is one box: it has no modules inside. A user's model itself is drawn by its operations. */
export function isLayer(module: nn.Module, root: boolean): boolean {
  if (module.children().length > 0) return false;
  return !root || isLibraryClass(module);
}
