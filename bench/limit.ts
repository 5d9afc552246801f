import { readFileSync } from "node:fs";

type Exports = { multiplyAdd(rounds: number, at: number): number };

/** Loads bench/assembly/limit.ts as compiled for a type; it is no part of the library's own builds. */
function load(type: "f32" | "f64"): Exports {
  const bytes = readFileSync(new URL(`../build/limit.${type}.wasm`, import.meta.url));
  const memory = new WebAssembly.Memory({ initial: 1 });
  const factors = type === "f32" ? new Float32Array(memory.buffer) : new Float64Array(memory.buffer);
  factors.fill(0.125, 0, 96 / factors.BYTES_PER_ELEMENT);
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
  const rounds = 20_000; // tens of microseconds: short enough to fit between whatever else the machine does
  const flops = rounds * 8 * 2 * (type === "f32" ? 4 : 2);
  let best = 0;
  for (let i = 0; i < 10_000; i++) {
    const start = performance.now();
    multiplyAdd(rounds, 0);
    best = Math.max(best, (flops / (performance.now() - start)) * 1000);
  }
  measured.set(type, best);
  return best;
}
