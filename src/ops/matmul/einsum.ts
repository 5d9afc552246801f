import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { sizeOf } from "../../base/shape.js";
import { defineSpread, text } from "../../base/signature.js";
import { tensorKind, tensorList } from "../../tensor/kinds.js";
import type { Tensor } from "../../tensor/tensor.js";
import { permute, reshape, squeeze, unsqueeze } from "../layout/views.js";
import { mul } from "../pointwise/arithmetic.js";
import { sum } from "../pointwise/broadcast.js";
import { diagonal } from "./diagonal.js";
import { matmul } from "./matmul.js";
import { checkOneDtype } from "./product.js";

/** A tensor whose dims have names: a letter each, or `.0`, `.1`, … (from the right) for those of an ellipsis. */
type Labelled = { x: Tensor; labels: readonly string[] };

/** The labels of one term; `...` stands for the dims that `rank` leaves over. */
function parseTerm(term: string, equation: string, rank: (letters: number) => number): string[] {
  const [left, right, more] = term.split("...");
  if (more !== undefined || !/^[a-zA-Z]*$/.test(left + (right ?? ""))) {
    const problem = `expected letters and at most one "..." in each term, got "${term}" in "${equation}"`;
    throw new ValueError("einsum", problem);
  }
  if (right === undefined) return [...left!];
  const dims = rank(left!.length + right.length);
  return [...left!, ...Array.from({ length: dims }, (_, i) => `.${dims - 1 - i}`), ...right];
}

function parseOperand(term: string, equation: string, x: Tensor, i: number): Labelled {
  const labels = parseTerm(term, equation, (letters) => Math.max(x.ndim - letters, 0));
  if (labels.length !== x.ndim) {
    const problem = `expected operand ${i} to have the dims of "${term}" in "${equation}", got shape ${formatShape(x.shape)}`;
    throw new ShapeError("einsum", problem);
  }
  return takeDiagonals({ x, labels }, i);
}

/**
 * The labels of the output: as written, or the ellipsis and then the letters that occur once, in alphabetical order.
 */
function parseOutput(term: string | undefined, equation: string, operands: readonly Labelled[]): string[] {
  const all = operands.flatMap(({ labels }) => labels);
  const ellipsis = [...new Set(all.filter((label) => label.startsWith(".")))].sort().reverse();
  if (term === undefined) {
    const once = equation.replace(/[^a-zA-Z]/g, "").split(""); // there is no "->": all are the operands'
    return [...ellipsis, ...once.filter((label) => once.indexOf(label) === once.lastIndexOf(label)).sort()];
  }
  const labels = parseTerm(term, equation, () => ellipsis.length);
  for (const [i, label] of labels.entries()) {
    if (labels.indexOf(label) !== i) {
      throw new ValueError("einsum", `expected output letters once each, got "${label}" twice in "${equation}"`);
    }
    if (!all.includes(label)) {
      throw new ValueError("einsum", `expected output letters that an operand has, got "${label}" in "${equation}"`);
    }
  }
  return labels;
}

/** Takes the diagonal of two dims of an operand with the same label. */
function takeDiagonals({ x, labels }: Labelled, operand: number): Labelled {
  const second = labels.findIndex((label, i) => labels.indexOf(label) !== i);
  if (second < 0) return { x, labels };
  const label = labels[second]!;
  const first = labels.indexOf(label);
  if (x.shape[first] !== x.shape[second]) {
    const problem = `expected one size for "${label}" in operand ${operand}, got ${x.shape[first]} and ${x.shape[second]}`;
    throw new ShapeError("einsum", problem);
  }
  const others = labels.filter((_, i) => i !== first && i !== second);
  return takeDiagonals({ x: diagonal(x, 0, first, second), labels: [...others, label] }, operand);
}

/** Throws unless every label has one size, or 1, in all operands. */
function checkSizes(operands: readonly Labelled[]): void {
  const sizes = new Map<string, number>();
  for (const [i, { x, labels }] of operands.entries()) {
    for (const [dim, label] of labels.entries()) {
      const [size, seen] = [x.shape[dim]!, sizes.get(label) ?? 1];
      if (size !== 1 && seen !== 1 && size !== seen) {
        const name = label.startsWith(".") ? "..." : label;
        throw new ShapeError("einsum", `expected size ${seen} (or 1) for "${name}" in operand ${i}, got ${size}`);
      }
      sizes.set(label, Math.max(size, seen));
    }
  }
}

/** Sums over the dims whose labels are not in `kept`. */
function sumOut({ x, labels }: Labelled, kept: readonly string[]): Labelled {
  const gone = labels.map((_, i) => i).filter((i) => !kept.includes(labels[i]!));
  return gone.length === 0
    ? { x, labels }
    : { x: sum(x, gone), labels: labels.filter((label) => kept.includes(label)) };
}

/** Drops dims of size 1 that are longer in the other operand, where they broadcast. */
function dropOnes({ x, labels }: Labelled, other: Labelled): Labelled {
  const drops = (label: string, i: number): boolean =>
    x.shape[i] === 1 && other.labels.includes(label) && other.x.shape[other.labels.indexOf(label)] !== 1;
  const gone = labels.map((_, i) => i).filter((i) => drops(labels[i]!, i));
  return gone.length === 0
    ? { x, labels }
    : { x: squeeze(x, gone), labels: labels.filter((label, i) => !drops(label, i)) };
}

const arranged = ({ x, labels }: Labelled, order: readonly string[]): Tensor =>
  order.every((label, i) => label === labels[i])
    ? x
    : permute(
        x,
        order.map((label) => labels.indexOf(label)),
      );

/** The operand with its dims in the order of `order`, and dims of size 1 for labels that it lacks. */
function spread(operand: Labelled, order: readonly string[]): Tensor {
  const own = order.filter((label) => operand.labels.includes(label));
  let x = arranged(operand, own);
  for (const [i, label] of order.entries()) if (!own.includes(label)) x = unsqueeze(x, i);
  return x;
}

/** The product of two operands, summed over the labels that are not in `kept`: a batch of matrix products. */
function contract(first: Labelled, second: Labelled, kept: readonly string[]): Labelled {
  const [p, q] = [dropOnes(first, second), dropOnes(second, first)];
  const a = sumOut(p, [...q.labels, ...kept]);
  const b = sumOut(q, [...p.labels, ...kept]);
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => kept.includes(label));
  const inner = shared.filter((label) => !kept.includes(label));
  const rows = a.labels.filter((label) => !shared.includes(label));
  const columns = b.labels.filter((label) => !shared.includes(label));
  const labels = [...batch, ...rows, ...columns];
  if (inner.length === 0) return { x: mul(spread(a, labels), spread(b, labels)), labels };
  const shapeOf = ({ x, labels: own }: Labelled, group: readonly string[]): number[] =>
    group.map((label) => x.shape[own.indexOf(label)]!);
  const size = (operand: Labelled, group: readonly string[]): number => sizeOf(shapeOf(operand, group));
  const lead = batch.length === 0 ? [] : [size(a, batch)];
  const left = reshape(arranged(a, [...batch, ...rows, ...inner]), ...lead, size(a, rows), size(a, inner));
  const right = reshape(arranged(b, [...batch, ...inner, ...columns]), ...lead, size(b, inner), size(b, columns));
  const shape = [...shapeOf(a, [...batch, ...rows]), ...shapeOf(b, columns)];
  return { x: reshape(matmul(left, right), shape), labels };
}

/**
 * Sums of products named by their indices, as torch.einsum: letters name dims, a letter that the output lacks is summed
 * over, a letter twice in one operand takes the diagonal, `...` stands for dims that broadcast. Operands are multiplied
 * from left to right, each pair as a batch of matrix products.
 *
 * @param equation such as `"bij,bjk->bik"`; without `->` the output has the letters that occur once, alphabetically
 * @param operands one for each term; one dtype
 * @throws ValueError for an equation that cannot be read, ShapeError when sizes differ
 * @see https://pytorch.org/docs/stable/generated/torch.einsum.html
 * @example
 * ```ts
 * import { einsum, rand } from "simdgrad";
 * einsum("bhid,bhjd->bhij", rand([2, 4, 5, 8]), rand([2, 4, 6, 8])).shape; // [2, 4, 5, 6]
 * ```
 */
export const einsum = defineSpread(
  "einsum",
  { equation: text, operands: tensorList },
  tensorKind.fits,
  (equation: string, operands: readonly Tensor[]): Tensor => {
    const [inputs, output, ...more] = equation.replaceAll(" ", "").split("->");
    const terms = inputs!.split(",");
    if (more.length > 0 || terms.length !== operands.length) {
      const problem = `expected an operand for each of ${terms.length} terms of "${equation}", got ${operands.length}`;
      throw new ValueError("einsum", more.length > 0 ? `expected one "->", got "${equation}"` : problem);
    }
    checkOneDtype("einsum", operands);
    const labelled = operands.map((x, i) => parseOperand(terms[i]!, equation, x, i));
    checkSizes(labelled);
    const wanted = parseOutput(output, equation, labelled);
    const product = labelled.reduce((acc, next, i) => {
      const later = labelled.slice(i + 1).flatMap(({ labels }) => labels);
      return contract(acc, next, [...wanted, ...later]);
    });
    return arranged(sumOut(product, wanted), wanted);
  },
);
