/**
 * `npm start`: reads the command line, brings the kernels up to date, and runs the examples. It imports simdgrad, which
 * needs the kernels, only after the build.
 */
import { build } from "../scripts/build/index.js";
import { type Command, readCommand, USAGE } from "./support/command-line.js";
import { nameOf } from "./support/examples.js";

/** The command; null after it has printed what is wrong with the arguments. */
function commandOrNull(): Command | null {
  try {
    return readCommand(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return null;
  }
}

/** Builds the kernels and runs the examples. Returns the exit code. */
async function start(command: Command): Promise<number> {
  console.log(`simdgrad trains ${nameOf(command.examples)} and writes the report ${command.report}`);
  try {
    await build(["kernels"]);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error)); // the compiler's message
    return 1;
  }
  const { run } = await import("./run.js");
  return run(command);
}

const command = commandOrNull();
if (command === null) process.exitCode = 2;
else if (command.help) console.log(USAGE);
else process.exitCode = await start(command);
