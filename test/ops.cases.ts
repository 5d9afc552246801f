import { activation } from "./cases/activation.js";
import { arithmetic } from "./cases/arithmetic.js";
import { compare } from "./cases/compare.js";
import { conv } from "./cases/conv.js";
import { embedding } from "./cases/embedding.js";
import { factories } from "./cases/factories.js";
import { index } from "./cases/index.js";
import { loss } from "./cases/loss.js";
import { math } from "./cases/math.js";
import { matmul } from "./cases/matmul.js";
import { normalize } from "./cases/normalize.js";
import { pad } from "./cases/pad.js";
import { pool } from "./cases/pool.js";
import { reduce } from "./cases/reduce.js";
import { softmax } from "./cases/softmax.js";
import { view } from "./cases/view.js";
import type { Row } from "./support/case.js";

/**
 * One row per operation; test/ops/ops.test.ts checks every property on every row.
 *
 * To add an operation, add a row to the file of its theme in test/cases/ (test/support/case.ts explains the fields;
 * `unary` and `binary` write elementwise rows with all sizes, broadcasts and special values) and let PyTorch 1.13 write
 * what it gives, to test/golden/ops/<theme>.json:
 *
 *     npm run golden -- <theme>
 *
 * (all themes when none is named; the environment variable PYTHON names a Python with PyTorch). The inputs are made here, deterministically, and are not in
 * the golden files; a hash of them is, so that a row whose inputs or PyTorch expression changed asks for new values.
 * After a merge conflict in a golden file, take either side and run the command.
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
};
