import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  arange,
  cat,
  chunk,
  empty,
  eye,
  full,
  grad,
  linspace,
  maskedSelect,
  noGrad,
  nonzero,
  ones,
  onesLike,
  stack,
  type Tensor,
  tensor,
  where,
  zeros,
  zerosLike,
} from "../../../src/index.js";
import { mergeDims } from "../../../src/ops/layout/merge-dims.js";

const range = (...shape: number[]): Tensor =>
  arange(
    shape.reduce((a, b) => a * b, 1),
    { dtype: "float32" },
  ).view(shape);

describe("factories", () => {
  it("make PyTorch's tensors", () => {
    expect(zeros(2, 3).toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(ones([2], { dtype: "int32" }).toString()).toBe("tensor([1, 1], dtype=torch.int32)");
    expect(empty(3).toArray()).toEqual([0, 0, 0]);
    expect(zeros([], { dtype: "float64" }).shape).toEqual([]);
    expect(onesLike(tensor([1, 2], { dtype: "float64" })).dtype).toBe("float64");
    expect(zerosLike(tensor([1, 2]), { dtype: "bool" }).dtype).toBe("bool");
    expect(eye(2, 3).toArray()).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
    expect(eye(3, 2, { dtype: "int32" }).toArray()).toEqual([
      [1, 0],
      [0, 1],
      [0, 0],
    ]);
    expect(arange(3).dtype).toBe("int32");
    expect(arange(5, 1, -2).toArray()).toEqual([5, 3]);
    expect(arange(1, 2.5, 0.5).toArray()).toEqual([1, 1.5, 2]);
    expect(arange(0).shape).toEqual([0]);
    expect(full([2], 7, { dtype: "uint8" }).toArray()).toEqual([7, 7]);
  });

  it("tell their dims, values and gradients under PyTorch's names", () => {
    const x = zeros(2, 3);
    expect(x.dim()).toBe(2);
    expect([x.size(), x.size(-1)]).toEqual([[2, 3], 3]);
    expect(() => x.size(2)).toThrow("size: expected a dim of shape [2, 3], got 2");
    expect(x.tolist()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(x.requiresGrad_()).toBe(x);
    expect(x.requiresGrad).toBe(true);
    expect(x.requiresGrad_(false).requiresGrad).toBe(false);
  });

  it("linspace has PyTorch's bits", () => {
    // torch.linspace(-1, 1, 6) and torch.linspace(0, 1, 11), float32
    const six = [-1, -0.6000000238418579, -0.19999998807907104, 0.19999998807907104, 0.6000000238418579, 1];
    const eleven = [0, 0.1, 0.2, 0.30000001192092896, 0.4, 0.5, 0.6, 0.699999988079071, 0.8, 0.9, 1].map(Math.fround);
    expect(linspace(-1, 1, 6).toArray()).toEqual(six);
    expect(linspace(0, 1, 11).toArray()).toEqual(eleven);
    expect(linspace(3, 9, 1).toArray()).toEqual([3]);
    expect(linspace(3, 9, 0).toArray()).toEqual([]);
  });
});

describe("views", () => {
  it("share memory and know when they cannot", () => {
    const x = range(2, 3);
    const y = x.t();
    expect(y.storage).toBe(x.storage);
    expect(() => y.view(6)).toThrow("view: expected elements that lie so that [6] is a view of them");
    expect(y.reshape(6).toArray()).toEqual([0, 3, 1, 4, 2, 5]);
    const z = range(2, 3, 4).narrow(2, 0, 2);
    expect(z.view(6, 2).storage).toBe(z.storage);
    expect(z.view(6, 2).toArray()).toEqual(z.reshape(6, 2).clone().toArray());
    expect(zeros(0, 3).view(3, 0).shape).toEqual([3, 0]);
    expect(range(4).expand(2, 4).view(2, 2, 2).toArray()).toEqual([
      [
        [0, 1],
        [2, 3],
      ],
      [
        [0, 1],
        [2, 3],
      ],
    ]);
  });

  it("say what does not fit", () => {
    const x = range(2, 3);
    expect(() => x.view(4, -1)).toThrow("view: expected sizes that hold 6 elements, got [4, -1]");
    expect(() => x.permute(0, 0)).toThrow("permute: expected each of 2 dims once, got [0, 0]");
    expect(() => x.narrow(1, 2, 2)).toThrow("narrow: expected a range within dim 1 of size 3, got 2 from 2 on");
    expect(() => x.select(0, 2)).toThrow("select: expected an index in [-2, 1] for dim 0, got 2");
    expect(() => x.split([1, 1], 1)).toThrow("split: expected sizes that add up to 3 (dim 1), got [1, 1]");
    expect(() => cat([x, range(3, 3)], 1)).toThrow(
      "cat: expected shapes that agree except at dim 1, got [2, 3], [3, 3]",
    );
    expect(() => stack([x, range(3)])).toThrow("stack: expected tensors of one shape, got [2, 3], [3]");
    expect(() => range(2, 2, 2).t()).toThrow("t: expected at most 2 dims");
    expect(() => x.slice(0, 0, 1, -1)).toThrow("slice: expected step to be a whole number of at least 1, got -1");
  });

  it("cat promotes types and skips what is empty", () => {
    const mixed = cat([tensor([1], { dtype: "int32" }), tensor([0.5], { dtype: "float64" }), tensor([])]);
    expect([mixed.dtype, mixed.toArray()]).toEqual(["float64", [1, 0.5]]);
    expect(chunk(arange(5), 3).map((part) => part.toArray())).toEqual([[0, 1], [2, 3], [4]]);
  });
});

describe("errors of operations", () => {
  const x = range(2, 3);
  const ints = tensor([1, 0], { dtype: "int32" });
  it.each([
    ["add", () => x.add(range(2)), "add: expected shapes that broadcast"],
    ["gt", () => x.gt(range(2)), "gt: expected shapes that broadcast"],
    ["floorDivide", () => ints.floorDivide(ints), "floorDivide: expected integer divisors that are not 0"],
    ["mean", () => ints.mean(), "mean: expected a float tensor, got int32"],
    ["max", () => zeros(0).max(), "max: expected at least one element to reduce, got shape [0]"],
    ["max dim", () => zeros(2, 0).max(1), "max: expected at least one element along dim 1, got shape [2, 0]"],
    ["sum dim", () => x.sum(2), "sum: expected a dim in [-2, 1], got 2"],
    ["sum twice", () => x.sum([0, -2]), "sum: expected distinct dims, got dim 0 twice"],
    ["where", () => where(x, x, 0), "where: expected a bool condition, got float32"],
    ["clamp", () => x.clamp(), "clamp: expected min, max or both, got neither"],
    ["sub", () => x.gt(0).sub(x.gt(1)), "sub: expected numbers, got two bool tensors"],
    ["gather", () => x.gather(0, ints), "gather: expected an index with 2 dims"],
    [
      "indexSelect",
      () => x.indexSelect(1, tensor([3], { dtype: "int32" })),
      "expected indices in [0, 2], got 3 at position 0",
    ],
    ["index float", () => x.index(tensor([1])), "index: expected int32 indices, got float32"],
    ["index range", () => x.index(tensor([-3], { dtype: "int32" })), "index: expected indices in [-2, 1], got -3"],
    ["index dims", () => x.index(0, 0, 0), "index: expected indices for at most 2 dims of [2, 3]"],
    ["index text", () => x.index("a"), 'index: expected "start:stop:step" or "...", got "a"'],
    [
      "index bytes",
      () => x.index(tensor([1, 0], { dtype: "uint8" })),
      "index: expected int32 positions or a bool mask",
    ],
    ["index mixed", () => x.index([0, null] as unknown as number[]), "index: expected numbers, slices as strings"],
    [
      "index object",
      () => x.index({ start: 1 } as unknown as number),
      'got an object of Object. A slice is "start:stop:step"',
    ],
    ["index true", () => x.index(true as unknown as number), "index: expected numbers, slices as strings"],
    ["index nothing", () => x.index(undefined as unknown as number), "index: expected numbers, slices as strings"],
    ["index list", () => x.index([2]), "index: expected indices in [-2, 1], got 2"],
    ["index booleans", () => x.index([true, false, true]), "index: expected a mask of [2], got [3]"],
    ["index step", () => x.index("::-1"), "slice: expected step to be a whole number of at least 1, got -1"],
    ["index mask", () => x.index(tensor([true, false, true])), "index: expected a mask of [2], got [3]"],
    ["topk", () => x.topk(4), "topk: expected k in [0, 3], got 4"],
    ["arange", () => arange(0, 3, -1), "arange: expected a step that leads from start to end"],
  ])("%s", (_, run, message) => {
    expect(run).toThrow(message);
  });
});

describe("a walk", () => {
  it("merges dims that both tensors step through as through one, up to a length", () => {
    expect(mergeDims([4, 5, 1, 6], [30, 6, 6, 1], [0, 0, 0, 0])).toEqual({ shape: [120], a: [1], b: [0] });
    expect(mergeDims([4, 5, 1, 6], [30, 6, 6, 1], [0, 0, 0, 0], 30)).toEqual({
      shape: [4, 30],
      a: [30, 1],
      b: [0, 0],
    });
    expect(mergeDims([4, 5, 6], [30, 6, 1], [6, 24, 1])).toEqual({ shape: [4, 5, 6], a: [30, 6, 1], b: [6, 24, 1] });
    expect(mergeDims([1, 1], [1, 1], [7, 7])).toEqual({ shape: [], a: [], b: [] });
  });
});

describe("max and min along a dim", () => {
  /** The index of the first NaN, or else of the first best element. */
  const placeIn = (column: number[], sign: number): number => {
    const nan = column.findIndex(Number.isNaN);
    return nan >= 0 ? nan : column.findIndex((v) => column.every((w) => sign * v >= sign * w));
  };

  it.each(["float32", "float64", "int32"] as const)("are the first NaN or the first of the best, %s", (dtype) => {
    const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(Number.NaN, -0, Infinity, -Infinity));
    const shape = fc.tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 19 }),
      fc.integer({ min: 1, max: 11 }),
    );
    const filled = shape.chain(([o, r, i]) =>
      fc.tuple(fc.constant([o, r, i] as const), fc.array(value, { minLength: o * r * i, maxLength: o * r * i })),
    );
    fc.assert(
      fc.property(filled, ([[outer, r, inner], values]) => {
        const clean = dtype === "int32" ? values.map((v) => (Number.isInteger(v) ? v : 0)) : values;
        const x = tensor(clean, { dtype }).reshape([outer, r, inner]);
        for (const [found, sign] of [
          [x.max(1), 1],
          [x.min(1), -1],
        ] as const) {
          const [best, where] = [found.values.toTypedArray(), found.indices.toTypedArray()];
          for (let unit = 0; unit < outer * inner; unit++) {
            const at = Math.floor(unit / inner) * r * inner + (unit % inner);
            const column = Array.from({ length: r }, (_, k) => clean[at + k * inner]!);
            const place = placeIn(column, sign);
            expect(where[unit]).toBe(place);
            expect(best[unit]).toBe(dtype === "int32" ? column[place]! + 0 : column[place]);
          }
        }
      }),
    );
  });
});

describe("topk", () => {
  const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(Number.NaN, -0, Infinity, -Infinity, 0.5));

  it.each(["float32", "float64", "int32"] as const)("is the beginning of what sort gives, %s", (dtype) => {
    fc.assert(
      fc.property(
        fc.array(fc.array(value, { minLength: 40, maxLength: 40 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 40 }),
        fc.boolean(),
        fc.constantFrom(0, 1),
        (rows, k, largest, dim) => {
          const clean = dtype === "int32" ? rows.map((row) => row.map((v) => (Number.isInteger(v) ? v : 9))) : rows;
          const x = tensor(clean, { dtype });
          const whole = dim === 1 ? x : x.t();
          const got = whole.topk(k, dim, { largest });
          const want = whole.sort(dim, { descending: largest });
          expect(got.values.toArray()).toEqual(want.values.narrow(dim, 0, k).toArray());
          expect(got.indices.toArray()).toEqual(want.indices.narrow(dim, 0, k).toArray());
        },
      ),
    );
  });

  it("of many", () => {
    const shuffled = tensor(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 4999));
    const rising = arange(5000);
    for (const k of [1, 64, 255, 256, 257, 4999]) {
      for (const largest of [true, false]) {
        for (const x of [shuffled, rising]) {
          const want = x.sort(0, { descending: largest });
          expect(x.topk(k, 0, { largest }).indices.toArray()).toEqual(want.indices.narrow(0, 0, k).toArray());
        }
      }
    }
  });
});

describe("writes in place", () => {
  it("write into the tensor and its views, in its type", () => {
    const x = range(2, 3);
    expect(x.add_(1)).toBe(x);
    x.t().mul_(tensor([10, 100]));
    expect(x.toArray()).toEqual([
      [10, 20, 30],
      [400, 500, 600],
    ]);
    x.select(1, 0).fill_(-1);
    x.sub_(ones([2, 1], { dtype: "float64" }), { alpha: 2 });
    expect(x.toArray()).toEqual([
      [-3, 18, 28],
      [-3, 498, 598],
    ]);
    expect(x.clamp_(0, 100).div_(2).toArray()).toEqual([
      [0, 9, 14],
      [0, 50, 50],
    ]);
    x.maskedFill_(x.eq(50), 5);
    x.index(":", 2).zero_();
    expect(x.toArray()).toEqual([
      [0, 9, 0],
      [0, 5, 0],
    ]);
    const shifted = arange(5);
    shifted.narrow(0, 1, 4).add_(shifted.narrow(0, 0, 4)); // operand and target overlap
    expect(shifted.toArray()).toEqual([0, 1, 3, 5, 7]);
  });

  it("indexPut_ writes parts", () => {
    const x = zeros(3, 4);
    x.indexPut_([0], 1).indexPut_([":", "1:3"], tensor([5, 6]));
    x.indexPut_(["...", -1], tensor([7, 8, 9]));
    x.t().indexPut_([tensor([0], { dtype: "int32" }), tensor([2, 1], { dtype: "int32" })], tensor([3, 4]));
    expect(x.toArray()).toEqual([
      [1, 5, 6, 7],
      [4, 5, 6, 8],
      [3, 5, 6, 9],
    ]);
  });

  it("refuse what would change the tensor's shape, type or gradient", () => {
    const x = range(3);
    expect(() => x.add_(range(2, 3))).toThrow("add_: expected an operand that broadcasts to [3], got [2, 3]");
    expect(() => arange(3).add_(0.5)).toThrow("add_: expected an operand that int32 can hold, got a float");
    expect(() => arange(3).div_(2)).toThrow("div_: expected a float tensor, got int32");
    expect(() => x.maskedFill_(tensor([[true], [false]]), 0)).toThrow(
      "maskedFill_: expected operands that broadcast to [3]",
    );
    const w = tensor([1, 2], { requiresGrad: true });
    expect(() => w.add_(1)).toThrow("add_: expected a write in place under noGrad");
    const y = w.mul(w);
    noGrad(() => w.add_(1));
    expect(() => y.sum().backward()).toThrow("mul needs the value");
    expect(x.toArray()).toEqual([0, 1, 2]);
  });

  it("do not disturb gradients that never read the value", () => {
    const w = tensor([1, 2], { requiresGrad: true });
    const y = w.mul(3).add(1).sub(w);
    noGrad(() => w.zero_());
    expect(grad(y.sum(), [w])[0]!.toArray()).toEqual([2, 2]);
  });
});

describe("searching", () => {
  it("max along a dim gives a named pair that can be destructured", () => {
    const [values, indices] = range(2, 3).max(1);
    expect([values!.toArray(), indices!.toArray(), indices!.dtype]).toEqual([[2, 5], [2, 2], "int32"]);
    expect(range(2, 3).min(0).values.toArray()).toEqual([0, 1, 2]);
    expect(
      range(3)
        .max(tensor([1, 1, 1]))
        .toArray(),
    ).toEqual([1, 1, 2]);
  });

  it("finds nothing in nothing", () => {
    expect(nonzero(zeros(2, 0)).shape).toEqual([0, 2]);
    expect(maskedSelect(range(3), tensor([false, false, false])).shape).toEqual([0]);
    expect(zeros(0, 2).sort(0).values.shape).toEqual([0, 2]);
  });

  it("takes a mask without dims as a new dim of size 1 or 0", () => {
    const x = tensor(3, { requiresGrad: true });
    const chosen = x.index(x.gt(0));
    expect([chosen.toArray(), x.index(x.lt(0)).shape]).toEqual([[3], [0]]);
    chosen.mul(2).sum().backward();
    expect(x.grad!.toArray()).toBe(2);
    expect(range(2, 3).index(tensor(true)).shape).toEqual([1, 2, 3]);
    expect(noGrad(() => zeros(2).indexPut_([tensor(true)], 5)).toArray()).toEqual([5, 5]);
    expect(noGrad(() => zeros(2).indexPut_([tensor(false)], 5)).toArray()).toEqual([0, 0]);
  });

  it("multiplies no rows, however they lie", () => {
    expect(range(2, 1, 8, 5).slice(2, 8).matmul(zeros(5, 3)).shape).toEqual([2, 1, 0, 3]);
    expect(range(2, 4, 5).slice(1, 4).matmul(zeros(5, 3)).shape).toEqual([2, 0, 3]);
  });
});

describe("layout never changes bits", () => {
  const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33];
  it.each(["float32", "float64"] as const)("%s: transposed, sliced and broadcast operands", (dtype) => {
    for (const m of sizes) {
      for (const n of [1, 3, 8, 17]) {
        const x = arange(m * n, { dtype })
          .view(m, n)
          .mul(0.1)
          .sub(1.7);
        const layouts = [x.t().contiguous().t(), cat([x, x], 1).narrow(1, n, n), stack([x, x], 2).select(2, 1)];
        for (const y of layouts) {
          for (const op of ["add", "sub", "mul", "div", "maximum"] as const) {
            expect(y[op](x.mul(3)).toTypedArray()).toEqual(x[op](x.mul(3)).toTypedArray());
          }
          expect(y.sum(0).toTypedArray()).toEqual(x.sum(0).toTypedArray());
          expect(y.std(1).toTypedArray()).toEqual(x.std(1).toTypedArray());
          expect(y.cumsum(0).toTypedArray()).toEqual(x.cumsum(0).toTypedArray());
          expect(y.lt(0.5).toTypedArray()).toEqual(x.lt(0.5).toTypedArray());
        }
      }
    }
  });
});
