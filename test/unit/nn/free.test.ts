import { memory, nn, optim, rand, scope } from "simdgrad";
import { describe, expect, it } from "vitest";

const x = rand([8, 4]);

/** Trains a model for two steps, with gradients that are read, an optimizer with state, and its saved state. */
function trial(): void {
  using model = new nn.Sequential(new nn.Linear(4, 8), new nn.BatchNorm1d(8), new nn.Linear(8, 1));
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.1 });
  for (let step = 0; step < 2; step++) {
    scope(() => {
      optimizer.zeroGrad();
      model.forward(x).pow(2).mean().backward();
      optimizer.step();
    });
  }
  scope(() => optimizer.loadStateDict(optimizer.stateDict()));
  model.parameters()[0]!.grad!.sum().free();
}

describe("free", () => {
  it("lets a thousand models in one loop hold the memory of none", () => {
    trial();
    const before = memory();
    for (let i = 0; i < 1000; i++) trial();
    expect([memory().bytesInUse, memory().tensors]).toEqual([before.bytesInUse, before.tensors]);
  });

  it("says so when a model is used afterwards", () => {
    const model = new nn.Linear(4, 1);
    model.free();
    expect(() => model.forward(x)).toThrow(
      "linear: expected a live tensor as weight, got one whose memory was freed: made by full, freed when free() of its model was called",
    );
    model.free();
    expect(model.weight.grad).toBe(null);
  });
});
