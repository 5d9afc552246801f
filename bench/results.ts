/** What was measured, as `--json` writes it and as the report and the charts read it. */
export type EntryResult = {
  label: string;
  /** Median seconds of a call. */
  seconds?: number;
  /** Median of its time over the first entry's, in neighbouring samples: how many times faster the first one is. */
  ratio?: number;
  samples?: number;
  /** Start-up: median seconds above an empty script. */
  more?: number;
  /** Download: bytes. */
  bytes?: number;
  unsupported?: string;
  /** The largest difference from the first entry's result, relative to the largest element, where it is too large. */
  differs?: number;
};

export type CaseResult = {
  group: string;
  name: string;
  /** What a call does, and in what it is counted. */
  count: number;
  unit: "FLOP" | "B" | "element" | "row";
  /** The fraction of the machine's own limit that the first entry reached. */
  fraction?: number;
  entries: EntryResult[];
};

export type Results = {
  date: string;
  machine: string;
  versions: Record<string, string>;
  /** FLOP/s of 128-bit multiplications and additions. */
  limit?: { float32: number; float64: number };
  cases: CaseResult[];
};

/** `12.3 µs` and the like. */
export function formatTime(seconds: number): string {
  if (seconds >= 1) return `${seconds.toPrecision(3)} s`;
  if (seconds >= 1e-3) return `${(seconds * 1e3).toPrecision(3)} ms`;
  return `${(seconds * 1e6).toPrecision(3)} µs`;
}

/** The rate or the time in the unit that suits the work. */
export function formatSpeed({ count, unit }: CaseResult, seconds: number): string {
  if (unit === "FLOP") return `${(count / seconds / 1e9).toPrecision(3)} GFLOP/s`;
  if (unit === "B") return `${(count / seconds / 1e9).toPrecision(3)} GB/s`;
  if (unit === "element") return `${((seconds / count) * 1e9).toPrecision(3)} ns/element`;
  return formatTime(seconds);
}

export const formatRatio = (ratio: number): string => `${ratio >= 99.5 ? ratio.toFixed(0) : ratio.toPrecision(3)} ×`;

/** An entry as the terminal shows it: speed, ratio, samples; or why there is none. */
export function formatEntry(result: CaseResult, entry: EntryResult): string {
  const { seconds, bytes, more, ratio, samples, unsupported, differs } = entry;
  if (bytes !== undefined) return `${(bytes / 1000).toFixed(0)} kB`;
  if (seconds === undefined) return `– ${unsupported}`;
  const columns = [formatSpeed(result, seconds).padStart(16)];
  if (ratio !== undefined) columns.push(formatRatio(ratio).padStart(8));
  if (more !== undefined) columns.push(`+ ${formatTime(more)}`);
  columns.push(`(${samples})`);
  if (differs !== undefined) columns.push(`computes something else: ${differs.toExponential(1)} apart`);
  return columns.join("  ");
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
