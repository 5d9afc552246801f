/** What was measured, as `--json` writes it and as the report and the charts read it. */
export type EntryResult = {
  label: string;
  /** Median seconds of a call. */
  seconds?: number;
  /** Median of its time over the first entry's, in neighbouring samples: how many times faster the first one is. */
  ratio?: number;
  samples?: number;
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

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
