/**
 * `npm start`: answers the command line, builds the kernels unless they are up to date, and runs the examples. Only then is
 * simdgrad imported, since it needs the kernels.
 */
import { build } from "../scripts/build/index.js";
import { type Command, readCommand, USAGE } from "./support/command-line.js";
import { nameOf } from "./support/examples.js";

/** The command, or null where the arguments are wrong, which has then been said. */
function commandOrNull(): Command | null {
  try {
    return readCommand(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return null;
  }
}

/** Builds and runs, and returns the exit code. */
async function start(command: Command): Promise<number> {
  console.log(`simdgrad trains ${nameOf(command.examples)}, and draws the report ${command.report}`);
  try {
    await build(["kernels"]);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error)); // what the compiler says
    return 1;
  }
  const { run } = await import("./run.js");
  return run(command);
}

const command = commandOrNull();
if (command === null) process.exitCode = 2;
else if (command.help) console.log(USAGE);
else process.exitCode = await start(command);
