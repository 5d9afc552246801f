/**
 * `npm run bench:pytorch`: a training step here and in PyTorch, in turn, medians side by side. PYTHON names a Python that
 * has PyTorch (python3 when not set); `-- --filter "example 3"` measures some of them.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { steps } from "./steps.js";

const ROUNDS = 3;
/** Milliseconds that a step is called before it is measured, and while it is; at least 3 samples. */
const WARM_UP_MS = 1000;
const MEASURE_MS = 1500;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

/** Median microseconds of a call, measured as bench/pytorch.py measures. */
function measure(fn: () => void): number {
  const start = performance.now();
  let calls = 0;
  do {
    fn();
    calls++;
  } while (performance.now() - start < WARM_UP_MS);
  const together = Math.max(1, Math.floor(calls / WARM_UP_MS)); // samples of a millisecond
  const times: number[] = [];
  const end = performance.now() + MEASURE_MS;
  do {
    const begin = performance.now();
    for (let i = 0; i < together; i++) fn();
    times.push(((performance.now() - begin) / together) * 1000);
  } while (performance.now() < end || times.length < 3);
  return median(times);
}

const python = process.env.PYTHON ?? "python3";
try {
  execFileSync(python, ["-c", "import torch"], { stdio: "ignore" });
} catch {
  console.error(`${python} has no PyTorch: set PYTHON to one that has (Debian's package is python3-torch)`);
  process.exit(1);
}

const script = fileURLToPath(new URL("pytorch.py", import.meta.url));
const own: Record<string, number[]> = {};
const theirs: Record<string, number[]> = {};
const { values } = parseArgs({ options: { filter: { type: "string", default: "" } } });
const chosen = Object.entries(steps)
  .filter(([name]) => name.includes(values.filter))
  .map(([name, make]) => [name, make()] as const);
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, fn] of chosen) {
    own[name] ??= [];
    own[name].push(measure(fn));
  }
  const printed = execFileSync(python, [script, values.filter], { encoding: "utf8" });
  for (const [name, time] of Object.entries(JSON.parse(printed) as Record<string, number>)) {
    theirs[name] ??= [];
    theirs[name].push(time);
  }
}

console.log(`Node ${process.version}, one thread, a step in µs, medians of ${ROUNDS} rounds in turn`);
for (const [name] of chosen) {
  const [a, b] = [median(own[name]!), median(theirs[name]!)];
  console.log(`${name}  simdgrad ${a.toFixed(1)}  PyTorch ${b.toFixed(1)}  ratio ${(b / a).toFixed(1)}`);
}
