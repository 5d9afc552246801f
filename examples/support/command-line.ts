/** The command line of `npm start`. It does not import simdgrad, so that it works before the build. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { EXAMPLES, type Example, isAll } from "./examples.js";

export const USAGE = `usage: npm start -- [1] [2] [3] [4] [options]

  --epochs N     passes over the data
  --seed N       seed of the weights and of all random numbers (0)
  --steps N      example 4: at most N batches in each epoch
  --batch N      example 4: images in a batch (4)
  --data DIR     folder with CIFAR-10 or CelebA (else the environment variable
                 SIMDGRAD_DATA, else drawn images)
  --download     example 3: download CIFAR-10 into that folder
  --resume       examples 3 and 4: continue an interrupted run
  --every N      examples 3 and 4: batches between checkpoints (500)
  --runs DIR     folder for checkpoints (example 4: 1.2 GB) and weights (runs)
  --report FILE  the page with pictures (report/index.html; for some examples
                 report/example-2.html or report/examples-1-3.html)`;

const NUMBERS = ["epochs", "seed", "steps", "batch", "every"] as const;
type Numbers = Partial<Record<(typeof NUMBERS)[number], number>>;

/** The user's command. An option is present only if the user gave it. */
export type Command = Numbers & {
  help: boolean;
  /** The examples to run, in their order. */
  examples: readonly Example[];
  /** The user named no example: all run, and example 4 takes only a few steps. */
  all: boolean;
  data?: string;
  download?: boolean;
  resume?: boolean;
  runs: string;
  report: string;
};

/** The default file of the report. Some examples have another file than all four. */
function reportFile(examples: readonly Example[]): string {
  if (isAll(examples)) return join("report", "index.html");
  return join("report", `example${examples.length > 1 ? "s" : ""}-${examples.join("-")}.html`);
}

/** Reads the arguments. @throws Error with what is wrong with them */
export function readCommand(args: readonly string[]): Command {
  const string = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const numbered = { epochs: string, seed: string, steps: string, batch: string, every: string };
  const files = { data: string, runs: string, report: string };
  const flags = { download: flag, resume: flag, help: { ...flag, short: "h" } };
  const options = { ...numbered, ...files, ...flags } as const;
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  const unknown = positionals.filter((name) => !EXAMPLES.some((example) => example === name));
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
  const all = positionals.length === 0;
  const examples = EXAMPLES.filter((example) => all || positionals.includes(example));
  const { help = false, runs = "runs", report = reportFile(examples), data, download, resume } = values;
  return { ...numbers, ...given({ data, download, resume }), help, examples, all, runs, report };
}

/** The options without those that are undefined: with exactOptionalPropertyTypes the two differ. */
export function given<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
