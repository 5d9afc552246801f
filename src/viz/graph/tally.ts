import { itemSize } from "../../base/dtype.js";
import type { Tensor } from "../../methods.js";
import type { Module } from "../../nn/module/module.js";
import type { Parameter } from "../../nn/module/parameter.js";
import { classNameOf } from "../../nn/names.js";
import { type Call, type Observer, tensorsIn } from "../../nn/observe.js";
import { shapeOnly } from "../../runtime/shape-only.js";
import type { SummaryRow } from "./summary-table.js";

/** Bytes of a tensor's elements. */
export const bytesOf = (tensor: Tensor): number => tensor.numel * itemSize(tensor.dtype);

/** The sum. */
export const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Makes a row for each call of a module, in order. */
export class Tally implements Observer {
  readonly rows: SummaryRow[] = [];
  /** The most bytes of gradients that one step of backward() holds: those of an operation's output and inputs. */
  backward = 0;
  private readonly open: { row: SummaryRow; before: number; inside: number }[] = [];
  private readonly counted = new Set<Parameter>();

  enter({ module, path, inputs }: Call): void {
    const own = ownParameters(module);
    const fresh = own.filter((parameter) => !this.counted.has(parameter));
    for (const parameter of fresh) this.counted.add(parameter);
    const row: SummaryRow = {
      path,
      name: classNameOf(module),
      depth: this.open.length,
      inputShapes: tensorsIn(inputs).map(({ tensor }) => tensor.shape),
      outputShapes: [],
      parameters: total(fresh.map(({ numel }) => numel)),
      shared: own.length > 0 && fresh.length === 0,
      multiplyAdds: 0,
    };
    this.rows.push(row);
    this.open.push({ row, before: shapeOnly.products, inside: 0 });
  }

  leave(_: Call, output: unknown): undefined {
    const { row, before, inside } = this.open.pop()!;
    const products = shapeOnly.products - before;
    row.outputShapes = tensorsIn(output).map(({ tensor }) => tensor.shape);
    row.multiplyAdds = products - inside;
    const around = this.open.at(-1);
    if (around !== undefined) around.inside += products;
  }

  fail(): void {
    const { before } = this.open.pop()!;
    const around = this.open.at(-1);
    if (around !== undefined) around.inside += shapeOnly.products - before;
  }

  operation(_: string, outs: readonly Tensor[], inputs: readonly Tensor[]): void {
    if (!inputs.some((input) => input.requiresGrad)) return;
    const made = inputs.filter((input) => input.node !== null);
    this.backward = Math.max(this.backward, total([...outs, ...made].map(bytesOf)));
  }
}

/** The parameters of a module without those of the modules inside of it. */
function ownParameters(module: Module): Parameter[] {
  const inside = new Set(module.children().flatMap((child) => child.parameters()));
  return module.parameters().filter((parameter) => !inside.has(parameter));
}
