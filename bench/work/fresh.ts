import type { Work } from "./work.js";

/**
 * Pairs of operands that are each used once: they are made before the clock starts, and stay small enough together for
 * the caches, where a network's last layer would have left them.
 */
export function ring<T>(
  make: () => T,
  free: (value: T) => void,
): { fill(count: number): void; next(): T; end(): void } {
  let ready: T[] = [];
  let used: T[] = [];
  return {
    fill(count) {
      for (const value of used) free(value);
      used = [];
      while (ready.length < count) ready.push(make());
    },
    next() {
      const value = ready.pop();
      if (value === undefined) throw new Error("fill() was not called for so many calls");
      used.push(value);
      return value;
    },
    end() {
      for (const value of [...used, ...ready]) free(value);
      used = [];
      ready = [];
    },
  };
}

const CACHED_BYTES = 4e6;

/** The most calls that a sample may make: as many as there are fresh operands. */
export function mostCalls(work: Work): number {
  if (work.op !== "matmul" || !work.fresh) return Number.MAX_SAFE_INTEGER;
  const bytes = (work.m * work.k + work.k * work.n) * (work.dtype === "float32" ? 4 : 8);
  return Math.max(1, Math.min(256, Math.floor(CACHED_BYTES / bytes)));
}
