import { readFileSync } from "node:fs";
import { instantiateSync } from "@assemblyscript/loader";
import { stopwatch } from "./stopwatch.js";

type Exports = { multiplyAdd(rounds: number, at: number): number };

/** Loads bench/assembly/limit.ts, compiled for an element type apart from the library's builds. */
function load(type: "f32" | "f64"): Exports {
  const bytes = readFileSync(new URL(`../build/limit.${type}.wasm`, import.meta.url));
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
  const factors = type === "f32" ? new Float32Array(memory.buffer) : new Float64Array(memory.buffer);
  factors.fill(0.125, 0, 96 / factors.BYTES_PER_ELEMENT);
  return instantiateSync<Exports>(bytes, { env: { memory } }).exports;
}

const loaded = new Map<string, Exports>();
const ROUNDS = 200_000;
const LONGEST_S = 0.03;

/**
 * The FLOP/s of 128-bit multiplications and additions without memory access: the upper bound of a matrix product on
 * this machine in this engine. Each call measures it again, for about as long as the sample to compare with, because
 * the speed of a shared machine changes from second to second.
 */
export function limit(type: "f32" | "f64", seconds = 0.0005): number {
  let exports = loaded.get(type);
  if (exports === undefined) {
    exports = load(type);
    loaded.set(type, exports);
    for (let i = 0; i < 40; i++) exports.multiplyAdd(ROUNDS, 0); // until V8's optimising compiler has compiled it
  }
  const flops = ROUNDS * 8 * 2 * (type === "f32" ? 4 : 2);
  const passed = stopwatch();
  let calls = 0;
  do {
    exports.multiplyAdd(ROUNDS, 0);
    calls++;
  } while (passed() < Math.min(seconds, LONGEST_S));
  return (calls * flops) / passed();
}
