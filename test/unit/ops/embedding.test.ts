import { F, gradgradcheck, manualSeed, nn, noGrad, rand, type Tensor, tensor, zeros } from "simdgrad";
import { describe, expect, it } from "vitest";

const at = (...values: number[]): Tensor => tensor(values, { dtype: "int32" });

describe("Embedding", () => {
  it("draws as PyTorch, the padding row included", () => {
    // torch.manual_seed(5); nn.Embedding(4, 5, padding_idx=1).weight, then torch.rand(1)
    manualSeed(5);
    const layer = new nn.Embedding(4, 5, { paddingIdx: 1 });
    const expected = [
      [1.8423298597335815, 0.5188871622085571, -1.7119213342666626, -1.7013792991638184, -0.1296626776456833],
      [0.0, 0.0, 0.0, 0.0, 0.0],
      [0.35233545303344727, -0.06455148011445999, 1.4829323291778564, 0.49403807520866394, 0.24921877682209015],
      [1.7470314502716064, 0.7447769641876221, 0.0316568948328495, -1.1724143028259277, -1.5069403648376465],
    ];
    const drawn = layer.weight.toTypedArray();
    expect(drawn.length).toBe(20);
    // docs/numbers.md: to 1e-6, because logarithm and cosine are other implementations
    expected.flat().forEach((value, i) => {
      expect(Math.abs(drawn[i]! - value)).toBeLessThanOrEqual(1e-6 * Math.abs(value));
    });
    expect(rand([1]).item()).toBe(0.9697042107582092);
    expect(layer.weight.requiresGrad).toBe(true);
    expect(Object.keys(layer.stateDict())).toEqual(["weight"]);
  });

  it("draws nothing for given rows, and shares them", () => {
    const weight = tensor([
      [1, 2],
      [3, 4],
    ]);
    manualSeed(5);
    const frozen = nn.Embedding.fromPretrained(weight, { paddingIdx: 0 });
    const first = rand([1]).item();
    manualSeed(5);
    expect(rand([1]).item()).toBe(first);
    expect(frozen.weight.requiresGrad).toBe(false);
    expect(frozen.weight.storage).toBe(weight.storage);
    expect(frozen.weight.toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(nn.Embedding.fromPretrained(weight, { freeze: false }).weight.requiresGrad).toBe(true);
  });

  it("gives the padding row no gradient", () => {
    const layer = new nn.Embedding(3, 2, { paddingIdx: -1, dtype: "float64" });
    layer
      .forward(at(2, 0, 0, 2))
      .sum()
      .backward();
    expect(layer.weight.grad!.toArray()).toEqual([
      [2, 2],
      [0, 0],
      [0, 0],
    ]);
    const weight = rand([3, 2], { dtype: "float64", requiresGrad: true });
    const lookup = (w: Tensor): Tensor => F.embedding(at(0, 2, 2, 1), w, { paddingIdx: 2 });
    expect(gradgradcheck((w: Tensor) => lookup(w).pow(3), [weight])).toBe(true);
  });

  it("shortens the rows it looks up, whatever their memory", () => {
    const memory = tensor([
      [3, 6, 0],
      [4, 8, 1],
    ]);
    const rows = F.embedding(at(1, 1), memory.t(), { maxNorm: 5 });
    expect(rows.toArray()).toEqual(
      [0, 1].map(
        () =>
          [
            [3, 4],
            [3, 4],
          ][0]!,
      ),
    );
    expect(memory.toArray()).toEqual([
      [3, 3, 0],
      [4, 4, 1],
    ]);
    const layer = new nn.Embedding(2, 2, {
      weight: tensor([
        [3, 4],
        [30, 40],
      ]),
      maxNorm: 5,
    });
    const before = layer.weight.storage.version;
    expect(layer.forward(at(0)).toArray()).toEqual([[3, 4]]);
    expect(layer.weight.storage.version).toBe(before);
    layer.forward(at(1));
    expect(layer.weight.storage.version).toBeGreaterThan(before);
    expect(() => F.embedding(at(0), tensor([[3, 4]]).expand(2, 2), { maxNorm: 1 })).toThrow(
      "embedding: expected a tensor whose elements have memory of their own, got an expanded one of shape [2, 2]. Clone it first",
    );
  });

  it("refuses to shorten rows whose values a gradient needs", () => {
    const weight = tensor([[3, 4]], { requiresGrad: true });
    const loss = weight.pow(2).sum();
    F.embedding(at(0), weight, { maxNorm: 1 });
    expect(() => loss.backward()).toThrow(/overwritten|written/);
  });

  it("prints as in PyTorch", () => {
    expect(String(new nn.Embedding(10, 3))).toBe("Embedding(10, 3)");
    expect(String(new nn.Embedding(10, 3, { paddingIdx: -1, maxNorm: 2, normType: 1.5 }))).toBe(
      "Embedding(10, 3, padding_idx=9, max_norm=2, norm_type=1.5)",
    );
  });

  it("refuses what does not fit", () => {
    expect(() => new nn.Embedding(3, 2, { paddingIdx: 3 })).toThrow("Embedding: expected paddingIdx in [-3, 2], got 3");
    expect(() => new nn.Embedding(1.5, 2)).toThrow(
      "Embedding: expected numEmbeddings to be a whole number of at least 0, got 1.5",
    );
    expect(() => new nn.Embedding(3, 2, { weight: zeros(2, 3) })).toThrow(
      "Embedding: expected a weight [3, 2], got [2, 3]",
    );
    expect(() => nn.Embedding.fromPretrained(zeros(3))).toThrow(
      "Embedding.fromPretrained: expected a matrix, got shape [3]",
    );
    expect(() => noGrad(() => new nn.Embedding(3, 2).forward(at(0, 3)))).toThrow(
      "embedding: expected indices in [0, 2], got 3 at position 1",
    );
  });
});
