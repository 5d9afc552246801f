import { readFileSync } from "node:fs";
import { join } from "node:path";
import { arange, full, getNumThreads, memory, rand, scope, setNumThreads, type Tensor, tensor } from "simdgrad";
import { load, toBytes, toNpz, toSafetensors } from "simdgrad/io";
import { afterEach, describe, expect, it } from "vitest";
import { Control } from "../../../src/runtime/control.js";
import { heapState, view } from "../../../src/runtime/heap.js";
import { f32, numberOf, memory as wasmMemory } from "../../../src/runtime/kernels.js";
import { forceThreads, launch } from "../../../src/runtime/launch.js";
import { withSharedMemory } from "../../../src/runtime/shared-import.js";
import { root } from "../../support/files.js";
import { onThreads, Training } from "../../support/threads.js";

afterEach(() => setNumThreads(1));

describe("the binaries", () => {
  const built = (target: string): Uint8Array<ArrayBuffer> =>
    new Uint8Array(readFileSync(join(root, `build/${target}.wasm`)));

  it.each(["f32", "f64", "i32"])("%s links with shared memory then, and only then", (target) => {
    const link = (binary: Uint8Array<ArrayBuffer>, shared: boolean): unknown => {
      const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared });
      return new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } });
    };
    link(built(target), false);
    link(withSharedMemory(built(target)), true);
    expect(() => link(built(target), true)).toThrow(WebAssembly.LinkError);
    expect(() => link(withSharedMemory(built(target)), false)).toThrow(WebAssembly.LinkError);
  });

  /** A binary with one section of imports. */
  const binary = (...imports: number[][]): Uint8Array => {
    const body = [imports.length, ...imports.flat()];
    return Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 2, body.length, ...body);
  };
  const named = (...rest: number[]): number[] => [1, 0x61, 1, 0x62, ...rest]; // a.b

  it("find the memory behind other imports", () => {
    const others = [named(0, 5), named(1, 0x70, 1, 1, 0x80, 2), named(3, 0x7f, 0)];
    const made = withSharedMemory(binary(...others, named(2, 1, 1, 2)));
    expect(made).toEqual(binary(...others, named(2, 3, 1, 2)));
    expect(WebAssembly.validate(withSharedMemory(binary(named(2, 1, 1, 2))))).toBe(true);
  });

  it("are refused when there is nothing to flip", () => {
    expect(() => withSharedMemory(binary(named(3, 0x7f, 0)))).toThrow("expected a Wasm binary that imports a memory");
    expect(() => withSharedMemory(binary(named(2, 0, 1)))).toThrow("with a maximum, got the flags 0");
    expect(() => withSharedMemory(binary(named(2, 3, 1, 2)))).toThrow("with a maximum, got the flags 3");
  });
});

describe("chunks", () => {
  it("cover all units once, in order", () => {
    for (const threads of [2, 3, 8, 64]) {
      for (const units of [2, 3, 7, 64, 1000, 2 ** 15, 2 ** 20 + 5, 2 ** 31 - 1]) {
        const control = new Control(threads);
        const starts = Array.from({ length: control.chunks + 1 }, (_, i) => control.start(i, units));
        expect([starts[0], starts.at(-1)]).toEqual([0, units]);
        expect(starts).toEqual([...starts].sort((a, b) => a - b));
      }
    }
  });
});

describe("setNumThreads", () => {
  it.each([0, -1, 1.5, 1000, Number.NaN, Number.POSITIVE_INFINITY])("refuses %s", async (n) => {
    const text = `setNumThreads: expected n to be a whole number of threads from 1 to 64, got ${n}`;
    await expect(setNumThreads(n)).rejects.toThrow(text);
    expect(getNumThreads()).toBe(1);
  });

  it("refuses what is no number", async () => {
    const call: (n: unknown) => Promise<void> = Function.prototype.call.bind(setNumThreads, undefined);
    await expect(call("2")).rejects.toThrow('from 1 to 64, got "2"');
    await expect(call(undefined)).rejects.toThrow("from 1 to 64, got undefined");
  });

  it("says where there is no shared memory, and what to do", async () => {
    const host: { crossOriginIsolated?: boolean } = globalThis;
    host.crossOriginIsolated = false;
    try {
      await expect(setNumThreads(2)).rejects.toThrow(
        "Serve it with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp",
      );
      await setNumThreads(1);
    } finally {
      delete host.crossOriginIsolated;
    }
  });

  it("takes effect call after call", async () => {
    await Promise.all([setNumThreads(2), setNumThreads(3), setNumThreads(3), setNumThreads(2)]);
    expect(getNumThreads()).toBe(2);
    await Promise.allSettled([setNumThreads(3), setNumThreads(0)]);
    expect(getNumThreads()).toBe(3);
  });
});

describe("threads", () => {
  const bits = (values: unknown): string => JSON.stringify(values);

  it("train to the same bits, however many there are", async () => {
    const trained = (): string => {
      const training = new Training();
      for (let i = 0; i < 4; i++) training.step();
      return training.state();
    };
    const one = trained();
    for (const n of [2, 3]) expect((await onThreads(n, trained)) === one).toBe(true);
  });

  it("may change between steps, under tensors that live", async () => {
    const [whole, changing] = [new Training(), new Training()];
    for (let i = 0; i < 6; i++) whole.step();
    for (const n of [1, 2, 3, 1, 3, 2]) await onThreads(n, () => changing.step());
    expect(changing.state() === whole.state()).toBe(true);
  });

  it("compute large products and sums as one does", async () => {
    const [a, b] = [rand([300, 517]), rand([517, 411])];
    const work = (): string => bits(a.matmul(b).add(1).softmax(0).sum(0).toArray());
    const one = work();
    await setNumThreads(2);
    for (let i = 0; i < 20; i++) expect(work() === one).toBe(true);
  });

  it("see memory that grows", async () => {
    await onThreads(3, () => {
      scope(() => {
        const before = heapState().reserved;
        const size = before + 2 ** 20; // more than all memory so far
        const x = full([size], 7, { dtype: "uint8" }).clone(); // memory.fill, and memory.copy
        expect(heapState().reserved).toBeGreaterThan(before);
        expect(x.toTypedArray().every((value) => value === 7)).toBe(true);
      });
    });
  });

  it("report a trap, and go on", async () => {
    await onThreads(2, () => {
      const outside = 2 ** 32 - 64;
      expect(() => launch(f32().fill, 4096, outside, 1)).toThrow(
        /^a kernel on another thread: RuntimeError: .*out of bounds/,
      );
      expect(arange(1000).sum().item()).toBe(499500);
      forceThreads(false);
      expect(() => launch(f32().fill, 2 ** 20, outside, 1)).toThrow(/out of bounds/);
      expect(arange(100_000).add(1).index(-1).item()).toBe(100_000);
    });
  });

  it("refuse kernels that they do not know", () => {
    expect(() => numberOf(() => {})).toThrow("got one that was kept from before");
  });

  it("copy parts over each other as one does", async () => {
    const shifted = (): string => {
      const x = arange(4000);
      x.index("1:").copy_(x.index(":-1"));
      const y = arange(4000).view(50, 80);
      y.index(":", "1:").copy_(y.index(":", ":-1"));
      return bits([x.toArray(), y.toArray()]);
    };
    const one = shifted();
    expect((await onThreads(3, shifted)) === one).toBe(true);
  });

  it("leave no tensor in shared memory for hosts that refuse it, and files as they were", async () => {
    const x = tensor([1.5, -2, 3]);
    const before = await toBytes({ x });
    await onThreads(2, async () => {
      expect(wasmMemory.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(x.toTypedArray().buffer).toBeInstanceOf(ArrayBuffer);
      expect(view().u8.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(view().u8.length).toBe(wasmMemory.buffer.byteLength);
      const bytes = await toBytes({ x });
      expect(Buffer.compare(bytes, before)).toBe(0);
      expect((await toSafetensors({ x })).buffer).toBeInstanceOf(ArrayBuffer);
      expect((await toNpz({ x })).buffer).toBeInstanceOf(ArrayBuffer);
      const loaded = (await load(bytes)) as { x: Tensor };
      expect(loaded.x.toArray()).toEqual([1.5, -2, 3]);
      expect(String(x)).toContain("1.5");
    });
  });

  it("hold no memory of tensors that are gone", async () => {
    const training = new Training();
    await onThreads(2, () => {
      training.step();
      training.step();
      const { bytesInUse, tensors } = memory();
      for (let i = 0; i < 20; i++) training.step();
      expect(memory()).toMatchObject({ bytesInUse, tensors });
    });
  });
});
