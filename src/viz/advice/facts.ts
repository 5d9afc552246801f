import { ValueError } from "../../base/errors.js";
import type { Shape } from "../../base/shape.js";
import { Tensor } from "../../methods.js";
import { activationOf, givesLogarithms } from "../../nn/catalogue.js";
import { Linear } from "../../nn/layers/linear-layers.js";
import { Sequential } from "../../nn/module/containers.js";
import type { Module } from "../../nn/module/module.js";
import { classNameOf, isLibraryClass } from "../../nn/names.js";
import { type Observer, observe, tensorsIn } from "../../nn/observe.js";
import { empty } from "../../tensor/tensor.js";

/** What tells kinds of targets apart: extremes, whether all are whole, whether all are finite. */
export type Values = { min: number; max: number; whole: boolean; finite: boolean };

/** An output or a target. */
export type Facts = {
  shape: Shape;
  dtype: string;
  /** null for a tensor without values. */
  values: Values | null;
  /** Whether the elements along dim 1 are at least 0 and add up to 1. */
  shares: boolean;
};

/** The end of a model. */
export type Head = {
  /** The class of the last activation ("Sigmoid"); "" for a layer with weights, null for anything else. */
  ending: string | null;
  /** Numbers for each sample (the size of dim 1, or of the last Linear), null when unknown. */
  outputs: number | null;
  /** The output itself, when there was a sample. */
  output: Facts | null;
  /** Whether the softmax at the end runs along dim 1, the classes; null when there is none, or nothing tells. */
  ofClasses: boolean | null;
  /** The error of the loss on output and target; null when it took them, or there was no target. */
  refused: string | null;
};

const WEIGHTED = /^(linear|conv\w*|matmul|mm|bmm|mv|embedding|batchNorm|layerNorm|groupNorm|instanceNorm)$/;
const PASSING =
  /^(view|reshape|squeeze|unsqueeze|flatten|unflatten|permute|transpose|clone|contiguous|to|select|narrow|dropout\w*)$/;
const LAYERS = /^(Linear|Conv\w*|Embedding|\w*Norm(1d|2d)?)$/;
const PASSING_LAYERS = /^(Flatten|Unflatten|Identity|\w*Dropout\w*)$/;

/** The `ending` of a class or an operation, as {@link Head} has it. */
function endingOf(name: string): string | null {
  return WEIGHTED.test(name) || LAYERS.test(name) ? "" : (activationOf(name)?.name ?? null);
}

/** Remembers the operation that made each tensor. */
class Trail implements Observer {
  private readonly made = new Map<Tensor, { op: string; inputs: readonly Tensor[] }>();

  operation(op: string, outs: readonly Tensor[], inputs: readonly Tensor[]): void {
    for (const out of outs) this.made.set(out, { op, inputs });
  }

  /** The ending that made a tensor, through views, copies and dropout. */
  ending(tensor: Tensor): string | null {
    let step = this.made.get(tensor);
    while (step !== undefined && PASSING.test(step.op)) step = this.made.get(step.inputs[0]!);
    if (step === undefined) return null;
    const before = step.inputs[0] === undefined ? undefined : this.made.get(step.inputs[0]);
    return step.op === "log" && before?.op === "softmax" ? "LogSoftmax" : endingOf(step.op);
  }
}

function valuesOf(tensor: Tensor): Values {
  const values = tensor.toTypedArray();
  const found = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, whole: true, finite: true };
  for (const value of values) {
    if (value < found.min) found.min = value;
    if (value > found.max) found.max = value;
    if (!Number.isInteger(value)) found.whole = false;
    if (!Number.isFinite(value)) found.finite = false;
  }
  return found;
}

/** Whether the numbers along dim 1 are at least 0 and add up to 1. */
function addUpToOne(tensor: Tensor): boolean {
  if (tensor.ndim < 2 || tensor.numel === 0 || tensor.dtype === "bool") return false;
  const sums = tensor.double().sum(1).toTypedArray();
  return valuesOf(tensor).min >= 0 && sums.every((sum) => Math.abs(sum - 1) < 1e-3);
}

/** Whether the outputs of a softmax, or their logarithms, are shares of the classes. */
function sharesOfClasses(ending: string | null, output: Tensor): boolean | null {
  const last = activationOf(ending ?? "");
  if (last?.classes === undefined || output.ndim < 2) return null;
  if (output.storage.virtual || output.numel === 0) return null;
  const shares = givesLogarithms(last) ? output.exp() : output;
  return valuesOf(shares).finite ? addUpToOne(shares) : null;
}

/** The facts of a tensor: shape and type alone if it has no values. */
export function factsOf(tensor: Tensor): Facts {
  const { shape, dtype } = tensor;
  if (tensor.storage.virtual || tensor.numel === 0) return { shape, dtype, values: null, shares: false };
  return { shape, dtype, values: valuesOf(tensor), shares: addUpToOne(tensor) };
}

/** The modules of a Sequential and of Sequentials in it, last first. */
function modulesFromEnd(model: Module): Module[] {
  if (!(model instanceof Sequential)) return [model];
  return model
    .children()
    .reverse()
    .flatMap((child) => modulesFromEnd(child));
}

/** The head of a Sequential, by its last modules; null for models that must run to show it. */
export function headOfModules(model: Module): Head | null {
  const modules = modulesFromEnd(model).filter((module) => !PASSING_LAYERS.test(classNameOf(module)));
  const last = modules[0];
  if (last === undefined || !isLibraryClass(last)) return null;
  const known = modules.findIndex((module) => !isLibraryClass(module));
  const layers = known < 0 ? modules : modules.slice(0, known);
  const linear = layers.find((module) => LAYERS.test(classNameOf(module)));
  const outputs = linear instanceof Linear ? linear.outFeatures : null;
  return { ending: endingOf(classNameOf(last)), outputs, output: null, ofClasses: null, refused: null };
}

/** Inputs of a model: tensors, or the shape of the only one. */
export type HeadInput = Tensor | Shape | readonly Tensor[];

/** The head of a model, by one run in evaluation mode. Reads values if the inputs have some. */
export function headOfRun(model: Module, loss: Module, input: HeadInput, target: Tensor | null): Head {
  const list = input instanceof Tensor ? [input] : input;
  const isShape = list.every((size) => typeof size === "number");
  const trail = new Trail();
  const dtype = model.parameters()[0]?.dtype ?? "float32";
  const inputs = (): readonly unknown[] => (isShape ? [empty("input", list as Shape, dtype)] : list);
  const valuesHint = "Give an input with values";
  const run = { op: "checkHead", training: false, recording: false, shapesOnly: isShape, valuesHint };
  return observe(model, inputs, trail, run, (value) => {
    const outputs = tensorsIn(value);
    const output = outputs[0]?.tensor;
    if (output === undefined || outputs.length !== 1) {
      const problem = `expected a model with one output, got ${outputs.length}`;
      throw new ValueError("checkHead", problem, "Check the part that ends in one output");
    }
    const ending = trail.ending(output);
    return {
      ending,
      outputs: output.shape[output.ndim === 1 ? 0 : 1] ?? 1,
      output: factsOf(output),
      ofClasses: sharesOfClasses(ending, output),
      refused: target === null ? null : refusal(loss, output, target),
    };
  });
}

function refusal(loss: Module, output: Tensor, target: Tensor): string | null {
  try {
    loss.forward(output, target);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
