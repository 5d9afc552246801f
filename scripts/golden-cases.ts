/** The input of test/golden/make_ops.py: every run of every row of test/cases/, with its tensors. */
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

/** The runs of some themes and the weights of the backward passes, as JSON. */
export function casesOf(names: readonly string[]): string {
  const chosen = names.map((theme) => [theme, themes[theme]!.map((row) => [row.name, rowEntries(row)])]);
  return JSON.stringify({ weights: WEIGHTS, themes: chosen });
}
