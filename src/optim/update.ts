import { DtypeError, formatShape, ShapeError } from "../base/errors.js";
import { sameShape } from "../base/shape.js";
import { asContiguous } from "../ops/layout/copy.js";
import { view, workspace } from "../runtime/heap.js";
import type { RealKernels } from "../runtime/kernels.js";
import { realKernels } from "../tensor/dispatch.js";
import type { Tensor } from "../tensor/tensor.js";

/** One parameter that is to be updated: its gradient, its state buffers, and the number of the step. */
export type Update = {
  param: Tensor;
  grad: Tensor;
  /** Up to three, in the order that the kernel names a, b, c. */
  buffers: readonly (Tensor | null)[];
  step: number;
};

/** What an element of an update costs, for launches: it is read and written several times. */
export const COST = 4;

/** u32 fields of a struct in the table that the kernels walk: see assembly/optim.ts. */
const FIELDS = 8;

/** Throws unless a gradient, which users may set, fits its parameter. */
export function checkGradient(op: string, param: Tensor, grad: Tensor): void {
  if (!sameShape(param.shape, grad.shape)) {
    throw new ShapeError(
      `${op}.step`,
      `expected a gradient of the parameter's shape ${formatShape(param.shape)}, got ${formatShape(grad.shape)}`,
    );
  }
  if (param.dtype !== grad.dtype) {
    throw new DtypeError(
      `${op}.step`,
      `expected a gradient of the parameter's dtype ${param.dtype}, got ${grad.dtype}`,
    );
  }
}

/** Writes the table into the workspace. Returns its address and the number of elements of all parameters. */
function writeTable(batch: readonly Update[], grads: readonly Tensor[]): { table: number; units: number } {
  const table = workspace(batch.length * FIELDS * 4);
  const { i32 } = view();
  let at = table >>> 2;
  let units = 0;
  batch.forEach(({ param, buffers }, i) => {
    i32[at] = param.ptr;
    i32[at + 1] = grads[i]!.ptr;
    for (let k = 0; k < 3; k++) i32[at + 2 + k] = buffers[k]?.ptr ?? 0;
    i32[at + 5] = units;
    units += param.numel;
    i32[at + 6] = units;
    at += FIELDS;
  });
  return { table, units };
}

function runBatch(op: string, batch: readonly Update[], run: BatchRunner): void {
  const grads = batch.map(({ grad }) => asContiguous(grad));
  const first = batch[0]!;
  const { table, units } = writeTable(batch, grads);
  run(realKernels(`${op}.step`, first.param.dtype), table, units, first.step);
  batch.forEach(({ param, grad, buffers }, i) => {
    param.storage.version++;
    for (const buffer of buffers) if (buffer) buffer.storage.version++;
    if (grads[i] !== grad) grads[i]!.storage.free();
  });
}

/** Launches a kernel on a table of `units` elements whose parameters are all at their step number `step`. */
export type BatchRunner = (kernels: RealKernels, table: number, units: number, step: number) => void;

/**
 * Updates parameters with as few launches as their types and step numbers allow: one, unless some parameters had no
 * gradient in an earlier step.
 */
export function updateAll(op: string, updates: readonly Update[], run: BatchRunner): void {
  let pending = updates;
  while (pending.length > 0) {
    const { param, step } = pending[0]!;
    const alike = (update: Update): boolean => update.step === step && update.param.dtype === param.dtype;
    const batch = pending.every(alike) ? pending : pending.filter(alike);
    runBatch(op, batch, run);
    pending = batch === pending ? [] : pending.filter((update) => !alike(update));
  }
}
