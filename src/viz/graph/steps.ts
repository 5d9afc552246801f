import type { Shape } from "../../base/shape.js";
import { Tensor } from "../../methods.js";
import type { Module } from "../../nn/module/module.js";
import { Parameter } from "../../nn/module/parameter.js";
import { classNameOf } from "../../nn/names.js";
import { type Call, type Observer, tensorsIn } from "../../nn/observe.js";
import { alias } from "../../ops/layout/copy.js";
import { describe, isLayer, kindOf } from "./describe.js";
import type { Role } from "./graph-theme.js";

/** One line of a box: a layer or an operation. */
export type Part = { title: string; detail: string; name: string; parameters: string; kind: Role };

/** An arrow into a box: a tensor of this shape, made by `from`. */
export type Source = { from: Step; shape: Shape; dtype: string };

/** A box: an input, a layer or an operation, an output. `owner` is the path of the module that called it. */
export type Step = { parts: Part[]; sources: Source[]; owner: string; repeat: number };

const count = (n: number): string => (n === 1 ? "1 parameter" : `${n.toLocaleString("en-US")} parameters`);

/** Makes a box for each layer and operation of a model's forward. */
export class Recorder implements Observer {
  readonly steps: Step[] = [];
  private readonly madeBy = new Map<Tensor, Step>();
  /** The parameters that a tensor was computed from, for tensors that depend on nothing else. */
  private readonly constants = new Map<Tensor, readonly Parameter[]>();
  private readonly counted = new Set<Parameter>();
  private readonly names: Map<Parameter, string>;
  /** The layer whose forward runs. Operations inside of it get no box. */
  private layer: { call: Call; sources: Source[] } | null = null;

  constructor(model: Module) {
    this.names = new Map(model.namedParameters().map(([name, parameter]) => [parameter, name]));
  }

  /** The box of an input or output. */
  data(title: string, sources: Source[]): Step {
    const part: Part = { title, detail: "", name: "", parameters: "", kind: "data" };
    return this.add({ parts: [part], sources, owner: "", repeat: 1 }, []);
  }

  input(title: string, tensor: Tensor): void {
    this.madeBy.set(tensor, this.data(title, []));
  }

  sourcesOf(tensors: readonly Tensor[]): Source[] {
    return tensors.flatMap((tensor) => {
      const from = this.madeBy.get(tensor);
      return from === undefined ? [] : [{ from, shape: tensor.shape, dtype: tensor.dtype }];
    });
  }

  enter(call: Call): void {
    if (this.layer !== null || !isLayer(call.module, call.parent === null)) return;
    this.layer = { call, sources: this.sourcesOf(tensorsIn(call.inputs).map(({ tensor }) => tensor)) };
  }

  leave(call: Call, output: unknown): unknown {
    if (this.layer?.call !== call) return undefined;
    const { sources } = this.layer;
    this.layer = null;
    // A layer that returns its input (dropout in evaluation) gets an alias: other readers of the input do not follow it.
    const passed = output instanceof Tensor && call.inputs.includes(output) ? alias(output) : output;
    const title = classNameOf(call.module);
    const part: Part = {
      title,
      detail: describe(call.module),
      name: /^[\d.]*$/.test(call.path) ? "" : call.path, // arrows already show positions
      parameters: this.countOf(call.module.parameters()),
      kind: kindOf(title),
    };
    this.add(
      { parts: [part], sources, owner: call.parent?.path ?? "", repeat: 1 },
      tensorsIn(passed).map(({ tensor }) => tensor),
    );
    return passed;
  }

  fail(call: Call): void {
    if (this.layer?.call === call) this.layer = null;
  }

  operation(op: string, outs: readonly Tensor[], inputs: readonly Tensor[], call: Call | null): void {
    if (this.layer !== null) return;
    const parameters = inputs.flatMap((input) =>
      input instanceof Parameter ? [input] : (this.constants.get(input) ?? []),
    );
    const sources = this.withEarlier(op, outs[0]!, inputs);
    if (sources.length === 0) {
      for (const out of outs) this.constants.set(out, parameters);
      return;
    }
    const detail = parameters.map((parameter) => this.names.get(parameter) ?? "").filter((name) => name !== "");
    const part: Part = {
      title: op,
      detail: [...new Set(detail)].join(", "),
      name: "",
      parameters: this.countOf(parameters),
      kind: kindOf(op),
    };
    this.add({ parts: [part], sources, owner: call?.path ?? "", repeat: 1 }, outs);
  }

  /** The sources of an operation. Some operations notify twice, each time with a part of their operands. */
  private withEarlier(op: string, out: Tensor, inputs: readonly Tensor[]): Source[] {
    const sources = this.sourcesOf(inputs);
    const before = this.madeBy.get(out);
    if (before === undefined || before.parts[0]!.title !== op || inputs.includes(out)) return sources;
    const fresh = sources.filter(({ from }) => before.sources.every((source) => source.from !== from));
    return [...before.sources, ...fresh];
  }

  private add(step: Step, outs: readonly Tensor[]): Step {
    this.steps.push(step);
    for (const out of outs) this.madeBy.set(out, step);
    return step;
  }

  private countOf(parameters: readonly Parameter[]): string {
    if (parameters.length === 0) return "";
    const fresh = [...new Set(parameters)].filter((parameter) => !this.counted.has(parameter));
    for (const parameter of fresh) this.counted.add(parameter);
    return fresh.length === 0 ? "the same parameters" : count(fresh.reduce((n, { numel }) => n + numel, 0));
  }
}
