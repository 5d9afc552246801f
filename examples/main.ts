/**
 * `npm start`: all examples, or those named (`npm start -- 2`), with what the tutorial got beside what came out; then the
 * report, a page with pictures of it all.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SimdgradError } from "simdgrad";
import { main as binary } from "./01-binary.js";
import { main as regression } from "./02-regression.js";
import { main as singleLabel } from "./03-single-label.js";
import { main as multiLabel } from "./04-multi-label.js";
import { faces } from "./report/faces.js";
import { houses } from "./report/houses.js";
import { writeReport } from "./report/index.js";
import { moons } from "./report/moons.js";
import type { Section } from "./report/page.js";
import { scenes } from "./report/scenes.js";
import { print, table } from "./support/console.js";
import { openCelebA, openCifar10 } from "./support/data.js";

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
  --runs DIR     where checkpoints (example 4: 1.2 GB) and weights go (runs)
  --report FILE  the page with the pictures (report/index.html)`;

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
    report: string,
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
const report = values.report ?? join("report", "index.html");

/** Only the options that were given: an explicit undefined is not the same as none. */
function given<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

const common = given({ epochs, seed });
const { data, download, resume } = values;

async function first(): Promise<Section> {
  print("\n1. Binary classification: two moons, sigmoid, BCELoss\n");
  const result = binary(common);
  const { train, bestEpoch, bestValid, testAccuracy } = result;
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
  return moons(result);
}

async function second(): Promise<Section> {
  print("\n2. Regression: house prices, six final functions, MSELoss\n");
  return houses(regression(common));
}

async function third(): Promise<Section> {
  print("\n3. One label of many: small colour images, ten classes, CrossEntropyLoss\n");
  const folder = join(runs, "03-single-label");
  mkdirSync(folder, { recursive: true });
  const files = { weights: join(folder, "cifar_net.pth"), checkpoint: join(folder, "checkpoint.pth") };
  const sources = { ...given({ data, download }), optional: all };
  const result = await singleLabel({ ...common, ...given({ resume, every }), ...sources, ...files });
  const { train, test } = await openCifar10(sources);
  return scenes(result, train, test);
}

async function fourth(): Promise<Section> {
  print("\n4. Many labels at once: faces, 40 attributes, sigmoid, BCELoss\n");
  const folder = join(runs, "04-multi-label");
  // A checkpoint is 1.2 GB: the few steps of a run of all examples do without.
  const files = all ? {} : { checkpoint: join(folder, "checkpoint.pth") };
  if (!all) mkdirSync(folder, { recursive: true });
  const sources = { ...given({ data }), optional: all };
  const result = await multiLabel({
    ...common,
    ...given({ resume, every, steps: steps ?? (all ? 5 : undefined), batchSize: batch }),
    ...sources,
    ...files,
  });
  const { test } = await openCelebA(sources);
  return faces(result, test);
}

const examples: [name: string, run: () => Promise<Section>][] = [
  ["1", first],
  ["2", second],
  ["3", third],
  ["4", fourth],
];
try {
  const sections: Section[] = [];
  for (const [name, run] of examples) if (all || chosen.includes(name)) sections.push(await run());
  await writeReport(report, sections);
  print(`\nthe report, with pictures: ${report}`);
} catch (error) {
  if (!(error instanceof SimdgradError)) throw error;
  console.error(error.message); // it says what to do: a stack would hide that
  process.exit(1);
}
