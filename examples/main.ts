/** `npm start`: all examples, or those named (`npm start -- 2`), with what the tutorial got beside what came out. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SimdgradError } from "simdgrad";
import { main as binary } from "./01-binary.js";
import { main as regression } from "./02-regression.js";
import { main as singleLabel } from "./03-single-label.js";
import { main as multiLabel } from "./04-multi-label.js";
import { print, table } from "./support/console.js";

const USAGE = `usage: npm start -- [1] [2] [3] [4] [options]

  --epochs N     passes over the data
  --seed N       of the weights and of all draws (0)
  --steps N      example 4: at most so many batches an epoch
  --batch N      example 4: images in a batch (4)
  --data DIR     folder with CIFAR-10 or CelebA (else the environment variable
                 SIMDGRAD_DATA, else drawn stand-ins)
  --download     example 3: fetch CIFAR-10 into that folder
  --resume       examples 3 and 4: go on where a run was interrupted
  --every N      examples 3 and 4: batches between checkpoints (500)
  --runs DIR     where checkpoints (example 4: 1.2 GB) and weights go (runs)`;

/** Says what is wrong with the command line, and ends. */
function refuse(problem: string): never {
  console.error(`${problem}\n\n${USAGE}`);
  process.exit(2);
}

const NUMBERS = ["epochs", "seed", "steps", "batch", "every"] as const;
type Numbers = Partial<Record<(typeof NUMBERS)[number], number>>;

function commandLine() {
  const string = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const numbered = { epochs: string, seed: string, steps: string, batch: string, every: string };
  const options = {
    ...numbered,
    data: string,
    runs: string,
    download: flag,
    resume: flag,
    help: { ...flag, short: "h" },
  };
  const { values, positionals } = parseArgs({ allowPositionals: true, options } as const);
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const unknown = positionals.filter((name) => !["1", "2", "3", "4"].includes(name));
  if (unknown.length > 0) throw new Error(`there is no example ${unknown.join(", ")}`);
  const numbers: Numbers = {};
  for (const name of NUMBERS) {
    const given = values[name];
    if (given === undefined) continue;
    const value = Number(given);
    if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} takes a whole number, got ${given}`);
    if (name !== "seed" && value === 0) throw new Error(`--${name} takes at least 1`);
    numbers[name] = value;
  }
  return { values, chosen: positionals, numbers };
}

let command: ReturnType<typeof commandLine>;
try {
  command = commandLine();
} catch (error) {
  refuse(error instanceof Error ? error.message : String(error));
}
const { values, chosen, numbers } = command;
const { epochs, seed, steps, batch, every } = numbers;
const all = chosen.length === 0;
const runs = values.runs ?? "runs";

/** Only the options that were given: an explicit undefined is not the same as none. */
function given<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

const common = given({ epochs, seed });
const { data, download, resume } = values;

function first(): void {
  print("\n1. Binary classification: two moons, sigmoid, BCELoss\n");
  const { train, bestEpoch, bestValid, testAccuracy } = binary(common);
  const reference = { stopped: "102", best: "86", valid: "0.3700", accuracy: "0.755" };
  print("");
  print(
    table([
      ["", "PyTorch, seed 0", "this run"],
      ["stopped in epoch", reference.stopped, String(train.length - 1)],
      ["best epoch", reference.best, String(bestEpoch)],
      ["its validation loss", reference.valid, bestValid.toFixed(4)],
      ["test accuracy", reference.accuracy, String(testAccuracy)],
    ]),
  );
}

function second(): void {
  print("\n2. Regression: house prices, six final functions, MSELoss\n");
  regression(common);
}

async function third(): Promise<void> {
  print("\n3. One label of many: small colour images, ten classes, CrossEntropyLoss\n");
  const folder = join(runs, "03-single-label");
  mkdirSync(folder, { recursive: true });
  const files = { weights: join(folder, "cifar_net.pth"), checkpoint: join(folder, "checkpoint.pth") };
  await singleLabel({ ...common, ...given({ data, download, resume, every }), optional: all, ...files });
}

async function fourth(): Promise<void> {
  print("\n4. Many labels at once: faces, 40 attributes, sigmoid, BCELoss\n");
  const folder = join(runs, "04-multi-label");
  // A checkpoint is 1.2 GB: the few steps of a run of all examples do without.
  const files = all ? {} : { checkpoint: join(folder, "checkpoint.pth") };
  if (!all) mkdirSync(folder, { recursive: true });
  await multiLabel({
    ...common,
    ...given({ data, resume, every, steps: steps ?? (all ? 5 : undefined), batchSize: batch }),
    optional: all,
    ...files,
  });
}

const examples: [name: string, run: () => void | Promise<void>][] = [
  ["1", first],
  ["2", second],
  ["3", third],
  ["4", fourth],
];
try {
  for (const [name, run] of examples) if (all || chosen.includes(name)) await run();
} catch (error) {
  if (!(error instanceof SimdgradError)) throw error;
  console.error(error.message); // it says what to do: a stack would hide that
  process.exit(1);
}
