import { type Convolution, outputSide } from "./work.js";

/** Numbers in [-0.5, 0.5) · scale, the same in every language. bench/peers/pytorch.py has the same formula. */
export function values(count: number, seed: number, scale = 1): Float64Array {
  const all = new Float64Array(count);
  for (let i = 0; i < count; i++) all[i] = (((i * 7919 + seed * 104729) % 1000) / 1000 - 0.5) * scale;
  return all;
}

/** A weight of a network, of about the magnitude of its layer's default initialisation. */
export function weight(shape: readonly number[], seed: number): Float64Array {
  const count = shape.reduce((n, size) => n * size, 1);
  const fanIn = shape.length > 1 ? count / shape[0]! : 1;
  return values(count, seed, shape.length > 1 ? 2 / Math.sqrt(fanIn) : 0.1);
}

/** Zeros and ones. */
export const flags = (count: number, seed: number): Float64Array => values(count, seed).map((x) => (x >= 0 ? 1 : 0));

/** Class numbers from 0 to 9. */
export const classes = (count: number, seed: number): Float64Array =>
  values(count, seed).map((x) => Math.floor((x + 0.5) * 10));

/** The scale of arguments of elementwise functions, which lie in [-4, 4). */
export const ARGUMENT_SCALE = 8;

export const convolutionShapes = (work: Convolution) => ({
  x: [work.batch, work.channels, work.side, work.side],
  weight: [work.filters, work.channels, work.kernel, work.kernel],
  y: [work.batch, work.filters, outputSide(work), outputSide(work)],
});
