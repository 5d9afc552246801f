/** `npm start`: all examples, or those named (`npm start -- 2`), with what the tutorial got beside what came out. */
import { parseArgs } from "node:util";
import { main as binary } from "./01-binary.js";
import { main as regression } from "./02-regression.js";
import { print, table } from "./support/console.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { epochs: { type: "string" }, seed: { type: "string" }, help: { type: "boolean", short: "h" } },
});
const chosen = positionals.length === 0 ? ["1", "2"] : positionals;
const unknown = chosen.filter((name) => name !== "1" && name !== "2");

if (values.help || unknown.length > 0) {
  if (unknown.length > 0) console.error(`no example ${unknown.join(", ")}`);
  console.log("usage: npm start -- [1] [2] [--epochs N] [--seed N]");
  process.exit(unknown.length > 0 ? 2 : 0);
}

const number = (name: "epochs" | "seed"): Record<string, number> =>
  values[name] === undefined ? {} : { [name]: Number(values[name]) };

if (chosen.includes("1")) {
  print("\n1. Binary classification: two moons, sigmoid, BCELoss\n");
  const { train, bestEpoch, bestValid, testAccuracy } = binary({ ...number("epochs"), ...number("seed") });
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
  regression(number("epochs"));
}
