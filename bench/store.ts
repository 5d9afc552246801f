import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { CaseResult, Results } from "./results.js";

/** Reads the results of a run. */
export const readResults = (path: string): Results => JSON.parse(readFileSync(path, "utf8")) as Results;

/**
 * Returns a function that adds the result of a case and, given a path, writes all results to the file: a crash of a
 * peer must not lose an hour of measuring. A partial run keeps the other cases of the file.
 */
export function store(results: Results, path: string | undefined, partial: boolean): (result: CaseResult) => void {
  if (path !== undefined && partial && existsSync(path)) {
    const before = readResults(path);
    results.versions = Object.assign(before.versions, results.versions);
    results.cases = before.cases;
  }
  return (result) => {
    const at = results.cases.findIndex(({ group, name }) => group === result.group && name === result.name);
    if (at < 0) results.cases.push(result);
    else results.cases[at] = result;
    if (path !== undefined) writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
  };
}
