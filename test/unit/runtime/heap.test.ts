import { cat, F, manualSeed, nn, optim, rand, scope, type Tensor, tensor } from "simdgrad";
import { describe, expect, it } from "vitest";
import { alloc, free, heapState } from "../../../src/runtime/heap.js";
import { empty } from "../../../src/tensor/tensor.js";

/** A small random generator, independent of the library's. */
function* draws(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

describe("the heap", () => {
  it("never hands out a byte twice, and its books balance", () => {
    const before = heapState();
    const random = draws(1);
    const next = (): number => random.next().value;
    const live: { at: number; bytes: number }[] = [];
    const overlapping = (at: number, bytes: number): boolean =>
      live.some((other) => at < other.at + other.bytes && other.at < at + bytes);
    for (let i = 0; i < 4000; i++) {
      if (live.length > 0 && next() < 0.48) {
        const [block] = live.splice(Math.floor(next() * live.length), 1);
        free(block!.at, block!.bytes);
        continue;
      }
      const bytes = Math.floor(2 ** (next() * 26)) - 1; // 0 bytes to 64 MiB, small ones as often as large ones
      if (heapState().bytes > 1.5 * 2 ** 30) continue;
      const at = alloc(bytes, "test");
      expect(at % 64).toBe(0);
      expect(overlapping(at, bytes)).toBe(false);
      live.push({ at, bytes });
    }
    for (const { at, bytes } of live) free(at, bytes);
    expect(heapState()).toMatchObject({ bytes: before.bytes, blocks: before.blocks });
  });

  it("gives the same bits above 2 GiB, where addresses are negative as int32", () => {
    const work = (): { at: number; results: string } =>
      scope(() => {
        manualSeed(3);
        const model = new nn.Sequential(new nn.Linear(133, 317), new nn.GELU(), new nn.Linear(317, 5));
        const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
        const x = rand([640, 133]);
        const y = tensor(Int32Array.from({ length: 640 }, (_, i) => i % 5));
        for (let i = 0; i < 3; i++) {
          optimizer.zeroGrad();
          F.crossEntropy(model.forward(x), y).backward();
          optimizer.step();
        }
        const z = rand([300, 300], { dtype: "float64" });
        const results: Tensor[] = [
          ...model.parameters(),
          z.matmul(z.t()).sum(0),
          z.t().contiguous().index(":", "1:3"),
          z.max(1).values,
          z.sort(1).values.index(0),
          cat([z, z], 1).sum(1),
          z.gt(0.5).double().sum(0),
          z.add(z.index(0)).softmax(1).index(3),
          z.gather(1, z.argmax(1, { keepdim: true })),
        ];
        return { at: x.storage.address, results: JSON.stringify(results.map((result) => result.toArray())) };
      });
    scope(() => {
      const low = work();
      const gibibyte = (): Tensor => empty("test", [2 ** 28], "float32"); // never written, so it takes no physical memory
      gibibyte();
      gibibyte();
      while (empty("test", [70_000], "float32").storage.address < 2 ** 31); // fills the gaps below
      const high = work();
      expect(low.at).toBeLessThan(2 ** 31);
      expect(high.at).toBeGreaterThan(2 ** 31);
      expect(high.results).toBe(low.results);
    });
  });
});
