/**
 * `npm run bench:pytorch`: a training step here and in PyTorch, in turn, medians side by side. PYTHON names a Python that
 * has PyTorch (python3 when not set).
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { steps } from "./steps.js";

const ROUNDS = 3;
const SAMPLES = 200;
const CALLS = 10;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

/** Median microseconds of a call, measured as bench/pytorch.py measures. */
function measure(fn: () => void): number {
  for (let i = 0; i < 5000; i++) fn();
  const times = Array.from({ length: SAMPLES }, () => {
    const start = performance.now();
    for (let i = 0; i < CALLS; i++) fn();
    return ((performance.now() - start) / CALLS) * 1000;
  });
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
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, make] of Object.entries(steps)) {
    own[name] ??= [];
    own[name].push(measure(make()));
  }
  const printed = execFileSync(python, [script], { encoding: "utf8" });
  for (const [name, time] of Object.entries(JSON.parse(printed) as Record<string, number>)) {
    theirs[name] ??= [];
    theirs[name].push(time);
  }
}

console.log(`Node ${process.version}, one thread, a step in µs, medians of ${ROUNDS} rounds in turn`);
for (const name of Object.keys(steps)) {
  const [a, b] = [median(own[name]!), median(theirs[name]!)];
  console.log(`${name}  simdgrad ${a.toFixed(1)}  PyTorch ${b.toFixed(1)}  ratio ${(b / a).toFixed(1)}`);
}
