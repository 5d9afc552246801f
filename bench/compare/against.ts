/**
 * Import this before a contender: `simdgrad` then means the build in another checkout, in the folder SIMDGRAD_AGAINST.
 */
import { readFileSync } from "node:fs";
import { register } from "node:module";
import { pathToFileURL } from "node:url";

const folder = process.env.SIMDGRAD_AGAINST!;
const { exports } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8")) as {
  exports: Record<string, { default: string }>;
};
const table = Object.fromEntries(
  Object.entries(exports).map(([entry, { default: file }]) => [
    `simdgrad${entry.slice(1)}`,
    new URL(file, `${pathToFileURL(folder)}/`).href,
  ]),
);
const hooks = `const table = ${JSON.stringify(table)};
export const resolve = (name, context, next) =>
  name in table ? { url: table[name], format: "module", shortCircuit: true } : next(name, context);`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
