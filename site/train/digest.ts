/** SHA-256 of numbers, as scripts/digest.ts computes it: of their bytes as little-endian float64. */
import { sha256 } from "@noble/hashes/sha2.js";
import type { nn } from "simdgrad";

/** In hex. The hash is a library's: pages that are not served over https have none. */
export function digestOf(...parts: readonly Iterable<number>[]): string {
  const hash = sha256.create();
  for (const part of parts) hash.update(new Uint8Array(Float64Array.from(part).buffer));
  return Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The numbers of all parameters, one list for each. */
export const weightsOf = (model: nn.Module): Iterable<number>[] => model.parameters().map((p) => p.toTypedArray());
