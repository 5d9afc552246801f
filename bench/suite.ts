import Benchmark from "benchmark";

/** One function to measure. */
export type Case = {
  name: string;
  fn: () => void;
  /** What one call does: floating-point operations or bytes moved. Without it only the time is printed. */
  work?: number;
  unit?: "FLOP" | "B";
  /** What the machine can do of it in a second, to print the fraction reached. */
  limit?: number;
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

/** `12.3 µs` and the like. */
function formatTime(seconds: number): string {
  if (seconds >= 1e-3) return `${(seconds * 1e3).toFixed(2)} ms`;
  return `${(seconds * 1e6).toFixed(2)} µs`;
}

function report({ name, work, unit = "FLOP", limit }: Case, seconds: number, deviation: number): void {
  const columns = [name.padEnd(36), formatTime(seconds).padStart(11), `± ${deviation.toFixed(1)} %`.padStart(9)];
  if (work !== undefined) columns.push(`${(work / seconds / 1e9).toFixed(1)} G${unit}/s`.padStart(14));
  if (work !== undefined && limit !== undefined) {
    columns.push(`${((100 * work) / seconds / limit).toFixed(0)} % of the limit`.padStart(18));
  }
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
      // The fastest sample: what else the machine was doing is no property of the function.
      report(item, Math.min(...bench.stats.sample), bench.stats.rme);
    }
  }
}
