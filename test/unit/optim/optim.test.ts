import { describe, expect, it } from "vitest";
import { memory, nn, noGrad, optim, SimdgradError, scope, type Tensor, tensor } from "../../../src/index.js";
import { Adagrad, Adam, AdamW, RMSprop, SGD } from "../../../src/optim/index.js";
import { power } from "../../../src/optim/power.js";
import { setGrain } from "../../../src/runtime/launch.js";
import { goldenJson } from "../../support/files.js";

type Dtype = "float32" | "float64";
type Make = new (params: Tensor[], options: { lr: number }) => { step(): void };
/** The names of all optimizers. */
type OptimizerName = { [K in keyof typeof optim]: (typeof optim)[K] extends Make ? K : never }[keyof typeof optim];
type Run = {
  name: OptimizerName;
  options: { lr: number };
  skip: number;
} & Record<Dtype, number[][][]>;
type Clip = { maxNorm: number; normType: string; norm: number; grads: number[][] };
type Golden = {
  start: number[][];
  shapes: number[][];
  kept: number[];
  grads: number[][][];
  runs: Run[];
  clips: Clip[];
};

const golden: Golden = goldenJson("optim.json");

/** A tensor of the i-th golden parameter's shape. */
function shaped(values: number[], i: number, dtype: Dtype): Tensor {
  return tensor(Float64Array.from(values), { dtype, shape: golden.shapes[i]! });
}

function parameters(dtype: Dtype): nn.Parameter[] {
  return golden.start.map((values, i) => new nn.Parameter(shaped(values, i, dtype)));
}

/** Sets the gradients of a golden step; the second parameter has none in step `skip`. */
function setGrads(params: Tensor[], step: number, dtype: Dtype, skip = -1): void {
  params.forEach((param, i) => {
    param.grad = i === 1 && step === skip ? null : shaped(golden.grads[step]![i]!, i, dtype);
  });
}

/** Relative to 1 or the expected value, whichever is larger. */
function expectClose(got: ArrayLike<number>, want: number[], tolerance: number): void {
  expect(got.length).toBe(want.length);
  want.forEach((value, i) => {
    expect(Math.abs(got[i]! - value)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value)));
  });
}

const values = (params: Tensor[]): number[][] => params.map((param) => [...param.toTypedArray()]);

describe("trajectories equal PyTorch's", () => {
  for (const [dtype, tolerance] of [
    ["float32", 2e-6],
    ["float64", 1e-14],
  ] as const) {
    it.each(golden.runs.map((run) => [`${run.name} ${JSON.stringify(run.options)} skip ${run.skip}`, run] as const))(
      `${dtype} %s`,
      (_, run) => {
        const params = parameters(dtype);
        const make: Make = optim[run.name];
        const optimizer = new make(params, run.options);
        for (let step = 0; step < 10; step++) {
          setGrads(params, step, dtype, run.skip);
          optimizer.step();
          const at = golden.kept.indexOf(step);
          if (at < 0) continue;
          for (const [i, want] of run[dtype][at]!.entries()) expectClose(params[i]!.toTypedArray(), want, tolerance);
        }
      },
    );
  }

  it("and so do the default learning rates", () => {
    for (const [make, lr] of [
      [Adam, 1e-3],
      [AdamW, 1e-3],
      [RMSprop, 1e-2],
      [Adagrad, 1e-2],
    ] as const) {
      expect(new make(parameters("float32")).paramGroups[0]!.lr).toBe(lr);
    }
  });
});

describe("one step in one launch", () => {
  const make = {
    SGD: (p: Tensor[]) => new SGD(p, { lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.1 }),
    Adam: (p: Tensor[]) => new Adam(p, { amsgrad: true, weightDecay: 0.1 }),
    RMSprop: (p: Tensor[]) => new RMSprop(p, { centered: true, momentum: 0.9 }),
    Adagrad: (p: Tensor[]) => new Adagrad(p),
  };

  it.each(Object.entries(make))("%s: an element's bits depend on nothing beside it, nor on cuts", (_, create) => {
    const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 17, 0, 33];
    const value = (i: number): number => Math.fround(((i * 37) % 19) / 7 - 1);
    let from = 0;
    const ranges = sizes.map((size) => {
      const range = Array.from({ length: size }, (_, i) => from + i);
      from += size;
      return range;
    });
    const params = ranges.map((range) => new nn.Parameter(tensor(Float32Array.from(range, value))));
    const single = Array.from({ length: from }, (_, i) => new nn.Parameter(tensor([value(i)])));
    const pieces = params.map((param) => new nn.Parameter(param.detach().clone()));
    const together = create(params);
    const cut = create(pieces);
    const apart = create(single);
    for (let step = 0; step < 3; step++) {
      params.forEach((param, i) => {
        param.grad = tensor(Float32Array.from(ranges[i]!, (at) => value(at * 3 + step)));
        pieces[i]!.grad = param.grad.clone();
      });
      single.forEach((param, i) => {
        param.grad = tensor([value(i * 3 + step)]);
      });
      together.step();
      const before = setGrain(5);
      cut.step();
      setGrain(before);
      apart.step();
    }
    expect(values(params).flat()).toEqual(values(single).flat());
    expect(values(pieces)).toEqual(values(params));
  });

  it("takes parameters of both types", () => {
    const params = [new nn.Parameter(tensor([1, 2])), new nn.Parameter(tensor([1, 2], { dtype: "float64" }))];
    const optimizer = new SGD(params, { lr: 0.5 });
    params[0]!.grad = tensor([1, -1]);
    params[1]!.grad = tensor([1, -1], { dtype: "float64" });
    optimizer.step();
    expect(values(params)).toEqual([
      [0.5, 2.5],
      [0.5, 2.5],
    ]);
  });

  it("reads gradients that are views", () => {
    const param = new nn.Parameter(tensor([1, 2, 3]));
    param.grad = tensor([
      [2, 9],
      [2, 9],
      [2, 9],
    ]).select(1, 0);
    new SGD([param], { lr: 0.5 }).step();
    expect(param.toArray()).toEqual([0, 1, 2]);
  });

  it("leaves parameters without gradients alone, and makes no state for them", () => {
    const params = parameters("float32");
    const optimizer = new Adam(params, { weightDecay: 0.1 });
    optimizer.step();
    expect(values(params)).toEqual(golden.start);
    expect(optimizer.state.size).toBe(0);
  });

  it("is seen by the graph: backward through an overwritten parameter is refused", () => {
    const param = new nn.Parameter(tensor([1, 2]));
    const loss = param.mul(param).sum();
    param.grad = tensor([1, 1]);
    new SGD([param], { lr: 0.1 }).step();
    expect(() => loss.backward()).toThrow(/written in place/);
  });

  it("keeps state beyond scopes, and no bytes beside", () => {
    const params = parameters("float32");
    const optimizer = new Adam(params, { amsgrad: true });
    const step = (): void =>
      scope(() => {
        optimizer.zeroGrad();
        params[0]!.mul(params[0]!).sum().backward();
        optimizer.step();
      });
    for (let i = 0; i < 3; i++) step();
    const before = memory().bytesInUse;
    for (let i = 0; i < 50; i++) step();
    expect(memory().bytesInUse).toBe(before);
    expect(optimizer.state.get(params[0]!)!.step).toBe(53);
  });
});

describe("step(closure)", () => {
  it("computes the loss with recording on, then steps", () => {
    const param = new nn.Parameter(tensor([3]));
    const optimizer = new SGD([param], { lr: 0.25 });
    const loss = optimizer.step(() => {
      optimizer.zeroGrad();
      const value = param.mul(param).sum();
      value.backward();
      return value;
    });
    expect(loss.item()).toBe(9);
    expect(param.item()).toBe(1.5);
  });
});

describe("zeroGrad", () => {
  it("drops gradients, or fills them with zeros", () => {
    const params = parameters("float32");
    const optimizer = new SGD(params, { lr: 0.1 });
    setGrads(params, 0, "float32");
    const seen = params[0]!.grad!;
    optimizer.zeroGrad({ setToNone: false });
    expect(seen.toArray()).toEqual([0, 0, 0, 0, 0]);
    optimizer.zeroGrad();
    expect(params.map((param) => param.grad)).toEqual([null, null]);
  });
});

describe("parameter groups", () => {
  it("have options of their own", () => {
    const [a, b, c] = [1, 1, 1].map((x) => new nn.Parameter(tensor([x]))) as [Tensor, Tensor, Tensor];
    const optimizer = new SGD([{ params: [a] }, { params: [b], lr: 0.5 }], { lr: 0.25 });
    optimizer.addParamGroup({ params: [c], maximize: true });
    for (const param of [a, b, c]) param.grad = tensor([1]);
    optimizer.step();
    expect([a, b, c].map((param) => param.item())).toEqual([0.75, 0.5, 1.25]);
  });

  it("may be empty, and name the learning rate that the optimizer leaves to them", () => {
    const [a, b] = [new nn.Parameter(tensor([1])), new nn.Parameter(tensor([1]))];
    const optimizer = new SGD(
      [
        { params: a, lr: 0.5 },
        { params: [], lr: 0.1 },
      ],
      { momentum: 0.5 },
    );
    expect(optimizer.paramGroups).toMatchObject([{ lr: 0.5, momentum: 0.5 }, { params: [] }]);
    expect(() => optimizer.addParamGroup({ params: [b] })).toThrow(
      "SGD: expected a lr, or groups that each have their own, got none. Write { lr: 0.1 }",
    );
    optimizer.addParamGroup({ params: new Set([b]), lr: 0.25, ...Object.fromEntries([["dampening", undefined]]) });
    expect(optimizer.paramGroups[2]).toMatchObject({ lr: 0.25, dampening: 0, params: [b] });
  });

  const param = new nn.Parameter(tensor([1, 2]));
  const fresh = (): nn.Parameter => new nn.Parameter(tensor([1]));
  it.each<[unknown, string]>([
    [null, "SGD.addParamGroup: expected paramGroup to be an object of params and options, got null"],
    [[fresh()], "SGD.addParamGroup: expected paramGroup to be an object of params and options, got an array"],
    [{ lr: 1 }, "SGD.addParamGroup: expected"],
    [{ params: 3 }, "SGD.addParamGroup: expected"],
    [{ params: [3] }, "SGD: expected tensors as parameters, got number"],
    [{ params: [fresh()], weight_decay: 0.1 }, "got weight_decay. Use weightDecay"],
    [{ params: [fresh()], momentun: 0.1 }, "got momentun. Use momentum"],
    [{ params: [fresh()], lr: "0.1" }, 'SGD: expected lr to be a number, got "0.1"'],
    [{ params: [fresh()], lr: Number.NaN }, "SGD: expected lr to be a number, got NaN"],
    [{ params: [fresh()], initialLr: Number.NaN }, "SGD: expected initialLr to be a number, got NaN"],
    [{ params: [fresh()], dampening: Number.NaN }, "SGD: expected dampening to be a number, got NaN"],
    [{ params: [fresh()], nesterov: 1 }, "SGD: expected nesterov to be true or false, got 1"],
    [{ params: [fresh()], lr: -1 }, "SGD: expected lr ≥ 0, got -1"],
    [{ params: [param] }, "SGD: expected every parameter once, got one of shape [2] twice"],
    [{ params: param.mul(2) }, "SGD: expected leaves as parameters, got the result of mul"],
  ])("refuse %s", (group, message) => {
    const optimizer = new SGD([param], 0.1);
    expect(() => Reflect.apply(optimizer.addParamGroup, optimizer, [group])).toThrow(message);
    expect(() => Reflect.apply(optimizer.addParamGroup, optimizer, [{ params: [fresh()] }, 1])).toThrow("2 arguments");
    expect(optimizer.paramGroups).toHaveLength(1);
  });

  it("refuse parameters whose memory was freed", () => {
    const gone = fresh();
    gone.free();
    expect(() => new SGD([gone], 0.1)).toThrow("SGD: expected live tensors as parameters");
  });
});

describe("the methods of an optimizer", () => {
  const optimizer = new SGD([new nn.Parameter(tensor([1]))], 0.1);
  it("take arguments by position and by keyword", () => {
    const closure = (): Tensor => tensor(3);
    expect([optimizer.step(closure).item(), optimizer.step({ closure }).item()]).toEqual([3, 3]);
    optimizer.paramGroups[0]!.params[0]!.grad = tensor([2]);
    optimizer.zeroGrad(false);
    expect(optimizer.paramGroups[0]!.params[0]!.grad!.item()).toBe(0);
  });

  it.each<[keyof SGD, unknown[]]>([
    ["step", [5]],
    ["step", [tensor(1)]],
    ["step", [() => tensor(1), 1]],
    ["step", [{ closures: () => tensor(1) }]],
    ["step", [async () => tensor(1)]],
    ["zeroGrad", [0]],
    ["zeroGrad", [{ set_to_none: true }]],
    ["zeroGrad", [true, true]],
    ["stateDict", [1]],
  ])("refuse everything else: %s", (name, args) => {
    expect(() => Reflect.apply(optimizer[name] as () => void, optimizer, args)).toThrow(SimdgradError);
  });
});

describe("state dicts", () => {
  it("has PyTorch's layout and names", () => {
    const params = parameters("float32");
    const optimizer = new Adam(params, { amsgrad: true, weightDecay: 0.5 });
    setGrads(params, 0, "float32");
    optimizer.step();
    const { state, param_groups: groups } = optimizer.stateDict();
    expect(Object.keys(state)).toEqual(["0", "1"]);
    expect(Object.keys(state["1"]!)).toEqual(["step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq"]);
    expect(groups).toEqual([
      {
        lr: 1e-3,
        eps: 1e-8,
        weight_decay: 0.5,
        amsgrad: true,
        maximize: false,
        betas: [0.9, 0.999],
        params: [0, 1],
      },
    ]);
  });

  it.each([
    ["SGD", (p: Tensor[]) => new SGD(p, { lr: 0.1, momentum: 0.9 })],
    ["Adam", (p: Tensor[]) => new Adam(p, { amsgrad: true })],
    ["RMSprop", (p: Tensor[]) => new RMSprop(p, { centered: true, momentum: 0.9 })],
    ["Adagrad", (p: Tensor[]) => new Adagrad(p, { lrDecay: 0.1 })],
  ] as const)("%s goes on from a loaded state bit for bit", (_, create) => {
    const straight = parameters("float32");
    const first = create(straight);
    for (let step = 0; step < 4; step++) {
      setGrads(straight, step, "float32", 1);
      first.step();
    }
    const copies = straight.map((param) => new nn.Parameter(param.detach().clone()));
    const second = create(copies);
    second.loadStateDict(first.stateDict());
    for (let step = 4; step < 8; step++) {
      for (const [params, optimizer] of [
        [straight, first],
        [copies, second],
      ] as const) {
        setGrads(params, step, "float32");
        optimizer.step();
      }
    }
    expect(values(copies)).toEqual(values(straight));
  });

  it("reads what PyTorch writes: step as a tensor, options that are unknown here", () => {
    const param = new nn.Parameter(tensor([1, 2], { dtype: "float64" }));
    const optimizer = new Adam([param]);
    optimizer.loadStateDict({
      state: { 0: { step: tensor(7), exp_avg: tensor([1, 2]), exp_avg_sq: tensor([3, 4]) } },
      param_groups: [
        { lr: 0.5, betas: [0.5, 0.5], weight_decay: 0.25, eps: 1e-8, foreach: null, fused: false, params: [0] },
      ],
    });
    const state = optimizer.state.get(param)!;
    expect(state.step).toBe(7);
    expect(state.buffers.get("exp_avg_sq")!.dtype).toBe("float64");
    expect(state.buffers.get("exp_avg_sq")!.toArray()).toEqual([3, 4]);
    expect(optimizer.paramGroups[0]).toMatchObject({ lr: 0.5, betas: [0.5, 0.5], weightDecay: 0.25, eps: 1e-8 });
    expect(optimizer.paramGroups[0]).not.toHaveProperty("foreach");
  });
});

describe("bad input", () => {
  const param = new nn.Parameter(tensor([1, 2]));
  it.each([
    [() => new SGD([], { lr: 0.1 }), /SGD: expected at least one parameter, got an empty list\. A module finds/],
    [
      () => new SGD(new nn.Linear(1, 1) as never, { lr: 0.1 }),
      "SGD: expected params to be parameters or groups of them, got an object of Linear. Pass model.parameters(), or [tensor]",
    ],
    [() => new SGD([param], { lr: -0.1 }), "SGD: expected lr ≥ 0, got -0.1"],
    [() => new SGD([param], { lr: Number.NaN }), "SGD: expected lr to be a number, got NaN"],
    [() => new SGD([param, param], { lr: 0.1 }), /SGD: expected every parameter once, got one of shape \[2\] twice/],
    [() => new SGD([{ params: [param] }, { params: [param] }], { lr: 0.1 }), /expected every parameter once/],
    [() => new SGD([param.mul(param)], { lr: 0.1 }), /SGD: expected leaves as parameters, got the result of mul/],
    [
      () => new SGD([tensor([1], { dtype: "int32" })], { lr: 0.1 }),
      /expected float32 or float64 parameters, got int32/,
    ],
    [() => new SGD([param], { lr: 0.1, nesterov: true }), /expected momentum > 0 and dampening 0 with nesterov/],
    [() => new Adam([param], { betas: [1, 0.9] }), "Adam: expected betas[0] in [0, 1), got 1"],
    [() => new AdamW([param], { eps: -1 }), "AdamW: expected eps ≥ 0, got -1"],
    [() => new RMSprop([param], { alpha: -1 }), "RMSprop: expected alpha ≥ 0, got -1"],
    [() => new Adagrad([param], { lrDecay: -1 }), "Adagrad: expected lrDecay ≥ 0, got -1"],
  ])("%s", (make, message) => {
    expect(make).toThrow(message);
  });

  it("gradients of another shape or type, before any state changes", () => {
    const changed = tensor([1, 2], { requiresGrad: true });
    const optimizer = new Adam([changed]);
    changed.grad = tensor([1, 2]);
    changed.setData(tensor([1, 2, 3]));
    expect(() => optimizer.step()).toThrow("Adam.step: expected a gradient of the parameter's shape [3], got [2]");
    changed.setData(tensor([1, 2], { dtype: "float64" }));
    expect(() => optimizer.step()).toThrow("Adam.step: expected a gradient of the parameter's dtype float64");
    expect(optimizer.state.size).toBe(0);
    expect(changed.toArray()).toEqual([1, 2]);
  });
});

describe("a model that is converted after some steps", () => {
  const train = (convertAt: number): number[] => {
    const model = new nn.Linear(2, 1);
    noGrad(() => [model.weight, model.bias!].forEach((p) => void p.fill_(0.5)));
    const optimizer = new Adam(model.parameters(), { lr: 0.125, amsgrad: true });
    for (let i = 0; i < 4; i++) {
      if (i === convertAt) model.double();
      optimizer.zeroGrad();
      const x = tensor([[1, 2]], { dtype: model.weight.dtype });
      model.forward(x).pow(2).sum().backward();
      optimizer.step();
    }
    return Array.from(model.weight.toTypedArray());
  };

  it("takes its state along", () => {
    const [once, late] = [train(0), train(2)];
    expect(late.every((value, i) => Math.abs(value - once[i]!) < 1e-6)).toBe(true);
    expect(late).not.toEqual(once); // two steps were taken in float32
  });

  it("but not to another shape", () => {
    const p = tensor([1, 2], { requiresGrad: true });
    const optimizer = new Adam([p]);
    p.grad = tensor([1, 2]);
    optimizer.step();
    p.setData(tensor([1, 2, 3]));
    p.grad = tensor([1, 2, 3]);
    expect(() => optimizer.step()).toThrow(
      "Adam.step: expected a parameter of shape [2], as in the steps before, got [3]",
    );
  });
});

describe("an optimizer of the user's own", () => {
  type Options = { lr: number; decay: number };
  /** p −= lr·s, s = decay·s + grad from s = 1. */
  class Velocity extends optim.Optimizer<Options> {
    constructor(params: optim.Parameters<Options>, lr: number) {
      super("Velocity", params, { lr, decay: 0.5 });
    }

    protected checkOptions({ lr }: Options): void {
      if (!(lr > 0)) throw new Error("Velocity: expected a lr above 0");
    }

    protected updateGroup({ params, lr, decay }: optim.ParamGroup<Options>): void {
      noGrad(() => {
        for (const param of params) {
          if (param.grad === null) continue;
          const state = this.stateOf(param);
          state.step++;
          param.sub_(this.buffer(param, state, "speed", 1).mul_(decay).add_(param.grad).mul(lr));
        }
      });
    }
  }

  it("has groups, state and files", () => {
    const [param, copy] = [new nn.Parameter(tensor([1])), new nn.Parameter(tensor([1]))];
    const [optimizer, other] = [new Velocity([param], 0.25), new Velocity([{ params: [copy], lr: 1 }], 0.5)];
    param.grad = tensor([0.5]);
    scope(() => optimizer.step());
    expect(param.item()).toBe(0.75);
    other.loadStateDict(optimizer.stateDict());
    expect(other.stateDict()).toMatchObject({
      state: { 0: { step: 1 } },
      param_groups: [{ lr: 0.25, decay: 0.5, params: [0] }],
    });
    copy.grad = tensor([0.5]);
    scope(() => other.step());
    expect(copy.item()).toBe(0.75);
    expect(() => new Velocity([param], 0)).toThrow("expected a lr above 0");
  });
});

describe("power", () => {
  it("is base^n to the last bit or the one before", () => {
    for (const base of [0.9, 0.999, 0.5, 0.99, 0, 1, 0.1]) {
      for (const n of [0, 1, 2, 3, 10, 31, 600, 1000]) {
        // A double is m/2^k: BigInt gives its exact power, and a division with 70 extra bits rounds it.
        const m = BigInt(Math.round(base * 2 ** 60));
        const exact = m ** BigInt(n);
        const bits = exact.toString(2).length;
        const scaled = bits > 120 ? exact >> BigInt(bits - 120) : exact;
        const shift = (bits > 120 ? bits - 120 : 0) - 60 * n;
        const want = Number(scaled) * 2 ** Math.max(shift, -1000) * 2 ** Math.min(shift + 1000, 0);
        expect(Math.abs(power(base, n) - want)).toBeLessThanOrEqual(want * 2 ** -52);
      }
    }
  });
});

describe("clipping", () => {
  it.each(golden.clips.map((row) => [`norm ${row.normType} at most ${row.maxNorm}`, row] as const))(
    "scales as PyTorch does: %s",
    (_, row) => {
      const params = parameters("float32");
      setGrads(params, 3, "float32");
      const norm = optim.clipGradNorm_(params, row.maxNorm, {
        normType: row.normType === "inf" ? Infinity : +row.normType,
      });
      expectClose([norm.item()], [row.norm], 2e-6);
      for (const [i, grad] of row.grads.entries()) expectClose(params[i]!.grad!.toTypedArray(), grad, 2e-6);
    },
  );

  it("clamps values", () => {
    const param = new nn.Parameter(tensor([1, 2, 3]));
    param.grad = tensor([-5, 0.5, 2]);
    nn.utils.clipGradValue_(param, 1);
    expect(param.grad.toArray()).toEqual([-1, 0.5, 1]);
  });

  it("refuses what is not finite when told to, and leaves the gradients as they were", () => {
    const param = new nn.Parameter(tensor([1, 2]));
    param.grad = tensor([1, Infinity]);
    expect(() => optim.clipGradNorm_(param, 1, { errorIfNonfinite: true })).toThrow(
      "clipGradNorm_: expected gradients with a finite norm of order 2, got Infinity",
    );
    expect(param.grad.toArray()).toEqual([1, Infinity]);
    expect(() => optim.clipGradNorm_(param, 1, { normType: 0 })).toThrow(
      "clipGradNorm_: expected normType to be a number above 0, got 0",
    );
    expect(() => optim.clipGradValue_(param, -1)).toThrow(
      "clipGradValue_: expected clipValue to be a number in [0, Infinity], got -1",
    );
    expect(optim.clipGradNorm_([], 1).item()).toBe(0);
  });

  const withGrad = (): nn.Parameter => {
    const param = new nn.Parameter(tensor([1, 2]));
    param.grad = tensor([3, -4]);
    return param;
  };

  it("takes arguments by position and by keyword, and an iterator of parameters", () => {
    const clipped = (clip: (param: nn.Parameter) => unknown): number[] => {
      const param = withGrad();
      clip(param);
      return [...param.grad!.toTypedArray()];
    };
    const byMost = clipped((p) => optim.clipGradNorm_(p, 2, Infinity, true));
    expect(byMost[1]).toBeCloseTo(-2, 5);
    expect(clipped((p) => optim.clipGradNorm_([p].values(), 2, { normType: Infinity }))).toEqual(byMost);
    expect(clipped((parameters) => optim.clipGradNorm_({ parameters, maxNorm: 2, normType: Infinity }))).toEqual(
      byMost,
    );
    expect(clipped((p) => optim.clipGradValue_([p].values(), { clipValue: 2 }))).toEqual([2, -2]);
  });

  it.each<[string, unknown[]]>([
    ["clipGradNorm_", [1]],
    ["clipGradNorm_", [new nn.Linear(2, 1), 1]],
    ["clipGradNorm_", ["SELF", Number.NaN]],
    ["clipGradNorm_", ["SELF", "1"]],
    ["clipGradNorm_", ["SELF", -1]],
    ["clipGradNorm_", ["SELF", 1, "inf"]],
    ["clipGradNorm_", ["SELF", 1, 2, 1]],
    ["clipGradNorm_", ["SELF", 1, 2, true, 5]],
    ["clipGradNorm_", ["SELF", 1, { norm_type: 2 }]],
    ["clipGradNorm_", ["SELF and a number", 1]],
    ["clipGradValue_", ["SELF"]],
    ["clipGradValue_", ["SELF", Number.NaN]],
    ["clipGradValue_", ["SELF and a number", 1]],
    ["clipGradValue_", ["SELF", 1, 1]],
  ])("%s refuses %s before any effect", (name, args) => {
    const param = withGrad();
    const call: unknown = Reflect.get(nn.utils, name);
    const given = args.map((arg) => (arg === "SELF" ? param : arg === "SELF and a number" ? [param, 3] : arg));
    expect(() => Reflect.apply(call as () => void, null, given)).toThrow(SimdgradError);
    expect(param.grad!.toArray()).toEqual([3, -4]);
  });
});
