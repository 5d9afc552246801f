/** The results of one contender in a case, as `--json` writes them and the report and the charts read them. */
export type EntryResult = {
  label: string;
  /** Median seconds of a call. */
  seconds?: number;
  /** Median of (its time) / (the first entry's time) in neighbouring samples. */
  ratio?: number;
  samples?: number;
  /** Start-up: median seconds above an empty script. */
  more?: number;
  /** Download: bytes. */
  bytes?: number;
  unsupported?: string;
  /** The largest difference from the first entry's result relative to its largest element, if it is too large. */
  differs?: number;
};

export type CaseResult = {
  group: string;
  name: string;
  /** The amount of work of a call, and its unit. */
  count: number;
  unit: "FLOP" | "B" | "element" | "row";
  /** The fraction of the machine's limit that the first entry reached. */
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

/** `12.3 µs`, `1.50 ms`, `2.00 s`. */
export function formatTime(seconds: number): string {
  if (seconds >= 1) return `${seconds.toPrecision(3)} s`;
  if (seconds >= 1e-3) return `${(seconds * 1e3).toPrecision(3)} ms`;
  return `${(seconds * 1e6).toPrecision(3)} µs`;
}

/** The speed in the unit of the work, or the time. */
export function formatSpeed({ count, unit }: CaseResult, seconds: number): string {
  if (unit === "FLOP") return `${(count / seconds / 1e9).toPrecision(3)} GFLOP/s`;
  if (unit === "B") return `${(count / seconds / 1e9).toPrecision(3)} GB/s`;
  if (unit === "element") return `${((seconds / count) * 1e9).toPrecision(3)} ns/element`;
  return formatTime(seconds);
}

export const formatRatio = (ratio: number): string => `${ratio >= 99.5 ? ratio.toFixed(0) : ratio.toPrecision(3)} ×`;

/** An entry for the terminal: speed, ratio and samples, or the reason why it was not measured. */
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
