/**
 * `npm run maintain -- bench-report`: writes tables of the results in docs/performance/ into docs/performance.md,
 * between its markers. `--print` prints the text instead. `--own FILE`, `--peers FILE` and `--elsewhere FILE` (a run of
 * bench:peers on another machine; may be repeated) read other results.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type CaseResult, type EntryResult, formatRatio, formatSpeed, formatTime, type Results } from "../results.js";
import { readResults } from "../store.js";
import { BARS, judge } from "./bars.js";
import { table } from "./table.js";

const here = (path: string): string => fileURLToPath(new URL(`../../docs/${path}`, import.meta.url));
const { values } = parseArgs({
  options: {
    own: { type: "string", default: here("performance/bench.json") },
    peers: { type: "string", default: here("performance/peers.json") },
    elsewhere: {
      type: "string",
      multiple: true,
      default: ["xeon", "zen3"].map((name) => here(`performance/peers-${name}.json`)),
    },
    print: { type: "boolean", default: false },
  },
});

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];
const groupsOf = ({ cases }: Results): [string, CaseResult[]][] =>
  unique(cases.map(({ group }) => group)).map((group) => [group, cases.filter((item) => item.group === group)]);

const setting = ({ date, machine, versions }: Results): string => {
  const all = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `Measured ${date} on: ${machine}. ${all.join(", ")}.`;
};

/** The speed of an entry, and how many times faster simdgrad is. */
function cell(item: CaseResult, entry: EntryResult | undefined): string {
  if (entry === undefined) return "";
  const { seconds, bytes, more, ratio, differs } = entry;
  if (bytes !== undefined) return `${(bytes / 1000).toFixed(0)} kB`;
  if (seconds === undefined) return "–";
  if (more !== undefined) return `${formatTime(seconds)} (+ ${formatTime(more)})`;
  const mark = differs === undefined ? "" : " (another result)";
  const said = entry === item.entries[0] || ratio === undefined ? "" : `, ${formatRatio(ratio)}`;
  return `${formatSpeed(item, seconds)}${said}${mark}`;
}

function groupTable(items: readonly CaseResult[]): string {
  const labels = unique(items.flatMap(({ entries }) => entries.map(({ label }) => label)));
  const bounded = items.some(({ fraction }) => fraction !== undefined);
  const head = ["work", ...labels, ...(bounded ? ["of the limit"] : [])];
  const rows = items.map((item) => {
    const cells = labels.map((label) =>
      cell(
        item,
        item.entries.find((entry) => entry.label === label),
      ),
    );
    const share = item.fraction === undefined ? "" : `${(100 * item.fraction).toFixed(0)} %`;
    return [item.name, ...cells, ...(bounded ? [share] : [])];
  });
  return table(head, rows);
}

const tables = (results: Results): string =>
  groupsOf(results)
    .map(([group, items]) => `### ${group[0]!.toUpperCase()}${group.slice(1)}\n\n${groupTable(items)}`)
    .join("\n\n");

const peers = readResults(values.peers);
const own = readResults(values.own);
const elsewhere = values.elsewhere.map(readResults);
const letters = elsewhere.map((_, i) => String.fromCharCode("A".charCodeAt(0) + i));
const bars = BARS.map((bar) => {
  const judged = [peers, ...elsewhere].map((results) => judge(bar, results));
  return [bar.work, bar.bar, ...judged.flatMap(({ reached, met }) => [reached, met])];
});
const barsTable = table(["work", "bar", "reached", "met", ...letters.flatMap((letter) => [letter, "met"])], bars);
const settings = [setting(peers), ...elsewhere.map((results, i) => `${letters[i]}: ${setting(results)}`)];
const sections: Record<string, string> = {
  bars: `${settings.join("\n\n")}\n\n${barsTable}`,
  peers: tables(peers),
  own: `${setting(own)}\n\n${tables(own)}`,
};

let document = readFileSync(here("performance.md"), "utf8");
for (const [name, text] of Object.entries(sections)) {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [document.indexOf(open), document.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`docs/performance.md: expected ${open} before ${close}`);
  document = `${document.slice(0, start + open.length)}\n${text}\n${document.slice(end)}`;
}
if (values.print) console.log(document);
else writeFileSync(here("performance.md"), document);
