/** `npm start`: all examples, or those named (`npm start -- 2`), with what the tutorial got beside what came out. */
import { parseArgs } from "node:util";
import { main as binary } from "./01-binary.js";
import { main as regression } from "./02-regression.js";
import { print, table } from "./support/console.js";

const USAGE = "usage: npm start -- [1] [2] [--epochs N] [--seed N]";

/** Says what is wrong with the command line, and ends. */
function refuse(problem: string): never {
  console.error(`${problem}\n${USAGE}`);
  process.exit(2);
}

function commandLine(): { chosen: string[]; numbers: { epochs?: number; seed?: number } } {
  const string = { type: "string" } as const;
  const options = { epochs: string, seed: string, help: { type: "boolean", short: "h" } } as const;
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const unknown = positionals.filter((name) => name !== "1" && name !== "2");
  if (unknown.length > 0) throw new Error(`there is no example ${unknown.join(", ")}`);
  const numbers: { epochs?: number; seed?: number } = {};
  for (const name of ["epochs", "seed"] as const) {
    const given = values[name];
    if (given === undefined) continue;
    numbers[name] = Number(given);
    if (!Number.isInteger(numbers[name]) || numbers[name] < 0)
      throw new Error(`--${name} takes a whole number, got ${given}`);
  }
  if (numbers.epochs === 0) throw new Error("--epochs takes at least 1");
  return { chosen: positionals.length === 0 ? ["1", "2"] : positionals, numbers };
}

let command: ReturnType<typeof commandLine>;
try {
  command = commandLine();
} catch (error) {
  refuse(error instanceof Error ? error.message : String(error));
}
const { chosen, numbers } = command;

if (chosen.includes("1")) {
  print("\n1. Binary classification: two moons, sigmoid, BCELoss\n");
  const { train, bestEpoch, bestValid, testAccuracy } = binary(numbers);
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
if (chosen.includes("2")) {
  print("\n2. Regression: house prices, six final functions, MSELoss\n");
  regression(numbers);
}
