/** The command line of `npm start`. It imports nothing of simdgrad, so that it can be answered before anything is built. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { EXAMPLES, type Example, isAll } from "./examples.js";

export const USAGE = `usage: npm start -- [1] [2] [3] [4] [options]

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
  --report FILE  the page with the pictures (report/index.html; of some examples
                 report/example-2.html, report/examples-1-3.html)`;

const NUMBERS = ["epochs", "seed", "steps", "batch", "every"] as const;
type Numbers = Partial<Record<(typeof NUMBERS)[number], number>>;

/** What the user asked for. Of the options only those that were given are there. */
export type Command = Numbers & {
  help: boolean;
  /** Which examples to run, in their order. */
  examples: readonly Example[];
  /** No example was named: they all run, and the two long ones shortly. */
  all: boolean;
  data?: string;
  download?: boolean;
  resume?: boolean;
  runs: string;
  report: string;
};

/** Where the report goes: that of some examples leaves that of all four alone. */
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

/** Only the options that were given: an explicit undefined is not the same as none. */
export function given<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
