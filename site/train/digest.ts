/** SHA-256 of numbers, as scripts/digest.ts computes it: the hash of their bytes as little-endian float64. */
import { sha256 } from "@noble/hashes/sha2.js";
import type { nn } from "simdgrad";

/** The hash in hex. It comes from a library, because browsers offer `crypto.subtle` to https pages only. */
export function digestOf(...parts: readonly Iterable<number>[]): string {
  const hash = sha256.create();
  for (const part of parts) hash.update(new Uint8Array(Float64Array.from(part).buffer));
  return Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The numbers of each parameter. */
export const weightsOf = (model: nn.Module): Iterable<number>[] => model.parameters().map((p) => p.toTypedArray());
