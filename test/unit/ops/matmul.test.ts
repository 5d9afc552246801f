import {
  bmm,
  dot,
  einsum,
  F,
  grad,
  manualSeed,
  matmul,
  memory,
  mm,
  mv,
  nn,
  noGrad,
  outer,
  scope,
  type Tensor,
  tensor,
} from "simdgrad";
import { describe, expect, it } from "vitest";
import { goldenJson } from "../../support/files.js";

/** Small whole numbers, so that every order of summing gives the same result. */
function whole(shape: readonly number[], seed = 0): Tensor {
  const count = shape.reduce((n, size) => n * size, 1);
  return tensor(
    Float32Array.from({ length: count }, (_, i) => ((i * 7 + seed * 3) % 11) - 5),
    { shape },
  );
}

describe("matmul", () => {
  it.each([
    [[3], [3], []],
    [[2, 3], [3], [2]],
    [[3], [3, 4], [4]],
    [
      [2, 3],
      [3, 4],
      [2, 4],
    ],
    [
      [5, 2, 3],
      [3, 4],
      [5, 2, 4],
    ],
    [[5, 2, 3], [3], [5, 2]],
    [[3], [5, 3, 4], [5, 4]],
    [
      [2, 3],
      [5, 3, 4],
      [5, 2, 4],
    ],
    [
      [5, 2, 3],
      [5, 3, 4],
      [5, 2, 4],
    ],
    [
      [1, 2, 3],
      [5, 3, 4],
      [5, 2, 4],
    ],
    [
      [6, 1, 2, 3],
      [5, 3, 4],
      [6, 5, 2, 4],
    ],
    [
      [0, 2, 3],
      [3, 4],
      [0, 2, 4],
    ],
    [
      [2, 0],
      [0, 4],
      [2, 4],
    ],
  ])("multiplies %j by %j to %j", (a, b, shape) => {
    const [x, y] = [whole(a), whole(b, 1)];
    const got = matmul(x, y);
    expect(got.shape).toEqual(shape);
    const left = a.length === 1 ? "k" : "...ik";
    const right = b.length === 1 ? "k" : "...kj";
    const out = `...${a.length === 1 ? "" : "i"}${b.length === 1 ? "" : "j"}`;
    expect(got.toArray()).toEqual(naive(`${left},${right}->${out}`, x, y).toArray());
  });

  it("reads transposed, expanded and sliced operands where they lie, to the same bits", () => {
    const a = whole([4, 6, 5]).mul(0.1);
    const b = whole([4, 5, 7], 2).mul(0.1);
    const want = matmul(a, b).toArray();
    const turned = (x: Tensor): Tensor => x.transpose(-2, -1).contiguous().transpose(-2, -1);
    const outermost = (x: Tensor): Tensor => x.permute(1, 2, 0).contiguous().permute(2, 0, 1);
    scope(() => {
      const before = memory().tensors;
      matmul(a.transpose(-2, -1), a);
      expect(memory().tensors - before).toBe(1);
    });
    for (const x of [a, turned(a), outermost(a)]) {
      for (const y of [b, turned(b), outermost(b)]) expect(matmul(x, y).toArray()).toEqual(want);
    }
    const rows = matmul(a.expand([3, 4, 6, 5]), b);
    expect(rows.select(0, 2).toArray()).toEqual(want);
  });

  it("names the operation and both shapes when they do not meet", () => {
    const [a, b] = [whole([3, 4]), whole([5, 6])];
    expect(() => matmul(a, b)).toThrow(
      "matmul: expected the last size of the first (4) to equal size 0 of the second (5), got [3, 4] and [5, 6]",
    );
    expect(() => mm(a, whole([2, 4, 3]))).toThrow("mm: expected tensors of 2 and 2 dims, got [3, 4] and [2, 4, 3]");
    expect(() => bmm(whole([2, 3, 4]), whole([3, 4, 5]))).toThrow(
      "bmm: expected batches of one size, got [2, 3, 4] and [3, 4, 5]",
    );
    expect(() => matmul(whole([2, 3, 4]), whole([3, 4, 5]))).toThrow(/matmul: expected shapes that broadcast/);
    expect(() => matmul(a, tensor(2))).toThrow("matmul: expected tensors with at least one dim, got [3, 4] and []");
    expect(() => matmul(a, whole([4, 2]).double())).toThrow("expected operands of one dtype, got float32 and float64");
    expect(() => matmul(a.int(), whole([4, 2]).int())).toThrow(/expected a float32 or float64 tensor, got int32/);
    expect(() => mv(a, whole([3]))).toThrow(/mv: .* got \[3, 4\] and \[3\]/);
    expect(() => dot(a, a)).toThrow(/dot: expected tensors of 1 and 1 dims/);
    expect(() => outer(a, a)).toThrow(/outer: expected tensors of 1 and 1 dims/);
  });

  it("differentiates twice through a product of three", () => {
    const a = tensor([[2]], { dtype: "float64", requiresGrad: true });
    const b = tensor([[3]], { dtype: "float64", requiresGrad: true });
    const y = a.matmul(b).matmul(a).sum();
    const [da] = grad(y, [a], { createGraph: true });
    expect(da?.item()).toBe(12);
    const [daa, dab] = grad(da!.sum(), [a, b]);
    expect([daa?.item(), dab?.item()]).toEqual([6, 4]);
  });

  it("sums the gradient of an operand that was broadcast", () => {
    const w = tensor([[1, 2]], { requiresGrad: true });
    whole([5, 3, 1]).matmul(w).sum().backward();
    const total = whole([5, 3, 1]).sum().item();
    expect(w.grad?.toArray()).toEqual([[total, total]]);
    const v = tensor([[1], [2]], { requiresGrad: true });
    v.matmul(whole([4, 1, 3]))
      .sum()
      .backward();
    const all = whole([4, 1, 3]).sum().item();
    expect(v.grad?.toArray()).toEqual([[all], [all]]);
  });
});

/** einsum by its definition: a loop over all labels. Ellipses stand for dims counted from the right. */
function naive(equation: string, ...operands: Tensor[]): Tensor {
  const [inputs, output] = equation.replaceAll(" ", "").split("->") as [string, string | undefined];
  const expand = (term: string, dims: number): string[] => {
    const [left, right] = term.split("...");
    return right === undefined
      ? [...left!]
      : [...left!, ...Array.from({ length: dims }, (_, i) => String(dims - i)), ...right];
  };
  const letters = (term: string): number => term.replaceAll(".", "").length;
  const terms = inputs.split(",").map((term, i) => expand(term, operands[i]!.ndim - letters(term)));
  const dots = [...new Set(terms.flat().filter((label) => label < "A"))].sort().reverse();
  const once = [...inputs].filter((c) => /[a-zA-Z]/.test(c) && inputs.split(c).length === 2).sort();
  const wanted = output === undefined ? [...dots, ...once] : expand(output, dots.length);
  const sizes = new Map<string, number>();
  terms.forEach((term, i) => {
    for (const [dim, label] of term.entries()) {
      const size = operands[i]!.shape[dim]!;
      if (size !== 1 || !sizes.has(label)) sizes.set(label, size);
    }
  });
  const labels = [...wanted, ...[...sizes.keys()].filter((label) => !wanted.includes(label))];
  const shape = wanted.map((label) => sizes.get(label)!);
  const out = new Float64Array(shape.reduce((n, size) => n * size, 1));
  const data = operands.map((x) => x.toTypedArray());
  const place = new Map<string, number>();
  const walk = (depth: number, at: number): void => {
    if (depth === labels.length) {
      let product = 1;
      terms.forEach((term, i) => {
        const x = operands[i]!;
        let index = 0;
        term.forEach((label, dim) => {
          index = index * x.shape[dim]! + (x.shape[dim] === 1 ? 0 : place.get(label)!);
        });
        product *= data[i]![index]!;
      });
      out[at]! += product;
      return;
    }
    const size = sizes.get(labels[depth]!)!;
    for (let i = 0; i < size; i++) {
      place.set(labels[depth]!, i);
      walk(depth + 1, depth < wanted.length ? at * size + i : at);
    }
  };
  walk(0, 0);
  return tensor(out, { shape });
}

describe("einsum", () => {
  it.each<[string, ...number[][]]>([
    ["ij,jk->ik", [2, 3], [3, 4]],
    ["ij,jk", [2, 3], [3, 4]],
    ["ij, kj -> ki", [2, 3], [4, 3]],
    ["ba", [2, 3]],
    ["aB", [2, 3]],
    ["ij->", [2, 3]],
    ["ij->j", [2, 3]],
    ["ii", [3, 3]],
    ["ii->i", [3, 3]],
    ["iji->ji", [3, 2, 3]],
    ["iii->i", [3, 3, 3]],
    ["i,j->ij", [2], [3]],
    ["i,i->i", [3], [3]],
    ["i,i", [3], [3]],
    ["bij,bjk->bik", [2, 3, 4], [2, 4, 5]],
    ["bhid,bhjd->bhij", [2, 3, 4, 5], [2, 3, 6, 5]],
    ["bn,anm,bm->ba", [2, 3], [5, 3, 4], [2, 4]],
    ["...ij,...jk->...ik", [2, 1, 3, 4], [5, 4, 2]],
    ["...i,...i", [2, 3], [3]],
    ["...a->a", [2, 3, 4]],
    ["a...->...a", [2, 3, 4]],
    ["...ii->...i", [2, 3, 3]],
    ["ij,jk", [2, 3], [1, 4]],
    ["ij,ij->ij", [2, 1], [1, 3]],
    ["ab,cd->", [2, 3], [4, 2]],
    ["ijk,jil->kl", [2, 3, 4], [3, 2, 5]],
    ["abcd,be,cf->adef", [2, 3, 2, 2], [3, 2], [2, 4]],
    [",ij->ij", [], [2, 3]],
    ["ij,jk->ik", [2, 0], [0, 3]],
    ["ij,jk->ik", [0, 2], [2, 3]],
  ])("%s of %j %j %j", (equation, ...shapes) => {
    const operands = shapes.map((shape, i) => whole(shape, i));
    const [got, want] = [einsum(equation, ...operands), naive(equation, ...operands)];
    expect([got.shape, got.add(0).toArray()]).toEqual([want.shape, want.toArray()]);
  });

  it("gives each operand the gradient that its definition gives", () => {
    for (const [equation, ...shapes] of [
      ["bij,bjk->ik", [2, 3, 4], [2, 4, 5]],
      ["iij,jk->ik", [3, 3, 2], [2, 4]],
      ["...i,i->...", [2, 3], [3]],
      ["ij,jk->ik", [2, 3], [1, 4]],
    ] as const) {
      const operands = shapes.map((shape, i) => whole([...shape], i));
      for (const x of operands) x.requiresGrad = true;
      einsum(equation, ...operands)
        .sum()
        .backward();
      operands.forEach((x, i) => {
        // The output is linear in each operand, so its gradient is the output for unit vectors in place of the operand.
        const want = Array.from({ length: x.numel }, (_, at) => {
          const unit = tensor(
            Float64Array.from({ length: x.numel }, (_, p) => Number(p === at)),
            { shape: x.shape },
          );
          return naive(equation, ...operands.map((y, k) => (k === i ? unit : y.detach())))
            .sum()
            .item();
        });
        expect(Array.from(x.grad!.toTypedArray())).toEqual(want);
      });
    }
  });

  it("says what it cannot read", () => {
    const x = whole([2, 3]);
    expect(() => einsum("ij,jk", x)).toThrow('einsum: expected an operand for each of 2 terms of "ij,jk", got 1');
    expect(() => einsum("i1", x)).toThrow('expected letters and at most one "..." in each term, got "i1" in "i1"');
    expect(() => einsum("i...j...", x)).toThrow(/at most one "\.\.\."/);
    expect(() => einsum("i.j", x)).toThrow(/expected letters/);
    expect(() => einsum("ijk", x)).toThrow(
      'einsum: expected operand 0 to have the dims of "ijk" in "ijk", got shape [2, 3]',
    );
    expect(() => einsum("ii", x)).toThrow('einsum: expected one size for "i" in operand 0, got 2 and 3');
    expect(() => einsum("ij->ik", x)).toThrow('expected output letters that an operand has, got "k" in "ij->ik"');
    expect(() => einsum("ij->ii", x)).toThrow('expected output letters once each, got "i" twice in "ij->ii"');
    expect(() => einsum("ij->i->j", x)).toThrow('einsum: expected one "->", got "ij->i->j"');
    expect(() => einsum("ij,jk", x, whole([4, 2]))).toThrow(
      'einsum: expected size 3 (or 1) for "j" in operand 1, got 4',
    );
  });
});

describe("Linear", () => {
  type Golden = { seed: number; inputs: number; outputs: number; bias: boolean; dtype: "float32" | "float64" };
  type Values = { weight: number[]; bias?: number[]; output: number[]; dx: number[]; dw: number[] };
  const cases: (Golden & { values: Values })[] = goldenJson("linear.json");

  it.each(cases)("draws PyTorch's parameters: $inputs to $outputs in $dtype from seed $seed", (golden) => {
    const { seed, inputs, outputs, bias, dtype, values } = golden;
    manualSeed(seed);
    const layer = new nn.Linear(inputs, outputs, { bias, dtype });
    expect(Array.from(layer.weight.toTypedArray())).toEqual(values.weight);
    expect(layer.bias && Array.from(layer.bias.toTypedArray())).toEqual(values.bias ?? null);
    const data = Float64Array.from({ length: 6 * inputs }, (_, i) => ((i % 7) - 3) / 4);
    const x = tensor(data, { shape: [2, 3, inputs], dtype, requiresGrad: true });
    const y = layer.forward(x);
    y.mul(y).sum().backward();
    expect(y.shape).toEqual([2, 3, outputs]);
    const near = (got: Tensor | null, want: number[]): void => {
      const size = Math.max(...want.map(Math.abs));
      got!.toTypedArray().forEach((value, i) => {
        expect(Math.abs(value - want[i]!)).toBeLessThanOrEqual(size * (dtype === "float32" ? 1e-6 : 1e-14));
      });
    };
    near(y, values.output);
    near(x.grad, values.dx);
    near(layer.weight.grad, values.dw);
  });

  it("says its sizes when the input does not fit", () => {
    const layer = new nn.Linear(400, 120);
    expect(() => layer.forward(whole([4, 401]))).toThrow("Linear(400, 120): expected input [*, 400], got [4, 401]");
    expect(() => layer.forward(whole([4, 400]).double())).toThrow(
      /^Linear\(400, 120\): expected input of the layer.s dtype float32, got float64/,
    );
    expect(() => F.linear(whole([2, 3]), whole([4, 5]))).toThrow("linear: expected input [*, 5], got [2, 3]");
    expect(() => F.linear(whole([2, 3]), whole([3]))).toThrow("linear: expected a weight of shape [out, in], got [3]");
    expect(() => F.linear(whole([2, 3]), whole([4, 3]), whole([3]))).toThrow("expected a bias of shape [4], got [3]");
    expect(() => new nn.Linear(2.5, 1)).toThrow("Linear: expected sizes of features, got 2.5");
  });

  it("takes vectors and empty batches, and keeps what only a frozen part would need out of the graph", () => {
    const layer = new nn.Linear(3, 2);
    expect(layer.forward(whole([3])).shape).toEqual([2]);
    const x = whole([0, 3]);
    layer.forward(x).sum().backward();
    expect(layer.weight.grad?.toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(String(layer)).toBe("Linear(in_features=3, out_features=2, bias=True)");
    const data = whole([4, 3]);
    const loss = layer.forward(data).sum();
    noGrad(() => layer.weight.zero_()); // backward does not read the weight, because the data needs no gradient
    loss.backward();
    expect(layer.bias?.grad?.toArray()).toEqual([4, 4]);
  });
});

describe("Flatten and Identity", () => {
  it("reshape, and do nothing", () => {
    const x = whole([2, 3, 4, 5]);
    expect(new nn.Flatten().forward(x).shape).toEqual([2, 60]);
    expect(new nn.Flatten(1, 2).forward(x).shape).toEqual([2, 12, 5]);
    expect(new nn.Identity().forward(x)).toBe(x);
    expect(String(new nn.Sequential(new nn.Flatten(), new nn.Identity()))).toBe(
      "Sequential(\n  (0): Flatten(start_dim=1, end_dim=-1)\n  (1): Identity()\n)",
    );
  });
});
