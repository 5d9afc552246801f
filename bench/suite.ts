import Benchmark from "benchmark";

/** One function to measure. */
export type Case = {
  name: string;
  fn: () => void;
  /** What one call does: floating-point operations or bytes moved. Without it only the time is printed. */
  work?: number;
  unit?: "FLOP" | "B";
  /** Measures what the machine can do of it in a second just now, to print the fraction reached. */
  limit?: () => number;
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
type Samples = { median: number; best: number; fraction: number | undefined };

const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;

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
    const before = limit?.();
    const start = performance.now();
    for (let i = 0; i < calls; i++) fn();
    const time = (performance.now() - start) / calls / 1000;
    times.push(time);
    if (before !== undefined && work !== undefined) fractions.push(work / time / before);
  } while (performance.now() < end);
  const fraction = fractions.length > 0 ? middle(fractions) : undefined;
  return { median: middle(times), best: times[0]!, fraction };
}

/** `12.3 µs` and the like. */
function formatTime(seconds: number): string {
  if (seconds >= 1e-3) return `${(seconds * 1e3).toFixed(2)} ms`;
  return `${(seconds * 1e6).toFixed(2)} µs`;
}

function report({ name, work, unit = "FLOP" }: Case, { median, best, fraction }: Samples, rme: number): void {
  const columns = [name.padEnd(44), `median ${formatTime(median)} ± ${rme.toFixed(1)} %`.padStart(28)];
  columns.push(`best ${formatTime(best)}`.padStart(16));
  if (work !== undefined) columns.push(`${(work / median / 1e9).toFixed(1)} G${unit}/s`.padStart(14));
  if (fraction !== undefined) columns.push(`${(100 * fraction).toFixed(0)} % of the limit`);
  console.log(columns.join("  "));
}

/** Measures the cases whose `suite name` contains every word of the filter, one after the other. */
export function run(suites: readonly Suite[], filter: readonly string[]): void {
  for (const suite of suites) {
    let titled = false;
    for (const item of suite.cases()) {
      const full = `${suite.name} ${item.name}`;
      if (!filter.every((word) => full.includes(word))) continue;
      if (!titled) console.log(`\n${suite.name}`);
      titled = true;
      warmUp(item.fn);
      const bench = new Benchmark(item.name, item.fn, { maxTime: MEASURE_S, minSamples: 5 });
      bench.run();
      if (bench.error !== undefined) throw bench.error;
      report(item, sample(item, bench.stats.mean), bench.stats.rme);
    }
  }
}
