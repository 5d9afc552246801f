/** `npm run build -- [goal…]`: brings the named goals up to date; without a name dist/. */
import { parseArgs } from "node:util";
import { build } from "./index.js";
import type { Goal } from "./targets.js";

const GOALS: Record<Goal, string> = {
  kernels: "Wasm as examples and tests run it from the sources (f32, f64, i32)",
  relaxed: "the same with relaxed SIMD, for simdgrad/relaxed",
  dist: "the package as it is published: packed, bundled, with types",
  bench: "kernels that bench/ measures the machine with",
};

const USAGE = `usage: npm run build -- [goal…]

${Object.entries(GOALS)
  .map(([goal, says]) => `  ${goal.padEnd(8)} ${says}`)
  .join("\n")}

Without a goal: dist. What is up to date by the content of its sources is left alone.`;

const isGoal = (word: string): word is Goal => Object.hasOwn(GOALS, word);

/** The goals to build; null for `--help`. */
function readGoals(args: string[]): Goal[] | null {
  const options = { help: { type: "boolean", short: "h" } } as const;
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const unknown = positionals.filter((word) => !isGoal(word));
  if (unknown.length > 0) throw new Error(`there is no goal ${unknown.join(", ")}`);
  if (values.help) return null;
  return positionals.length === 0 ? ["dist"] : positionals.filter(isGoal);
}

/** The goals to build; null after it has printed the usage or an error. */
function goalsOrNull(): Goal[] | null {
  try {
    const goals = readGoals(process.argv.slice(2));
    if (goals === null) console.log(USAGE);
    return goals;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
    return null;
  }
}

const wanted = goalsOrNull();
if (wanted !== null) {
  await build(wanted).catch((error: Error) => {
    console.error(error.message); // such as a compiler's error
    process.exitCode = 1;
  });
}
