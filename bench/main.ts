/**
 * `npm run bench`: measures kernels, operations, training steps, start-up and download. `-- --filter "gemm f32 512"`
 * measures only cases with all these words in their names; `--json FILE` writes the results.
 */
import { parseArgs } from "node:util";
import { calls } from "./calls.js";
import { gemm } from "./gemm.js";
import { limit } from "./limit.js";
import { linear } from "./linear.js";
import { machine } from "./machine.js";
import { convolutions, elementwise, optimizers, training } from "./operations.js";
import { type CaseResult, formatEntry, type Results } from "./results.js";
import { routes } from "./routes.js";
import { downloads, OWN, startUp } from "./startup.js";
import { store } from "./store.js";
import { run } from "./suite.js";

const { values } = parseArgs({
  options: { filter: { type: "string", default: "" }, json: { type: "string" } },
});
const filter = values.filter.split(" ").filter((word) => word !== "");
const has = (name: string): boolean => filter.every((word) => name.includes(word));

const giga = (rate: number): string => (rate / 1e9).toFixed(1);
const limits = { float32: limit("f32"), float64: limit("f64") };
console.log(`Node ${process.version}, one thread; the limit of 128-bit multiplication and addition in Wasm here:`);
console.log(`float32 ${giga(limits.float32)} GFLOP/s, float64 ${giga(limits.float64)} GFLOP/s`);

const results: Results = { ...machine(), versions: { Node: process.version }, limit: limits, cases: [] };
const keep = store(results, values.json, filter.length > 0);
let found = false;
function add(result: CaseResult): void {
  found = true;
  keep(result);
}
function show(result: CaseResult): void {
  console.log(`\n${result.group}: ${result.name}`);
  for (const entry of result.entries) console.log(`${entry.label.padEnd(44)}${formatEntry(result, entry)}`);
  add(result);
}

for (const result of run([calls, gemm, linear, elementwise, optimizers, convolutions, training, routes], filter))
  add(result);
if (has("start-up")) show(startUp([OWN]));
if (has("download")) show(await downloads([OWN]));
if (!found) {
  console.error(`no case's name has all of: ${filter.join(" ")}`);
  process.exitCode = 1;
}
