import type { Row } from "../support/case.js";
import { activation } from "./activation.js";
import { arithmetic } from "./arithmetic.js";
import { compare } from "./compare.js";
import { conv } from "./conv.js";
import { documented } from "./documented.js";
import { embedding } from "./embedding.js";
import { factories } from "./factories.js";
import { index } from "./index.js";
import { loss } from "./loss.js";
import { math } from "./math.js";
import { matmul } from "./matmul.js";
import { normalize } from "./normalize.js";
import { pad } from "./pad.js";
import { pool } from "./pool.js";
import { reduce } from "./reduce.js";
import { softmax } from "./softmax.js";
import { view } from "./view.js";

/**
 * One row per operation; test/support/rows.ts checks every property on every row.
 *
 * To add an operation, add a row to the file of its theme in test/cases/ (test/support/case.ts explains the fields;
 * `unary` and `binary` write elementwise rows with all sizes, broadcasts and special values). Then write the results of
 * PyTorch 1.13 to test/golden/ops/<theme>.json:
 *
 *     npm run golden -- <theme>
 *
 * Without PyTorch 1.13, the command says how to get it; `--docker` computes in a container. test/support/inputs.ts
 * makes the inputs, always the same ones. The golden files have a hash of inputs and PyTorch expression: if one
 * changes, the row needs new values. After a merge conflict in a golden file, take either side and run the command.
 */
export const themes: Record<string, readonly Row[]> = {
  factories,
  arithmetic,
  compare,
  math,
  activation,
  reduce,
  view,
  index,
  matmul,
  pad,
  embedding,
  conv,
  pool,
  normalize,
  softmax,
  loss,
  documented,
};
