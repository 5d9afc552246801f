/** Runs examples, prints their results beside the tutorial's, and writes the report: a page with pictures. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
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
import { type Command, given } from "./support/command-line.js";
import { print, table } from "./support/console.js";
import { openCelebA, openCifar10 } from "./support/data.js";
import type { Example } from "./support/examples.js";

/** The options that all examples share. */
const common = ({ epochs, seed }: Command) => given({ epochs, seed });

async function first(command: Command): Promise<Section> {
  print("\n1. Binary classification: two moons, sigmoid, BCELoss\n");
  const result = binary(common(command));
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

async function second(command: Command): Promise<Section> {
  print("\n2. Regression: house prices, six final functions, MSELoss\n");
  return houses(regression(common(command)));
}

async function third(command: Command): Promise<Section> {
  const { data, download, resume, every, runs, all } = command;
  print("\n3. One label of many: small colour images, ten classes, CrossEntropyLoss\n");
  const folder = join(runs, "03-single-label");
  mkdirSync(folder, { recursive: true });
  const files = { weights: join(folder, "cifar_net.pth"), checkpoint: join(folder, "checkpoint.pth") };
  const sources = { ...given({ data, download }), optional: all };
  const result = await singleLabel({ ...common(command), ...given({ resume, every }), ...sources, ...files });
  const { train, test } = await openCifar10(sources);
  return scenes(result, train, test);
}

async function fourth(command: Command): Promise<Section> {
  const { data, resume, every, steps, batch, runs, all } = command;
  print("\n4. Many labels at once: faces, 40 attributes, sigmoid, BCELoss\n");
  const folder = join(runs, "04-multi-label");
  // A checkpoint is 1.2 GB, too much for the few steps that this example takes in a run of all examples.
  const files = all ? {} : { checkpoint: join(folder, "checkpoint.pth") };
  if (!all) mkdirSync(folder, { recursive: true });
  const sources = { ...given({ data }), optional: all };
  const result = await multiLabel({
    ...common(command),
    ...given({ resume, every, steps: steps ?? (all ? 5 : undefined), batchSize: batch }),
    ...sources,
    ...files,
  });
  const { test } = await openCelebA(sources);
  return faces(result, test);
}

const RUNS: Record<Example, (command: Command) => Promise<Section>> = { 1: first, 2: second, 3: third, 4: fourth };

/** Runs the examples of the command and writes the report. Returns the exit code. */
export async function run(command: Command): Promise<number> {
  try {
    const sections: Section[] = [];
    for (const example of command.examples) sections.push(await RUNS[example](command));
    await writeReport(command.report, sections);
    print(`\nthe report, with pictures: ${command.report}`);
    return 0;
  } catch (error) {
    if (!(error instanceof SimdgradError)) throw error;
    console.error(error.message); // the message says what to do; a stack trace would hide it
    return 1;
  }
}
