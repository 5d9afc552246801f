import { ValueError } from "../../base/errors.js";

/** The values logged at one step. @internal */
export type Row = { step: readonly number[]; values: Map<string, number> };

/** A number in JSON: NaN and infinities are strings. */
type JsonNumber = number | "NaN" | "Infinity" | "-Infinity";

/** A history as plain data. */
export type HistoryJson = {
  stepName: string;
  rows: { step: number[]; values: Record<string, JsonNumber> }[];
};

/** @internal */
export const numberToJson = (value: number): JsonNumber =>
  Number.isFinite(value) ? value : (String(value) as "NaN" | "Infinity" | "-Infinity");

/** Reads a number from JSON; undefined for anything else. @internal */
export function numberFromJson(value: unknown): number | undefined {
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  return typeof value === "number" ? value : undefined;
}

/**
 * A name as a cell of a CSV table (RFC 4180). Quotes are needed around commas, quotes, line ends, an empty name, and a
 * name that begins with a byte order mark.
 */
const cell = (text: string): string =>
  text === "" || /^\ufeff|[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** Names of the columns for steps: `epoch`, or `epoch.0,epoch.1`. */
const stepColumns = (name: string, count: number): string[] =>
  count === 1 ? [name] : Array.from({ length: count }, (_, k) => `${name}.${k}`);

/** @internal */
export function historyToCsv(stepName: string, names: readonly string[], rows: readonly Row[]): string {
  const head = [...stepColumns(stepName, rows[0]?.step.length ?? 1), ...names].map(cell).join(",");
  const lines = rows.map(({ step, values }) => [...step, ...names.map((name) => values.get(name) ?? "")].join(","));
  return `${[head, ...lines].join("\r\n")}\r\n`;
}

/** The cells of a CSV table, line by line. */
function cellsOf(csv: string): string[][] {
  const lines: string[][] = [[]];
  let quotes = false; // whether the last line has quotes: a line of "" is not empty
  const text = csv.replace(/^\ufeff/, ""); // spreadsheets write a byte order mark first
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n?|\n|$)/g)) {
    lines.at(-1)!.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    quotes ||= quoted !== undefined;
    if (end === ",") continue;
    const line = lines.at(-1)!;
    if (!quotes && line.length === 1 && line[0] === "") lines.pop();
    if (end === "") break;
    lines.push([]);
    quotes = false;
  }
  return lines;
}

/** @internal */
export function historyFromCsv(csv: string): { stepName: string; rows: Row[] } {
  const op = "History.fromCSV";
  const [head, ...lines] = cellsOf(csv);
  if (head === undefined) throw new ValueError(op, "expected a line of names, got an empty text");
  const [, stem] = /^(.*)\.0$/.exec(head[0]!) ?? [];
  const parts = stem === undefined ? 1 : head.findIndex((name, k) => name !== `${stem}.${k}`);
  const count = parts < 0 ? head.length : parts;
  const rows = lines.map((cells, i): Row => {
    const where = `line ${i + 2}`;
    if (cells.length !== head.length) {
      throw new ValueError(op, `expected ${head.length} cells in ${where}, got ${cells.length}`);
    }
    const numbers = cells.map((text) => (text.trim() === "" ? undefined : Number(text)));
    const odd = cells.find((text, k) => Number.isNaN(numbers[k]) && text.trim() !== "NaN");
    if (odd !== undefined) throw new ValueError(op, `expected numbers in ${where}, got ${JSON.stringify(odd)}`);
    const named = head.map((name, k) => [name, numbers[k]] as const).slice(count);
    const values = new Map(named.filter((pair): pair is readonly [string, number] => pair[1] !== undefined));
    return { step: numbers.slice(0, count).map((part) => part ?? Number.NaN), values };
  });
  return { stepName: stem ?? head[0]!, rows };
}
