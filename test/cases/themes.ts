import type { Row } from "../support/case.js";
import { activation } from "./activation.js";
import { arithmetic } from "./arithmetic.js";
import { compare } from "./compare.js";
import { conv } from "./conv.js";
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
 * `unary` and `binary` write elementwise rows with all sizes, broadcasts and special values). Then PyTorch 1.13 writes
 * what it gives, to test/golden/ops/<theme>.json:
 *
 *     npm run golden -- <theme>
 *
 * Where PyTorch 1.13 is missing, the command says how to get it; `--docker` computes in a container. The inputs are made
 * here, deterministically. They are not in the golden files, but a hash of them is: a row with other inputs or another
 * PyTorch expression asks for new values. After a merge conflict in a golden file, take either side and run the command.
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
