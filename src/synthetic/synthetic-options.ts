import { ValueError } from "../base/errors.js";

/** Throws unless the seed is an integer in [0, 2^32). */
export function checkSeed(op: string, seed: number): void {
  if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32) return;
  throw new ValueError(op, `expected a seed that is an integer from 0 to 2^32 - 1, got ${seed}`);
}

/** Throws unless the size is an integer in [1, most]. */
export function checkSize(op: string, size: number, most: number): void {
  if (Number.isInteger(size) && size > 0 && size <= most) return;
  throw new ValueError(op, `expected a size from 1 to ${most}, got ${size}`);
}
