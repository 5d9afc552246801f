import { existsSync } from "node:fs";
import { train } from "./train.js";

const [path] = process.argv.slice(2);
process.stdout.write(
  `${JSON.stringify(await train("Adam", { path: path!, every: true, resume: existsSync(path!) }))}\n`,
);
