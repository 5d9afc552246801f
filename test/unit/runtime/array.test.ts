import { describe, expect, it } from "vitest";
import { f32, f64, i32, memory, type RealKernels } from "../../../src/runtime/kernels.js";

/** A bump allocator over the kernels' memory: a test lays out its operands from 1 MiB upwards. */
let top = 1 << 20;
function place(data: Float32Array | Float64Array | Int32Array | Uint8Array): number {
  const at = top;
  top += (data.byteLength + 31) & ~15;
  if (top > memory.buffer.byteLength) memory.grow(Math.ceil((top - memory.buffer.byteLength) / 65536));
  new Uint8Array(memory.buffer).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
  return at;
}

const builds = [
  { name: "float32", kernels: f32, array: Float32Array, item: 4 },
  { name: "float64", kernels: f64, array: Float64Array, item: 8 },
  { name: "int32", kernels: i32, array: Int32Array, item: 4 },
] as const;
type Build = (typeof builds)[number];

const read = (build: Build, at: number, n: number): number[] => Array.from(new build.array(memory.buffer, at, n));
const bytes = (at: number, n: number): number[] => Array.from(new Uint8Array(memory.buffer, at, n));
const room = (build: Build, n: number): number => place(new build.array(n));

/** Reproducible numbers with many different signs and sizes, some equal. */
function numbers(build: Build, n: number, seed = 1): number[] {
  let state = seed;
  return Array.from({ length: n }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    const value = ((state >> 8) % 2001) - 1000;
    return build.array === Int32Array ? value : Math.fround(value / 64);
  });
}
const put = (build: Build, values: number[]): number => place(build.array.from(values));
const round = (build: Build, x: number): number => build.array.of(x)[0]!;
const SIZES = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 67];

const binary: [keyof RealKernels & `${string}`, (a: number, b: number) => number][] = [
  ["add", (a, b) => a + b],
  ["sub", (a, b) => a - b],
  ["mul", (a, b) => a * b],
  ["maximum", Math.max],
  ["minimum", Math.min],
  ["remainder", (a, b) => (b === 0 ? Number.NaN : a - b * Math.floor(a / b))],
  ["fmod", (a, b) => a % b],
  ["floorDivide", (a, b) => Math.floor(a / b)],
];
type Flat = (o: number, a: number, sa: number, b: number, sb: number, begin: number, end: number) => void;
type Strided = (o: number, a: number, b: number, record: number, begin: number, end: number) => void;
const kernel = <T>(build: Build, name: string): T => (build.kernels() as Record<string, unknown>)[name] as T;

describe.each(builds)("$name arithmetic", (build) => {
  it.each(binary)("%s: contiguous, scalars, and any split", (name, reference) => {
    const op = kernel<Flat>(build, name);
    for (const n of SIZES) {
      const a = numbers(build, n, 3);
      const b = numbers(build, n, 5).map((x) => x || 1);
      const [pa, pb, whole, split] = [put(build, a), put(build, b), room(build, n), room(build, n)];
      for (const [sa, sb] of n
        ? ([
            [1, 1],
            [1, 0],
            [0, 1],
            [0, 0],
          ] as const)
        : ([[1, 1]] as const)) {
        op(whole, pa, sa, pb, sb, 0, n);
        const expected = a.map((_, i) => round(build, reference(a[i * sa]!, b[i * sb]!)));
        expect(read(build, whole, n).map((x) => x + 0)).toEqual(expected.map((x) => x + 0));
        const cut = n >> 1;
        op(split, pa, sa, pb, sb, 0, cut);
        op(split, pa, sa, pb, sb, cut, n);
        expect(bytes(split, n * build.item)).toEqual(bytes(whole, n * build.item));
      }
    }
  });

  it("a strided walk gives the bits of contiguous operands", () => {
    const [p, q, r] = [3, 5, 9];
    const a = numbers(build, p * q * r);
    const row = numbers(build, r, 7);
    const column = numbers(build, p, 9);
    // a [q, p, r] seen as [p, q, r]; row broadcast from the right, column from the left
    const at = put(build, a);
    const cases = [
      { at: put(build, row), strides: [0, 0, 1], values: (_i: number, _j: number, k: number) => row[k]! },
      { at: put(build, column), strides: [1, 0, 0], values: (i: number) => column[i]! },
    ];
    for (const b of cases) {
      const record = place(Int32Array.of(3, p, q, r, r, p * r, 1, ...b.strides));
      const [out, halves] = [room(build, p * q * r), room(build, p * q * r)];
      const op = kernel<Strided>(build, "subStrided");
      op(out, at, b.at, record, 0, p * q);
      for (let u = 0; u < p * q; u += 4) op(halves, at, b.at, record, u, Math.min(u + 4, p * q));
      const expected: number[] = [];
      for (let i = 0; i < p; i++) {
        for (let j = 0; j < q; j++) {
          for (let k = 0; k < r; k++) expected.push(a[(j * p + i) * r + k]! - b.values(i, j, k));
        }
      }
      expect(read(build, out, expected.length)).toEqual(expected);
      expect(read(build, halves, expected.length)).toEqual(expected);
    }
  });

  it("compares into bytes", () => {
    const ops = {
      eq: (a: number, b: number) => a === b,
      ne: (a: number, b: number) => a !== b,
      lt: (a: number, b: number) => a < b,
      le: (a: number, b: number) => a <= b,
    };
    for (const n of SIZES.slice(1)) {
      const a = numbers(build, n, 3);
      const b = numbers(build, n, 3).map((x, i) => x + (i % 3) - 1);
      const [pa, pb, out] = [put(build, a), put(build, b), place(new Uint8Array(n))];
      for (const [name, reference] of Object.entries(ops)) {
        for (const [sa, sb] of [
          [1, 1],
          [1, 0],
          [0, 1],
          [0, 0],
        ] as const) {
          kernel<Flat>(build, name)(out, pa, sa, pb, sb, 0, n);
          expect(bytes(out, n)).toEqual(a.map((_, i) => Number(reference(a[i * sa]!, b[i * sb]!))));
        }
      }
    }
  });

  it("reduces every size in one order, along lanes and across them", () => {
    const k = build.kernels();
    for (const r of [1, 2, 3, 5, 16, 17, 33, 100, 1024, 1025, 2049, 5000]) {
      for (const inner of [1, 2, 3, 17, 37]) {
        const x = numbers(build, 2 * r * inner);
        const at = put(build, x);
        const [whole, split, values] = [room(build, 2 * inner), room(build, 2 * inner), room(build, 2 * inner)];
        const indices = place(new Int32Array(2 * inner));
        const at0 = (u: number, i: number): number => x[Math.floor(u / inner) * r * inner + i * inner + (u % inner)]!;
        const fold = (f: (a: number, b: number) => number): number[] =>
          Array.from({ length: 2 * inner }, (_, u) => {
            let total = at0(u, 0);
            for (let i = 1; i < r; i++) total = f(total, at0(u, i));
            return total;
          });
        for (const [op, f] of [
          [k.sum, (a: number, b: number) => a + b],
          [k.amax, Math.max],
          [k.amin, Math.min],
        ] as const) {
          op(whole, at, r, inner, 0, 2 * inner);
          // these numbers are multiples of 1/64 and small: float sums of them are exact in any order
          expect(read(build, whole, 2 * inner)).toEqual(fold(f));
          for (let u = 0; u < 2 * inner; u += 3) op(split, at, r, inner, u, Math.min(u + 3, 2 * inner));
          expect(read(build, split, 2 * inner)).toEqual(read(build, whole, 2 * inner));
        }
        k.maxIndex(values, indices, at, r, inner, 0, 2 * inner);
        expect(read(build, values, 2 * inner)).toEqual(fold(Math.max));
        const first = fold(Math.max).map((m, u) => {
          let i = 0;
          while (at0(u, i) !== m) i++;
          return i;
        });
        expect(Array.from(new Int32Array(memory.buffer, indices, 2 * inner))).toEqual(first);
      }
    }
  });

  it("copies any strides, transposes included", () => {
    for (const [m, n] of [
      [1, 1],
      [3, 5],
      [4, 4],
      [17, 33],
      [40, 70],
    ] as const) {
      const x = numbers(build, m * n);
      const [at, out, back] = [put(build, x), room(build, m * n), room(build, m * n)];
      const copy = build.item === 4 ? i32().copyStrided4 : i32().copyStrided8;
      const record = place(Int32Array.of(2, n, m, m, 1, 1, n));
      for (let u = 0; u < n; u += 13) copy(out, at, record, u, Math.min(u + 13, n));
      const turned = Array.from({ length: n * m }, (_, i) => x[(i % m) * n + Math.floor(i / m)]!);
      expect(read(build, out, n * m)).toEqual(turned);
      // and the copy back: to a strided destination
      copy(back, out, place(Int32Array.of(2, n, m, 1, n, m, 1)), 0, n);
      expect(read(build, back, n * m)).toEqual(x);
    }
  });

  it("sorts stably", () => {
    for (const descending of [0, 1]) {
      for (const n of [1, 2, 3, 10, 100, 1000]) {
        const x = numbers(build, n).map((v) => Math.trunc(v / 4));
        const [at, values] = [put(build, x), room(build, n)];
        const [indices, work] = [place(new Int32Array(n)), place(new Int32Array(n))];
        build.kernels().sort(values, indices, at, n, descending, work, 0, 1);
        const order = x.map((_, i) => i).sort((i, j) => (descending ? x[j]! - x[i]! : x[i]! - x[j]!));
        expect(Array.from(new Int32Array(memory.buffer, indices, n))).toEqual(order);
        expect(read(build, values, n)).toEqual(order.map((i) => round(build, x[i]!)));
      }
    }
  });
});

describe("sums of floats", () => {
  it("do not lose digits with their length", () => {
    const n = 300_000;
    const x = Float32Array.from({ length: n }, (_, i) => Math.fround(0.1 + (i % 7)));
    const exact = x.reduce((a, b) => a + b, 0);
    const at = place(x);
    const out = place(new Float32Array(4));
    for (const [r, inner] of [
      [n, 1],
      [n / 3, 3],
    ] as const) {
      f32().sum(out, at, r, inner, 0, inner);
      const total = Array.from(new Float32Array(memory.buffer, out, inner)).reduce((a, b) => a + b, 0);
      expect(Math.abs(total / exact - 1)).toBeLessThan(1e-6);
    }
  });
});
