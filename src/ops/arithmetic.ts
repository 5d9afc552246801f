import { record } from "../array/record.js";
import { Tensor } from "../array/tensor.js";
import { sumTo } from "./broadcast.js";
import { cast } from "./copy.js";
import { type Operand, promoteOperands, zip, zipInto } from "./zip.js";

/** The tensors among the operands, brought to the type that the operation computes in (recorded). */
function promoted(a: Operand, b: Operand, dtype = promoteOperands(a, b)): [Operand, Operand] {
  return [typeof a === "number" ? a : cast(a, dtype), typeof b === "number" ? b : cast(b, dtype)];
}

const tensors = (...operands: Operand[]): Tensor[] => operands.filter((x) => x instanceof Tensor);

/**
 * a + b with broadcasting, as torch.add.
 * @see https://pytorch.org/docs/stable/generated/torch.add.html
 */
export function add(a: Operand, b: Operand): Tensor {
  const [x, y] = promoted(a, b);
  return record("add", zip("add", x, y), tensors(x, y), [], (g, node) =>
    node.inputs.map((input, i) => (node.needs(i) ? sumTo(g, input.shape) : null)),
  );
}

/**
 * a b with broadcasting, as torch.mul.
 * @see https://pytorch.org/docs/stable/generated/torch.mul.html
 */
export function mul(a: Operand, b: Operand): Tensor {
  const [x, y] = promoted(a, b);
  const inputs = tensors(x, y);
  return record("mul", zip("mul", x, y), inputs, inputs, (g, node) => {
    const other = (i: number): Operand => (inputs.length === 1 ? (typeof x === "number" ? x : y) : node.saved[1 - i]!);
    return inputs.map((input, i) => (node.needs(i) ? sumTo(mul(g, other(i)), input.shape) : null));
  });
}

/** Adds to a row-major gradient buffer in place, outside the graph. */
export function addInto(total: Tensor, g: Tensor): void {
  zipInto("add", total, total, g, total.dtype);
  total.storage.version++;
}
