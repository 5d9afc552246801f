/**
 * `npm run bench:peers`: measures the same work in simdgrad and in other libraries, side by side.
 *
 *     npm run bench:peers -- --filter "fresh 512"     only cases with these words in group and name
 *                            --json FILE              writes the results; with a filter it replaces those of its cases
 *                            --seconds 3              seconds for each case
 *                            --only jax-js,PyTorch    simdgrad and these libraries only
 *                            --against DIR            also the simdgrad built in the checkout DIR
 *
 * PYTHON names a Python with PyTorch (python3 when not set).
 */
import { parseArgs } from "node:util";
import { machine } from "../machine.js";
import { type CaseResult, formatEntry, type Results } from "../results.js";
import { downloads, startUp } from "../startup.js";
import { store } from "../store.js";
import { CASES, type Case, type Entry } from "./cases.js";
import type { Child } from "./child.js";
import { measure } from "./measure.js";
import { Pool } from "./pool.js";
import { programs } from "./programs.js";

const { values } = parseArgs({
  options: {
    filter: { type: "string", default: "" },
    seconds: { type: "string", default: "2" },
    json: { type: "string" },
    only: { type: "string", default: "" },
    against: { type: "string" },
  },
});
const words = values.filter.split(" ").filter((word) => word !== "");
const only = values.only.split(",").filter((name) => name !== "");
const has = (name: string): boolean => words.every((word) => name.includes(word));

const results: Results = { ...machine(), versions: {}, cases: [] };
const keep = store(results, values.json, words.length > 0);
const pool = new Pool(results.versions);

/** The contenders of a case that the command asks for. */
function entriesOf({ entries: [first, ...others] }: Case): Entry[] {
  const rivals = others.filter(({ label }) => only.length === 0 || only.includes(label));
  const folder = values.against;
  return folder === undefined
    ? [first!, ...rivals]
    : [first!, { ...first!, label: `simdgrad in ${folder}`, folder }, ...rivals];
}

async function run(item: Case): Promise<CaseResult> {
  const children = new Map<Entry, Child>();
  for (const entry of entriesOf(item)) {
    const child = await pool.childOf(entry);
    if (child !== undefined) children.set(entry, child);
  }
  return measure({ ...item, entries: [...children.keys()] }, children, Number(values.seconds));
}

let group = "";
function add(result: CaseResult): void {
  const { fraction, name, entries } = result;
  if (result.group !== group) console.log(`\n${result.group}`);
  group = result.group;
  console.log(`${name}${fraction === undefined ? "" : `  (${(100 * fraction).toFixed(0)} % of the limit)`}`);
  for (const entry of entries) console.log(`  ${entry.label.padEnd(26)}${formatEntry(result, entry)}`);
  keep(result);
}

for (const item of CASES) {
  if (!has(`${item.group}: ${item.name}`)) continue;
  if (item.group !== group) pool.end();
  add(await run(item));
}
pool.end();
if (has("start-up")) add(startUp(programs()));
if (has("download")) add(await downloads(programs()));
if (group === "") {
  console.error(`no case's name has all of: ${words.join(" ")}`);
  process.exitCode = 1;
}
const versions = Object.entries(results.versions).map((pair) => pair.join(" "));
console.log(`\n${[results.machine, ...versions].join(", ")}`);
