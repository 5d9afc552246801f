/**
 * Writes what test/golden/make_ops.py evaluates in PyTorch to the standard output: every run of every row of
 * test/cases/themes.ts, with its inputs. `npm run golden` pipes it there.
 */
import { themes } from "../test/cases/themes.js";
import type { Row } from "../test/support/case.js";
import { extremesOf, type Run, runsOf, text, WEIGHTS } from "../test/support/inputs.js";

const entry = (run: Run, maskOnly: boolean): object => ({
  key: run.key,
  hash: run.hash,
  torch: run.call.torch,
  maskOnly,
  inputs: run.drawn.map(({ data, shape, dtype, grad, fixed }) => ({
    data: text(data),
    shape,
    dtype: fixed && dtype === "int32" ? "int64" : dtype,
    grad,
  })),
});

const rowEntries = (row: Row): object[] => [
  ...runsOf(row).map((run) => entry(run, false)),
  ...extremesOf(row).map((run) => entry(run, true)),
];

const cases = Object.entries(themes).map(([theme, rows]) => [theme, rows.map((row) => [row.name, rowEntries(row)])]);
console.log(JSON.stringify({ weights: WEIGHTS, themes: cases }));
