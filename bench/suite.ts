import Benchmark from "benchmark";
import { type CaseResult, formatRatio, formatSpeed, formatTime, median } from "./results.js";
import { stopwatch } from "./stopwatch.js";
import { byTurns } from "./turns.js";

/** One function to measure. */
export type Case = {
  name: string;
  fn: () => void;
  /** What one call does: floating-point operations, bytes moved, elements computed. Without it only the time is printed. */
  work?: number;
  unit?: "FLOP" | "B" | "element";
  /** Measures, for so long, what the machine can do of it in a second just now, to print the fraction reached. */
  limit?: (seconds: number) => number;
  /** The same without a part of the library, to print how many times faster it is with the part. */
  without?: { part: string; fn: () => void };
  /** Frees what it was made of. */
  end?: () => void;
};

/** Cases that share a heading. They are made when their turn comes, so that a filter saves their memory too. */
export type Suite = { name: string; cases: () => Iterable<Case> };

const WARM_UP_MS = 150;
const MEASURE_S = 0.4;

/** Runs a function long enough for the engine to have compiled it with its best compiler. */
function warmUp(fn: () => void): void {
  const end = performance.now() + WARM_UP_MS;
  do fn();
  while (performance.now() < end);
}

/** What many short samples of a function say, in seconds and as a fraction of the limit measured beside each sample. */
type Samples = { seconds: number; best: number; samples: number; fraction?: number };

/**
 * Samples in turn with the machine's limit: the speed of a shared machine changes by a factor of two from second to
 * second, the ratio of two neighbours does not.
 */
function sample({ fn, work, limit }: Case, mean: number): Samples {
  const calls = Math.max(1, Math.ceil(500e-6 / mean));
  const end = performance.now() + MEASURE_S * 1000;
  const times: number[] = [];
  const fractions: number[] = [];
  do {
    const before = limit?.(calls * mean);
    const seconds = stopwatch();
    for (let i = 0; i < calls; i++) fn();
    const time = seconds() / calls;
    times.push(time);
    if (before !== undefined && work !== undefined) fractions.push(work / time / before);
  } while (performance.now() < end);
  const samples = { seconds: median(times), best: Math.min(...times), samples: times.length };
  return fractions.length > 0 ? { ...samples, fraction: median(fractions) } : samples;
}

/** Seconds of a call, how they spread, and the rate. */
function report(result: CaseResult, { seconds, best }: Samples, rme: number): void {
  const columns = [result.name.padEnd(44), `median ${formatTime(seconds)} ± ${rme.toFixed(1)} %`.padStart(26)];
  columns.push(`best ${formatTime(best)}`.padStart(14));
  if (result.unit !== "row") columns.push(formatSpeed(result, seconds).padStart(16));
  if (result.fraction !== undefined) columns.push(`${(100 * result.fraction).toFixed(0)} % of the limit`);
  console.log(columns.join("  "));
}

function measure(group: string, item: Case): CaseResult {
  warmUp(item.fn);
  const bench = new Benchmark(item.name, item.fn, { maxTime: MEASURE_S, minSamples: 5 });
  bench.run();
  if (bench.error !== undefined) throw bench.error;
  const said = sample(item, bench.stats.mean);
  const { seconds, samples, fraction } = said;
  const counted =
    item.work === undefined ? { count: 1, unit: "row" as const } : { count: item.work, unit: item.unit ?? "FLOP" };
  const entries = [{ label: "simdgrad", seconds, samples }];
  const result = { group, name: item.name, ...counted, ...(fraction === undefined ? {} : { fraction }), entries };
  report(result, said, bench.stats.rme);
  return result;
}

/** Measures a case by turns with and without a part of the library. */
function measureWithout(
  group: string,
  { name, fn }: Case,
  { part, fn: bare }: NonNullable<Case["without"]>,
): CaseResult {
  warmUp(fn);
  warmUp(bare);
  const { seconds, ratio, pairs } = byTurns(fn, bare);
  const label = `without ${part}`;
  console.log(`${name.padEnd(44)}  median ${formatTime(seconds[0])}, ${label} ${formatRatio(ratio)} (${pairs})`);
  const entries = [
    { label: "simdgrad", seconds: seconds[0], samples: pairs },
    { label, seconds: seconds[1], ratio, samples: pairs },
  ];
  return { group, name, count: 1, unit: "row", entries };
}

/** Measures the cases whose `suite name` contains every word of the filter, one after the other. */
export function* run(suites: readonly Suite[], filter: readonly string[]): Generator<CaseResult> {
  for (const suite of suites) {
    let titled = false;
    for (const item of suite.cases()) {
      if (filter.every((word) => `${suite.name} ${item.name}`.includes(word))) {
        if (!titled) console.log(`\n${suite.name}`);
        titled = true;
        yield item.without ? measureWithout(suite.name, item, item.without) : measure(suite.name, item);
      }
      item.end?.();
    }
  }
}
