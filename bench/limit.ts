import { readFileSync } from "node:fs";

type Exports = { multiplyAdd(rounds: number): number };

/** Loads bench/assembly/limit.ts as compiled for a type; it is no part of the library's own builds. */
function load(type: "f32" | "f64"): Exports {
  const bytes = readFileSync(new URL(`../build/limit.${type}.wasm`, import.meta.url));
  const memory = new WebAssembly.Memory({ initial: 0 });
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports as Exports;
}

const measured = new Map<string, number>();

/**
 * The FLOP/s of 128-bit multiplications and additions without any memory access: what a matrix product on this machine,
 * in this engine, cannot exceed. Measured once, the best of several tries.
 */
export function limit(type: "f32" | "f64"): number {
  const known = measured.get(type);
  if (known !== undefined) return known;
  const { multiplyAdd } = load(type);
  const rounds = 1_000_000;
  const flops = rounds * 8 * 2 * (type === "f32" ? 4 : 2);
  let best = 0;
  for (let i = 0; i < 40; i++) {
    const start = performance.now();
    multiplyAdd(rounds);
    best = Math.max(best, (flops / (performance.now() - start)) * 1000);
  }
  measured.set(type, best);
  return best;
}
