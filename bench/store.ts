import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { CaseResult, Results } from "./results.js";

/** Reads what a run wrote. */
export const readResults = (path: string): Results => JSON.parse(readFileSync(path, "utf8")) as Results;

/**
 * Keeps the results of a run in a file, if one is named, after every case: an hour of measuring must not be lost to a peer
 * that dies. A run of some cases replaces these in the file and leaves the others.
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
