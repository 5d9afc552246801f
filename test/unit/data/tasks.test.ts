import { F, memory, nn, noGrad, optim, rand, randn, scope, type Tensor, tensor } from "simdgrad";
import { DataLoader, TensorDataset } from "simdgrad/data";
import { describe, expect, it } from "vitest";

const pause = (ms = 0): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Trains a small model in a loop that awaits, and returns its weights. */
async function train(seed: number, waits: boolean): Promise<unknown> {
  const values = Float32Array.from({ length: 24 }, (_, i) => ((i * seed) % 7) - 3);
  const data = new TensorDataset(tensor(values, { shape: [12, 2] }));
  const model = new nn.Linear(2, 1);
  noGrad(() => model.weight.fill_(seed / 10));
  noGrad(() => model.bias!.fill_(0));
  const optimizer = new optim.SGD(model.parameters(), 0.01);
  for await (const [x] of new DataLoader(data, { batchSize: 2 })) {
    const hidden = model.forward(x!);
    if (waits) await pause();
    const squared = hidden.mul(hidden);
    if (waits) await Promise.resolve();
    optimizer.zeroGrad();
    squared.mean().backward();
    optimizer.step();
  }
  return model.weight.tolist();
}

describe("tasks that take turns", () => {
  it("train two models as one after the other", async () => {
    const alone = [await train(3, true), await train(5, true)];
    expect(await Promise.all([train(3, true), train(5, true)])).toEqual(alone);
    expect(await Promise.all([train(3, false), train(5, true)])).toEqual(alone);
  });

  it("keep what they make, whatever a loop frees meanwhile", async () => {
    const made: Tensor[] = [];
    let training = true;
    const other = async (): Promise<void> => {
      while (training) {
        const x = rand(3);
        await pause();
        made.push(x.add(1));
        await Promise.resolve();
        made.push(F.relu(x));
      }
    };
    const loop = async (): Promise<void> => {
      for (let epoch = 0; epoch < 3; epoch++) await train(3, true);
      training = false;
    };
    await Promise.all([loop(), other()]);
    expect(made.length).toBeGreaterThan(8);
    for (const x of made) expect(x.toTypedArray().length).toBe(3);
    for (const x of made) x.free();
  });

  it("free what a loop made before and behind its awaits", async () => {
    await train(3, true);
    const data = new TensorDataset(randn(64, 2));
    const counts: number[] = [];
    for await (const [x] of new DataLoader(data, { batchSize: 2 })) {
      const before = x!.mul(2);
      await pause();
      before.add(1);
      await Promise.resolve();
      before.sub(1);
      counts.push(memory().tensors);
    }
    expect(new Set(counts).size).toBe(1);
  });

  it("say what freed a tensor, and what to do", async () => {
    const data = new TensorDataset(randn(4, 2));
    const kept: Tensor[] = [];
    for await (const [x] of new DataLoader(data, { batchSize: 2 })) kept.push(x!.mul(2));
    expect(() => kept[0]!.sigmoid()).toThrow(
      /^sigmoid: expected a live tensor as input, got one whose memory was freed: made by mul, freed when the batch of the loop at tasks.test.ts:\d+ ended. To hold it longer, write keep\(tensor\) before that, or return it from the scope$/,
    );
  });
});

describe("what goes on after its return", () => {
  const later: [name: string, body: () => unknown][] = [
    ["an asynchronous function", async () => Promise.reject(new Error("later"))],
    [
      "a generator",
      function* () {
        yield 1;
      },
    ],
    [
      "an asynchronous generator",
      async function* () {
        yield 1;
      },
    ],
  ];

  it.each(later)("is refused without a trace: %s", async (_, body) => {
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on("unhandledRejection", note);
    expect(() => noGrad(body)).toThrow("noGrad: expected a synchronous function");
    expect(() => scope(body)).toThrow("scope: expected a synchronous function");
    await pause(5);
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });
});
