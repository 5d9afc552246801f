import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alloc, free, view, workspace, writeStruct } from "../../../src/runtime/heap.js";
import { f32, f64 } from "../../../src/runtime/kernels.js";
import { launch } from "../../../src/runtime/launch.js";
import { expectBits } from "../../support/bytes.js";

/**
 * The layout of a matrix: row-major, column-major, column-major with a power of two as stride, or with gaps both ways.
 */
type Layout = "rows" | "columns" | "aliased" | "gaps";
/** The addend of the product: none, a bias with one value for each column, or C. */
type Addend = "none" | "bias" | "accumulate";
type Case = { m: number; n: number; k: number; batch: number; a: Layout; b: Layout; d: Addend };
type Floats = Float32Array | Float64Array;

/** Values of many sizes and signs that use all bits of the type; they repeat through the table. */
const period = Float32Array.from({ length: 4099 }, (_, i) => Math.sin(i * 12.9898) * ((i % 7) + 0.3));
const table = Float32Array.from({ length: 2 ** 20 }, (_, i) => period[i % period.length]!);
const noise = (seed: number): Float32Array => table.subarray(977 * seed);

function strides(layout: Layout, rows: number, columns: number): [number, number, number] {
  if (layout === "rows") return [columns, 1, rows * columns];
  if (layout === "columns") return [1, rows, rows * columns];
  if (layout === "aliased") return [1, 1024, 1024 * columns];
  return [2 * columns + 1, 2, rows * (2 * columns + 1)];
}

/** Runs the kernel on values that do not depend on the layout. Returns C and its addend. */
function run(width: 32 | 64, { m, n, k, batch, a, b, d }: Case, cut: (units: number) => number[]): [Floats, Floats] {
  const { gemm, gemmUnits, gemmWork } = width === 32 ? f32() : f64();
  const size = width / 8;
  const floats = (at: number, count: number): Floats =>
    width === 32 ? view().f32.subarray(at / 4, at / 4 + count) : view().f64.subarray(at / 8, at / 8 + count);
  const blocks: [number, number][] = [];
  const matrix = (rows: number, columns: number, layout: Layout, values: Float32Array) => {
    const steps = strides(layout, rows, columns);
    const bytes = (batch * steps[2] + 1) * size;
    const at = alloc(bytes, "test");
    blocks.push([at, bytes]);
    const into = floats(at, bytes / size);
    into.fill(Number.NaN);
    for (let z = 0; z < batch; z++) {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          into[z * steps[2] + i * steps[0] + j * steps[1]] = values[(z * rows + i) * columns + j]!;
        }
      }
    }
    return { at, steps };
  };
  const matA = matrix(m, k, a, noise(1));
  const matB = matrix(k, n, b, noise(2));
  const matC = matrix(m, n, "rows", noise(3));
  const bias = matrix(1, n, "rows", noise(4));
  const before = floats(matC.at, batch * m * n).slice();
  const biases = floats(bias.at, n).slice();
  const at = { none: 0, bias: bias.at, accumulate: matC.at }[d];
  const struct = writeStruct([
    ...[matA.at, matB.at, matC.at, at, batch, m, n, k],
    ...[...matA.steps, ...matB.steps, ...matC.steps, ...(d === "bias" ? [0, 1, 0] : matC.steps)],
  ]);
  const work = workspace(gemmWork(k));
  let begin = 0;
  for (const end of cut(gemmUnits(struct))) {
    gemm(struct, work, begin, end);
    begin = end;
  }
  const result = floats(matC.at, batch * m * n).slice();
  for (const [address, bytes] of blocks) free(address, bytes);
  return [result, d === "accumulate" ? before : d === "bias" ? biases : new Float64Array(0)];
}

const whole = (units: number): number[] => (units > 0 ? [units] : []);
const single = (units: number): number[] => Array.from({ length: units }, (_, i) => i + 1);

/** The product in float64, and the sums of magnitudes for error bounds. */
function reference({ m, n, k, batch, d }: Case, addend: Floats): [Float64Array, Float64Array] {
  const [a, b] = [noise(1), noise(2)];
  const out = new Float64Array(batch * m * n);
  const magnitude = new Float64Array(batch * m * n);
  for (let row = 0; row < batch * m; row++) {
    const z = Math.floor(row / m);
    for (let j = 0; j < n; j++) {
      const at = row * n + j;
      out[at] = d === "none" ? 0 : addend[d === "bias" ? j : at]!;
      magnitude[at] = Math.abs(out[at]);
    }
    for (let p = 0; p < k; p++) {
      const factor = a[row * k + p]!;
      for (let j = 0; j < n; j++) {
        const term = factor * b[(z * k + p) * n + j]!;
        out[row * n + j]! += term;
        magnitude[row * n + j]! += Math.abs(term);
      }
    }
  }
  return [out, magnitude];
}

function expectClose(width: 32 | 64, problem: Case): void {
  const [got, addend] = run(width, problem, whole);
  const [want, magnitude] = reference(problem, addend);
  const unit = (width === 32 ? 2 ** -24 : 2 ** -53) * (problem.k + 2);
  for (let i = 0; i < want.length; i++) {
    const error = Math.abs(got[i]! - want[i]!);
    if (!(error <= unit * magnitude[i]!)) expect([i, got[i]]).toEqual([i, want[i]]);
  }
}

const layout = fc.constantFrom<Layout>("rows", "columns", "gaps");
const problems = fc.record<Case>({
  m: fc.integer({ min: 0, max: 70 }),
  n: fc.integer({ min: 0, max: 70 }),
  k: fc.integer({ min: 0, max: 70 }),
  batch: fc.integer({ min: 0, max: 3 }),
  a: layout,
  b: layout,
  d: fc.constantFrom<Addend>("none", "bias", "accumulate"),
});

describe.each([32, 64] as const)("gemm in float%i", (width) => {
  it("is the matrix product, within the rounding of k additions, for any sizes and strides", () => {
    fc.assert(
      fc.property(problems, (problem) => expectClose(width, problem)),
      { numRuns: 250, seed: 1 },
    );
  });

  it.each([
    [1, 1, 1300],
    [130, 9, 4],
    [3, 1100, 5],
    [66, 1030, 520],
    [5, 40, 1025],
    [8, 17, 513],
    [5, 2051, 530],
    [16, 1029, 40],
  ])("crosses its block sizes (%i × %i, k = %i)", (m, n, k) => {
    for (const d of ["none", "bias", "accumulate"] as const) {
      expectClose(width, { m, n, k, batch: 1, a: "rows", b: "rows", d });
    }
  });

  it("gives the same bits whatever the layout, and however the units are cut", () => {
    for (const [m, n, k] of [
      [1, 1, 1],
      [2, 2, 640],
      [4, 120, 400],
      [5, 13, 600],
      [12, 33, 20],
      [70, 33, 1100],
      [17, 1030, 9],
      [151, 40, 30],
      [1, 1100, 40],
      [6, 2061, 17],
      [8, 2053, 18],
      [16, 1043, 35],
      [6, 1024, 19],
      [3, 1024, 530],
      [2, 141, 1030],
      [3, 135, 523],
      [4, 131, 514],
      [1000, 1, 70],
      [1011, 2, 37],
      [141, 2, 1030],
      [135, 3, 523],
      [131, 4, 514],
      [0, 3, 2],
      [3, 2, 0],
    ] as const) {
      for (const d of ["none", "bias", "accumulate"] as const) {
        const plain: Case = { m, n, k, batch: 2, a: "rows", b: "rows", d };
        const [want] = run(width, plain, whole);
        for (const a of ["rows", "columns", "aliased", "gaps"] as const) {
          for (const b of ["rows", "columns", "gaps"] as const) {
            for (const cut of [whole, single]) expectBits(run(width, { ...plain, a, b }, cut)[0], want);
          }
        }
      }
    }
  });

  it("lets an element depend on its own row and column only", () => {
    const small: Case = { m: 3, n: 70, k: 90, batch: 1, a: "rows", b: "rows", d: "none" };
    const [few] = run(width, small, whole);
    const [many] = run(width, { ...small, m: 70 }, whole);
    expectBits(many.slice(0, few.length), few);
  });

  it("gives zeros, or the addend, for an empty sum", () => {
    for (const n of [5, 40]) {
      const empty: Case = { m: 7, n, k: 0, batch: 1, a: "rows", b: "rows", d: "none" };
      expect([...run(width, empty, whole)[0]]).toEqual(new Array(7 * n).fill(0));
      const [out, bias] = run(width, { ...empty, d: "bias" }, whole);
      expect([...out]).toEqual(Array.from({ length: 7 }, () => [...bias]).flat());
    }
  });

  it("propagates NaN and infinity", () => {
    const { gemm, gemmUnits, gemmWork } = width === 32 ? f32() : f64();
    const at = alloc(64, "test");
    const values = width === 32 ? view().f32.subarray(at / 4) : view().f64.subarray(at / 8);
    values.set([Number.POSITIVE_INFINITY, 0, 1, 0]);
    const struct = writeStruct([at, at + width / 4, at + width / 2, 0, 1, 1, 1, 2, 2, 1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0]);
    launch(gemm, gemmUnits(struct), struct, workspace(gemmWork(2)));
    expect(values[4]).toBe(Number.POSITIVE_INFINITY);
    values.set([Number.NaN, 0, 0, 0]);
    launch(gemm, gemmUnits(struct), struct, workspace(gemmWork(2)));
    expect(values[4]).toBeNaN();
    free(at, 64);
  });
});

describe("a product's workspace", () => {
  it.each([
    ["float32", f32],
    ["float64", f64],
  ] as const)("may hold anything before: %s", (name, kernels) => {
    const { gemm, gemmUnits, gemmWork } = kernels();
    const [m, n] = [7, 40];
    for (const k of [0, 1, 2, 3, 4, 5]) {
      const [a, b, c, work] = [m * k * 8, k * n * 8, m * n * 8, gemmWork(k)].map((bytes) => alloc(bytes, "test"));
      for (const [at, bytes] of [
        [a!, m * k * 8],
        [b!, k * n * 8],
      ] as const) {
        view().u8.fill(0, at, at + bytes);
      }
      view().u8.fill(0xff, work!, work! + gemmWork(k)); // NaN
      const struct = writeStruct([a!, b!, c!, 0, 1, m, n, k, k, 1, 0, n, 1, 0, n, 1, 0, 0, 0, 0]);
      gemm(struct, work!, 0, gemmUnits(struct));
      const out =
        name === "float32" ? view().f32.slice(c! / 4, c! / 4 + m * n) : view().f64.slice(c! / 8, c! / 8 + m * n);
      expect([...out]).toEqual(new Array(m * n).fill(0));
      free(work!, gemmWork(k));
      for (const [at, bytes] of [
        [a!, m * k * 8],
        [b!, k * n * 8],
        [c!, m * n * 8],
      ] as const) {
        free(at, bytes);
      }
    }
  });

  for (const [name, kernels] of [
    ["float32", f32],
    ["float64", f64],
  ] as const) {
    it(`is all that ${name} writes beside C, which may lie along its columns`, () => {
      const { gemm, gemmUnits, gemmWork } = kernels();
      const size = name === "float32" ? 4 : 8;
      for (const [m, n, k, ...stepsA] of [
        [65, 40, 512, 512, 1],
        [130, 40, 300, 300, 1],
        [64, 9, 70, 70, 1],
        [300, 200, 512, 512, 1],
        [300, 200, 512, 1, 1024],
        [4, 1100, 600, 600, 1],
        [16, 1061, 70, 70, 1],
      ] as const) {
        const bytes = [m * stepsA[0] + k * stepsA[1], k * n, m * n].map((count) => count * size);
        const blocks = bytes.map((count) => alloc(count, "test"));
        for (const [i, at] of blocks.entries()) view().u8.fill(0, at, at + bytes[i]!);
        const guard = 1 << 16;
        const work = alloc(gemmWork(k) + guard, "test");
        const end = work + gemmWork(k);
        view().u8.fill(0xa5, end, end + guard);
        const struct = writeStruct([...blocks, 0, 1, m, n, k, ...stepsA, 0, n, 1, 0, 1, m, 0, 0, 0, 0]);
        gemm(struct, work, 0, gemmUnits(struct));
        expect(
          view()
            .u8.subarray(end, end + guard)
            .every((byte) => byte === 0xa5),
        ).toBe(true);
        free(work, gemmWork(k) + guard);
        for (const [i, at] of blocks.entries()) free(at, bytes[i]!);
      }
    });
  }
});
