/**
 * `npm run bench:peers`: the same work here and in other libraries, side by side; `-- --filter "words"` some of it,
 * `--json FILE` keeps it, `--seconds 3` is the time for a case. PYTHON names a Python that has PyTorch.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { machine } from "../machine.js";
import { type CaseResult, formatEntry, type Results } from "../results.js";
import { downloads, startUp } from "../startup.js";
import { CASES, type Case, type Entry } from "./cases.js";
import { Child } from "./child.js";
import { CONTENDERS, type ContenderName } from "./contenders.js";
import { measure } from "./measure.js";
import { programs } from "./programs.js";

const { values } = parseArgs({
  options: {
    filter: { type: "string", default: "" },
    seconds: { type: "string", default: "2" },
    json: { type: "string" },
    only: { type: "string", default: "" },
  },
});
const words = values.filter.split(" ").filter((word) => word !== "");
const only = values.only.split(",").filter((name) => name !== "");

const versions: Record<string, string> = {};
const absent = new Map<ContenderName, string>();

/** One process for each contender, and a second one where it does two things in a case; started when first needed. */
const pool = new Map<string, Child>();

async function childOf(key: string, contender: ContenderName): Promise<Child | undefined> {
  if (absent.has(contender)) return undefined;
  const known = pool.get(key);
  if (known !== undefined) return known;
  try {
    const child = new Child(CONTENDERS[contender].start());
    Object.assign(versions, (await child.ask({ ask: "versions" })).versions);
    pool.set(key, child);
    return child;
  } catch (error) {
    absent.set(contender, error instanceof Error ? error.message : String(error));
    console.error(`${contender} is left out: ${absent.get(contender)}`);
    return undefined;
  }
}

async function run(item: Case): Promise<CaseResult> {
  const children = new Map<Entry, Child>();
  for (const entry of item.entries) {
    if (only.length > 0 && entry !== item.entries[0] && !only.includes(entry.label)) continue;
    const child = await childOf(entry.label, entry.contender);
    if (child !== undefined) children.set(entry, child);
  }
  const entries = item.entries.filter((entry) => children.has(entry));
  return measure({ ...item, entries }, children, Number(values.seconds));
}

function print(result: CaseResult): void {
  const { fraction } = result;
  console.log(`${result.name}${fraction === undefined ? "" : `  (${(100 * fraction).toFixed(0)} % of the limit)`}`);
  for (const entry of result.entries) console.log(`  ${entry.label.padEnd(26)}${formatEntry(result, entry)}`);
}

const results: Results = { ...machine(), versions, cases: [] };

let group = "";
/** Prints it and keeps it, after every case: an hour of measuring must not be lost to a peer that dies. */
function add(result: CaseResult): void {
  if (result.group !== group) console.log(`\n${result.group}`);
  group = result.group;
  print(result);
  results.cases.push(result);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
}

const has = (name: string): boolean => words.every((word) => name.includes(word));
for (const item of CASES) if (has(`${item.group}: ${item.name}`)) add(await run(item));
if (has("start-up")) add(startUp(programs));
if (has("download")) add(await downloads(programs));
for (const child of pool.values()) child.end();
if (results.cases.length === 0) console.error(`no case's name has all of: ${words.join(" ")}`);
console.log(
  `\n${results.machine}; ${Object.entries(versions)
    .map((pair) => pair.join(" "))
    .join(", ")}`,
);
