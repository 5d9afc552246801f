/**
 * `npm run bench`: measures kernels and operations; `npm run bench -- --filter "gemm f32 512"` only those whose name has
 * all the words.
 */
import { parseArgs } from "node:util";
import { gemm } from "./gemm.js";
import { limit } from "./limit.js";
import { linear } from "./linear.js";
import { training } from "./steps.js";
import { run } from "./suite.js";

const { values } = parseArgs({ options: { filter: { type: "string", default: "" } } });
const filter = values.filter.split(" ").filter((word) => word !== "");

const giga = (rate: number): string => (rate / 1e9).toFixed(1);
console.log(`Node ${process.version}, one thread; the limit of 128-bit multiplication and addition in Wasm here:`);
console.log(`float32 ${giga(limit("f32"))} GFLOP/s, float64 ${giga(limit("f64"))} GFLOP/s`);
run([gemm, linear, training], filter);
