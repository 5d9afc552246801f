import { ValueError } from "../../base/errors.js";
import { sealed, shown } from "../../base/signature.js";
import { aliasesOf, problems } from "./problems.js";
import type { Recommendation } from "./sheet.js";

/** The letters alone: "Multi-Label", "multi label" and "multilabel" are one name. */
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, "");

const known = new Map(
  problems.flatMap((row) => [row.problem, ...aliasesOf(row.problem)].map((name) => [plain(name), row] as const)),
);

/**
 * The final activation and the loss for a problem, with the form of the targets and code to paste.
 *
 * @param problem "binary", "regression", "positive-regression", "bounded-regression", "single-label", "multi-label",
 * "ordinal", "distribution" or "segmentation"; other usual names ("multilabel", "multi class") are understood too
 * @throws ValueError for a problem that is not on the sheet
 * @example
 * ```ts
 * import { recommend } from "simdgrad/viz";
 * const { activation, loss, code } = recommend("multi-label"); // "Sigmoid", "BCELoss", and a program
 * ```
 */
export const recommend = sealed("recommend", 1, (problem: string): Recommendation => {
  const found = typeof problem === "string" ? known.get(plain(problem)) : undefined;
  if (found !== undefined) return found;
  const names = problems.map((row) => row.problem).join(", ");
  throw new ValueError("recommend", `expected a problem of ${names}, got ${shown(problem)}`);
});
