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

/**
 * The fastest of many short samples: what a function takes when the machine does nothing else, which a mean on a shared
 * machine is not. Compared with limits that are measured the same way.
 */
function fastest(fn: () => void, mean: number): number {
  const calls = Math.max(1, Math.ceil(50e-6 / mean));
  const end = performance.now() + MEASURE_S * 1000;
  let best = Number.POSITIVE_INFINITY;
  do {
    const start = performance.now();
    for (let i = 0; i < calls; i++) fn();
    best = Math.min(best, (performance.now() - start) / calls / 1000);
  } while (performance.now() < end);
  return best;
}

/** `12.3 µs` and the like. */
function formatTime(seconds: number): string {
  if (seconds >= 1e-3) return `${(seconds * 1e3).toFixed(2)} ms`;
  return `${(seconds * 1e6).toFixed(2)} µs`;
}

function report({ name, work, unit = "FLOP", limit }: Case, best: number, { mean, rme }: Benchmark.Stats): void {
  const columns = [name.padEnd(44), `best ${formatTime(best)}`.padStart(16)];
  columns.push(`mean ${formatTime(mean)} ± ${rme.toFixed(1)} %`.padStart(26));
  if (work !== undefined) columns.push(`${(work / best / 1e9).toFixed(1)} G${unit}/s`.padStart(14));
  if (work !== undefined && limit !== undefined)
    columns.push(`${((100 * work) / best / limit).toFixed(0)} % of the limit`);
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
      report(item, fastest(item.fn, bench.stats.mean), bench.stats);
    }
  }
}
