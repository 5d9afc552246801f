import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  defineFunction,
  detectAnomaly,
  grad,
  keep,
  memory,
  noGrad,
  resetPeakMemory,
  scope,
  type Tensor,
  tensor,
} from "simdgrad";
import { describe, expect, it } from "vitest";

describe("backward", () => {
  it("accumulates into leaves, and again", () => {
    const x = tensor([1, 2, 3], { requiresGrad: true });
    x.mul(x).sum().backward();
    expect(x.grad?.toArray()).toEqual([2, 4, 6]);
    x.mul(2).sum().backward();
    expect(x.grad?.toArray()).toEqual([4, 6, 8]);
  });

  it("sums the gradient of broadcasting", () => {
    const x = tensor(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      { requiresGrad: true },
    );
    const b = tensor([1, 10, 100], { requiresGrad: true });
    x.mul(b).add(b).sum().backward();
    expect(b.grad?.toArray()).toEqual([7, 9, 11]);
    expect(x.grad?.toArray()).toEqual([
      [1, 10, 100],
      [1, 10, 100],
    ]);
  });

  it("gives both leaves of one gradient memory of their own", () => {
    const a = tensor([1], { requiresGrad: true });
    const b = tensor([1], { requiresGrad: true });
    const once = (): void => a.add(b).sum().backward();
    once();
    once();
    expect([a.grad?.toArray(), b.grad?.toArray()]).toEqual([[2], [2]]);
  });

  it("refuses a second pass, a non-scalar, a tensor without history, and an overwritten value", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const y = x.mul(x);
    expect(() => y.backward()).toThrow(/backward: expected a scalar to start from, got shape \[2\]/);
    const loss = y.sum();
    loss.backward({ retainGraph: true });
    loss.backward();
    expect(() => loss.backward()).toThrow(/already went through \(at mul\)/);
    expect(() => tensor([1]).backward()).toThrow(/no recorded operation/);
    const z = x.mul(x).sum();
    noGrad(() => x.copy_(tensor([5, 5])));
    expect(() => z.backward()).toThrow(/mul needs the value .* written in place 1 times/);
    expect(x.grad?.toArray()).toEqual([4, 8]);
  });

  it("differentiates twice", () => {
    const x = tensor([3], { requiresGrad: true });
    const [dx] = grad(x.mul(x).mul(x).sum(), x, { createGraph: true });
    expect(dx?.toArray()).toEqual([27]);
    const [ddx] = grad(dx!.sum(), x);
    expect(ddx?.toArray()).toEqual([18]);
    expect(x.grad).toBeNull();
  });

  it("calls hooks with whole gradients and takes what they return", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const y = x.mul(3);
    const seen: unknown[] = [];
    const handle = y.registerHook((g) => {
      seen.push(g.toArray());
      return g.mul(10);
    });
    y.add(y).sum().backward();
    expect(seen).toEqual([[2, 2]]);
    expect(x.grad?.toArray()).toEqual([60, 60]);
    handle.remove();
  });
});

describe("a pass inside of a pass", () => {
  it("over the same operations leaves the outer one's gradients as they are", () => {
    const x = tensor([2], { requiresGrad: true });
    const y = x.mul(x);
    const z = y.mul(3);
    const inner: unknown[] = [];
    z.registerHook(() => void inner.push(grad(y, x, { retainGraph: true })[0]?.toArray())); // y has one of two gradients
    z.add(y).backward();
    expect(inner).toEqual([[4]]);
    expect(x.grad?.toArray()).toEqual([16]);
  });
});

describe("user-defined functions", () => {
  const square = defineFunction({
    name: "square",
    forward: (ctx, x: Tensor) => {
      ctx.saveForBackward(x);
      return x.mul(x);
    },
    backward: (ctx, g) => g.mul(ctx.savedTensors[0]!).mul(2),
  });

  it("have their gradient, also twice", () => {
    const x = tensor([3], { requiresGrad: true });
    const [dx] = grad(square(x).sum(), x, { createGraph: true });
    expect(dx?.item()).toBe(6);
    expect(grad(dx!.sum(), x)[0]?.item()).toBe(2);
  });
});

describe("detectAnomaly", () => {
  it("names the operation and the element", () => {
    const x = tensor([1, 3e38]);
    expect(() => detectAnomaly(() => x.mul(10))).toThrow(/got Infinity at element 1 of 2 from mul; its inputs: \[2\]/);
  });
});

describe("memory", () => {
  it("says in debug mode where each tensor was made", () => {
    memory({ debug: true });
    const held = scope(() => tensor([1, 2]).mul(2));
    const [site] = memory().sites;
    expect(site).toMatchObject({ label: "mul", bytes: 8 });
    expect(site?.site.split("\n")[0]).toMatch(/autograd\.test\.ts/);
    held.free();
    expect(memory().sites).toEqual([]);
    memory({ debug: false });
  });

  it("counts bytes, tensors and the peak", () => {
    const before = memory();
    resetPeakMemory();
    scope(() => {
      tensor(new Float32Array(1 << 20)).mul(2);
      expect(memory().tensors).toBe(before.tensors + 2);
    });
    expect(memory().bytesInUse).toBe(before.bytesInUse);
    const block = (1 << 22) + 5 * 64; // large blocks are staggered by five cache lines
    expect(memory().peakBytes - before.bytesInUse).toBe(2 * block);
  });
});

describe("collection", () => {
  const gc = ((): (() => void) => {
    setFlagsFromString("--expose-gc");
    return runInNewContext("gc") as () => void;
  })();

  /** Collects garbage some times, or until `done`, in separate tasks: finalizers run between tasks. */
  async function collectFor(rounds: number, done: () => boolean): Promise<void> {
    for (let i = 0; i < rounds && !done(); i++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  it("frees what nobody holds, once, and nothing else", async () => {
    await collectFor(10, () => false); // garbage of other tests
    const before = memory().tensors;
    const held = tensor([1, 2, 3]);
    const leave = (): void => {
      for (let i = 0; i < 3000; i++) tensor([i]).mul(2); // more than the list holds before it drops the freed ones
      const back = scope(() => tensor([1]).mul(2)); // leaves one scope
      scope(() => back.add(back)); // its result leaves another
      keep(back);
      tensor([5]).free();
      const x = tensor([2], { requiresGrad: true });
      x.mul(x).sum().backward();
    };
    leave();
    expect(memory().tensors).toBeGreaterThan(before + 6000);
    await collectFor(50, () => memory().tensors <= before + 1);
    expect(memory().tensors).toBeLessThanOrEqual(before + 1); // garbage of other tests may go too
    expect(held.toArray()).toEqual([1, 2, 3]);
    // New tensors do not share memory.
    const [a, b] = [tensor([7]), tensor([8])];
    expect([a.item(), b.item()]).toEqual([7, 8]);
  });
});

describe("scopes", () => {
  it("free what was made inside, except results and gradients", () => {
    const x = tensor([1, 2, 3], { requiresGrad: true });
    const step = (): number =>
      scope(() => {
        x.grad = null;
        const loss = x.mul(x).sum();
        loss.backward();
        return loss.item();
      });
    step();
    const before = memory();
    for (let i = 0; i < 100; i++) step();
    expect(memory().bytesInUse).toBe(before.bytesInUse);
    expect(x.grad?.toArray()).toEqual([2, 4, 6]);
    const kept = scope(() => ({ sum: x.sum(), list: [x.mul(2)] }));
    expect(kept.list[0]?.toArray()).toEqual([2, 4, 6]);
  });

  it("say what a freed tensor was", () => {
    let lost: Tensor | undefined;
    scope(() => {
      lost = tensor([1]).mul(2);
    });
    expect(() => lost?.toArray()).toThrow(
      /toArray: expected a live tensor as input, got one whose memory was freed: made by mul/,
    );
  });
});
