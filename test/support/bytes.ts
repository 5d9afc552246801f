import type { TypedArray } from "simdgrad";
import { expect } from "vitest";

const bytesOf = ({ buffer, byteOffset, byteLength }: TypedArray): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Expects the same bits in both arrays. toEqual is much slower, so it runs only to print a difference. */
export function expectBits(got: TypedArray, want: TypedArray): void {
  if (Buffer.compare(bytesOf(got), bytesOf(want)) !== 0) expect(got).toEqual(want);
  expect(got.constructor).toBe(want.constructor);
}
