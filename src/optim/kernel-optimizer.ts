import { DtypeError, formatShape, ShapeError } from "../base/errors.js";
import { sameShape } from "../base/shape.js";
import { asContiguous } from "../ops/layout/copy.js";
import { view, workspace } from "../runtime/heap.js";
import type { RealKernels } from "../runtime/kernels.js";
import { launchUnits } from "../runtime/launch.js";
import type { Kernel } from "../runtime/team.js";
import { realKernels } from "../tensor/dispatch.js";
import type { Tensor } from "../tensor/tensor.js";
import { Optimizer, type ParamGroup } from "./optimizer.js";
import type { ParamState, StateNames } from "./optimizer-state.js";

/** A state buffer: PyTorch's name for it, the value that its elements start from (0), and whether steps use it (true). */
export type BufferSpec = { readonly name: string; readonly initial?: number; readonly isUsed?: boolean };

/** A kernel of assembly/optim.ts with its scalars, ready for a table that describes `units` elements. */
export type KernelCall = (table: number, units: number) => void;

/** Pairs a kernel with its scalars, the arguments between the table and the range of elements. */
export function kernelCall<S extends number[]>(
  kernel: Kernel<[table: number, ...scalars: S]>,
  ...scalars: S
): KernelCall {
  return (table, units) => launchUnits(kernel, units, COST, table, ...scalars);
}

/** One parameter of a step: its gradient, row-major, and up to three buffers, which the kernel names a, b, c. */
type Update = { param: Tensor; grad: Tensor; buffers: (Tensor | null)[]; step: number };

/** Reads and writes of an element, for launches. */
const COST = 4;

/** u32 fields of a row of the table that the kernels read: see assembly/optim.ts. */
const FIELDS = 8;

/**
 * The base of optimizers whose step is a kernel. A subclass says which buffers a parameter has and which kernel, with
 * which scalars, updates it; this class finds the gradients, makes the buffers, and launches the kernel once for as
 * many parameters as possible.
 */
export abstract class KernelOptimizer<O extends { lr: number }> extends Optimizer<O> {
  /** The buffers, in the order of the kernel's a, b, c. */
  protected abstract stateBuffers(options: O): readonly BufferSpec[];

  /** The kernel and its scalars for parameters at this step number (that of {@link countStep}). */
  protected abstract kernelCall(kernels: RealKernels, options: O, step: number): KernelCall;

  protected override stateNames(options: O): StateNames {
    const specs = this.stateBuffers(options);
    const names = (isUsed: boolean): string[] =>
      specs.filter((spec) => (spec.isUsed ?? true) === isUsed).map(({ name }) => name);
    return { needed: ["step", ...names(true)], optional: names(false) };
  }

  /**
   * Counts a parameter's step, before its buffers are made.
   * @returns a number on which its scalars depend: parameters with equal ones share a launch
   */
  protected countStep(state: ParamState): number {
    state.step++;
    return state.step;
  }

  protected updateGroup(group: ParamGroup<O>): void {
    let pending = this.updates(group);
    while (pending.length > 0) {
      const { param, step } = pending[0]!;
      const alike = (other: Update): boolean => other.step === step && other.param.dtype === param.dtype;
      const all = pending.every(alike); // unless dtypes differ, or some had no gradient in an earlier step
      const kernels = realKernels(`${this.name}.step`, param.dtype);
      runAll(all ? pending : pending.filter(alike), this.kernelCall(kernels, group, step));
      pending = all ? [] : pending.filter((other) => !alike(other));
    }
  }

  protected override checkGroup({ params }: ParamGroup<O>): void {
    for (const param of params) {
      if (param.gradient === null) continue;
      checkGradient(this.name, param, param.gradient);
      for (const buffer of this.state.get(param)?.buffers.values() ?? []) this.checkBuffer(param, buffer);
    }
  }

  /** The parameters that have gradients, with their buffers. */
  private updates(group: ParamGroup<O>): Update[] {
    const specs = this.stateBuffers(group);
    const updates: Update[] = [];
    for (const param of group.params) {
      const grad = param.gradient;
      if (grad === null) continue;
      const state = this.stateOf(param);
      const step = this.countStep(state);
      const buffers = specs.map(({ name, initial, isUsed = true }) =>
        isUsed ? this.buffer(param, state, name, initial) : null,
      );
      updates.push({ param, grad: asContiguous(grad), buffers, step });
    }
    return updates;
  }
}

/** Throws unless a gradient, which users may set, fits its parameter. */
function checkGradient(name: string, param: Tensor, grad: Tensor): void {
  if (!sameShape(param.shape, grad.shape)) {
    throw new ShapeError(
      `${name}.step`,
      `expected a gradient of the parameter's shape ${formatShape(param.shape)}, got ${formatShape(grad.shape)}`,
    );
  }
  if (param.dtype !== grad.dtype) {
    throw new DtypeError(
      `${name}.step`,
      `expected a gradient of the parameter's dtype ${param.dtype}, got ${grad.dtype}`,
    );
  }
}

/** Updates parameters and buffers in place, by one launch. */
function runAll(updates: readonly Update[], run: KernelCall): void {
  const table = workspace(updates.length * FIELDS * 4);
  run(table, writeTable(table, updates));
  for (const { param, grad, buffers } of updates) {
    param.storage.version++;
    for (const buffer of buffers) if (buffer !== null) buffer.storage.version++;
    if (grad !== param.gradient) grad.storage.free();
  }
}

/** Writes a row for each parameter. Returns the number of elements of all. */
function writeTable(table: number, updates: readonly Update[]): number {
  const { i32 } = view();
  let at = table >>> 2;
  let units = 0;
  for (const { param, grad, buffers } of updates) {
    i32[at] = param.ptr;
    i32[at + 1] = grad.ptr;
    for (let k = 0; k < 3; k++) i32[at + 2 + k] = buffers[k]?.ptr ?? 0;
    i32[at + 5] = units;
    units += param.numel;
    i32[at + 6] = units;
    at += FIELDS;
  }
  return units;
}
