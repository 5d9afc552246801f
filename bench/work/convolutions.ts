import type { Convolution } from "./work.js";

const LAYERS: readonly [channels: number, filters: number, side: number, kernel: number][] = [
  [3, 6, 32, 5],
  [6, 16, 14, 5],
  [3, 64, 256, 3],
  [64, 128, 127, 3],
  [128, 256, 62, 3],
  [256, 512, 30, 3],
];
/** The convolutions of examples 3 and 4, for four images: forward and both gradients. */
export const convolutionWork: readonly Convolution[] = LAYERS.flatMap(([channels, filters, side, kernel]) =>
  (["forward", "input", "weight"] as const)
    .filter((pass) => pass !== "input" || channels !== 3) // pixels need no gradient
    .map((pass): Convolution => ({ op: "conv", pass, batch: 4, channels, filters, side, kernel })),
);
