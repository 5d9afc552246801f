import { describe, expect, it } from "vitest";
import { f32, f64, memory, type RealKernels } from "../../../src/runtime/kernels.js";
import { goldenJson } from "../../support/files.js";

/**
 * Every elementary function against correctly rounded references from mpmath (test/golden/math.py), in ulps, over the
 * whole range of both types; then the exact cases, and equal results for equal elements at every place.
 */

type Entry = { x: string; exponent?: string; y: string; dropped: string };
type Kernel = (out: number, x: number, begin: number, end: number) => void;
type Floats = Float32Array | Float64Array;

const golden: Record<string, Record<string, Entry>> = goldenJson("math.json");

const bytesOf = (base64: string): ArrayBuffer => new Uint8Array(Buffer.from(base64, "base64")).buffer;

const types = [
  { name: "float32", Floats: Float32Array, kernels: f32 },
  { name: "float64", Floats: Float64Array, kernels: f64 },
] as const;
type Type = (typeof types)[number];

// A scratch area far above all other allocations of these tests.
const IN = memory.grow(8) * 65536;
const OUT = IN + 4 * 65536;
const GRADIENT = OUT + 2 * 65536;

/** The kernel's results for `x`, starting `offset` elements into the buffers. */
function run(type: Type, kernel: Kernel, x: ArrayLike<number>, offset = 0): Floats {
  const size = type.Floats.BYTES_PER_ELEMENT;
  new type.Floats(memory.buffer, IN + offset * size, x.length).set(x);
  kernel(OUT, IN, offset, offset + x.length);
  return new type.Floats(memory.buffer, OUT + offset * size, x.length).slice();
}

/** Integers in the order of the floats with these bits; neighbouring floats differ by 1. */
function ordinals(values: Floats): bigint[] {
  const [bits, half] =
    values instanceof Float32Array
      ? [[...new Uint32Array(values.buffer)].map(BigInt), 1n << 31n]
      : [[...new BigUint64Array(values.buffer)], 1n << 63n];
  return bits.map((b) => (b < half ? b : half - b));
}

const functions: Record<string, (k: RealKernels) => Kernel> = {
  exp: (k) => k.exp,
  expm1: (k) => k.expm1,
  log: (k) => k.log,
  log1p: (k) => k.log1p,
  log2: (k) => k.log2,
  log10: (k) => k.log10,
  sin: (k) => k.sin,
  cos: (k) => k.cos,
  tan: (k) => k.tan,
  tanh: (k) => k.tanh,
  sigmoid: (k) => k.sigmoid,
  erf: (k) => k.erf,
  softplus: (k) => (out, x, begin, end) => k.softplus(out, x, 1, Number.POSITIVE_INFINITY, begin, end),
  logSigmoid: (k) => k.logSigmoid,
  sqrt: (k) => k.sqrt,
  rsqrt: (k) => k.rsqrt,
  reciprocal: (k) => k.reciprocal,
};
const power =
  (exponent: number) =>
  (k: RealKernels): Kernel =>
  (out, x, begin, end) =>
    k.powScalar(out, x, exponent, begin, end);

/** The largest distance from the references in ulps, and where it is. */
function worst(got: Floats, want: Floats, dropped: Int8Array): { ulps: number; index: number } {
  const [a, b] = [ordinals(got), ordinals(want)];
  let found = { ulps: -1, index: -1 };
  a.forEach((ordinal, index) => {
    const ulps = Number.isNaN(got[index]!)
      ? Number.POSITIVE_INFINITY
      : Math.abs(Number(ordinal - b[index]!) - dropped[index]! / 254);
    if (ulps > found.ulps) found = { ulps, index };
  });
  return found;
}

describe.each(types)("accuracy in $name", (type) => {
  const table = golden[type.name]!;
  const report: string[] = [];
  for (const [name, entry] of Object.entries(table)) {
    it(`${name} is within 2 ulp`, () => {
      const x = new type.Floats(bytesOf(entry.x));
      const want = new type.Floats(bytesOf(entry.y));
      const k = type.kernels();
      let got: Floats;
      if (entry.exponent) {
        const y = new type.Floats(bytesOf(entry.exponent));
        got = new type.Floats([...x].map((base, i) => run(type, power(y[i]!)(k), [base])[0]!));
      } else got = run(type, functions[name]!(k), x);
      const { ulps, index } = worst(got, want, new Int8Array(bytesOf(entry.dropped)));
      report.push(`${name} ${ulps.toFixed(2)}`);
      if (report.length === Object.keys(table).length)
        console.log(`${type.name}, largest error in ulp: ${report.join(", ")}`);
      expect(ulps, `${name}(${x[index]}) = ${got[index]}, expected ${want[index]}`).toBeLessThanOrEqual(2);
    });
  }
});

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** Cases with exact results in IEEE 754 and C: [x, f(x)]. */
const exact: Record<string, [number, number][]> = {
  exp: [
    [0, 1],
    [-0, 1],
    [inf, inf],
    [-inf, 0],
    [nan, nan],
    [1e4, inf],
    [-1e4, 0],
  ],
  expm1: [
    [0, 0],
    [-0, -0],
    [inf, inf],
    [-inf, -1],
    [nan, nan],
    [-1e4, -1],
    [1e4, inf],
  ],
  log: [
    [1, 0],
    [0, -inf],
    [-0, -inf],
    [-1, nan],
    [-inf, nan],
    [inf, inf],
    [nan, nan],
  ],
  log1p: [
    [0, 0],
    [-0, -0],
    [-1, -inf],
    [-2, nan],
    [-inf, nan],
    [inf, inf],
    [nan, nan],
  ],
  log2: [
    [1, 0],
    [8, 3],
    [2 ** -149, -149],
    [0, -inf],
    [-1, nan],
    [inf, inf],
    [nan, nan],
  ],
  log10: [
    [1, 0],
    [10, 1],
    [1000, 3],
    [1e8, 8],
    [0, -inf],
    [-1, nan],
    [inf, inf],
    [nan, nan],
  ],
  sin: [
    [0, 0],
    [-0, -0],
    [inf, nan],
    [-inf, nan],
    [nan, nan],
  ],
  cos: [
    [0, 1],
    [-0, 1],
    [inf, nan],
    [-inf, nan],
    [nan, nan],
  ],
  tan: [
    [0, 0],
    [-0, -0],
    [inf, nan],
    [nan, nan],
  ],
  tanh: [
    [0, 0],
    [-0, -0],
    [inf, 1],
    [-inf, -1],
    [nan, nan],
    [40, 1],
    [-1e30, -1],
  ],
  sigmoid: [
    [0, 0.5],
    [-0, 0.5],
    [inf, 1],
    [-inf, 0],
    [nan, nan],
  ],
  erf: [
    [0, 0],
    [-0, -0],
    [inf, 1],
    [-inf, -1],
    [nan, nan],
    [7, 1],
    [-1e30, -1],
  ],
  softplus: [
    [inf, inf],
    [-inf, 0],
    [nan, nan],
    [2 ** 100, 2 ** 100],
    [-1e30, 0],
  ],
  logSigmoid: [
    [inf, 0],
    [-inf, -inf],
    [nan, nan],
    [-(2 ** 100), -(2 ** 100)],
  ],
  sqrt: [
    [0, 0],
    [-0, -0],
    [-1, nan],
    [inf, inf],
    [4, 2],
  ],
  rsqrt: [
    [0, inf],
    [-1, nan],
    [inf, 0],
    [4, 0.5],
  ],
  reciprocal: [
    [0, inf],
    [-0, -inf],
    [inf, 0],
    [-inf, -0],
  ],
};

/** The exact cases of pow: [x, y, x^y]. Some exponents (0.5, -1 …) have their own formula, as in PyTorch. */
const powers: [number, number, number][] = [
  [nan, 0, 1],
  [inf, 0, 1],
  [0, 0, 1],
  [-3, -0, 1],
  [1, nan, 1],
  [1, inf, 1],
  [1, -inf, 1],
  [-1, inf, 1],
  [-1, -inf, 1],
  [nan, 5, nan],
  [2, nan, nan],
  [0, nan, nan],
  [-2, 1.5, nan],
  [-2, 5, -32],
  [-2, 4, 16],
  [-8, -5, -(2 ** -15)],
  [0, 5, 0],
  [-0, 5, -0],
  [-0, 4, 0],
  [0, 1.5, 0],
  [-0, 1.5, 0],
  [0, -5, inf],
  [-0, -5, -inf],
  [-0, -4, inf],
  [-0, -1.5, inf],
  [0, inf, 0],
  [0, -inf, inf],
  [inf, 5, inf],
  [inf, -5, 0],
  [-inf, 5, -inf],
  [-inf, 4, inf],
  [-inf, 1.5, inf],
  [-inf, -5, -0],
  [-inf, -4, 0],
  [-inf, -1.5, 0],
  [0.5, inf, 0],
  [0.5, -inf, inf],
  [2, inf, inf],
  [2, -inf, 0],
  [-0.5, inf, 0],
  [-2, inf, inf],
  [2, 1e30, inf],
  [2, -1e30, 0],
  [-2, 5000, inf],
  [-2, 5001, -inf],
  [3, 1, 3],
  [-7, 1, -7],
  [-inf, 0.5, nan],
  [-0, -1, -inf],
  [-0, 0.5, -0],
];

describe.each(types)("exact cases in $name", (type) => {
  it.each(Object.keys(exact))("%s", (name) => {
    const cases = exact[name]!;
    const got = run(
      type,
      functions[name]!(type.kernels()),
      cases.map(([x]) => x),
    );
    expect([...got]).toEqual(cases.map(([, y]) => y));
  });

  it("pow", () => {
    for (const [x, y, want] of powers) {
      expect(run(type, power(y)(type.kernels()), [x])[0], `${x} ^ ${y}`).toBe(want);
    }
  });

  it("rounding, sign and magnitude", () => {
    const x = [0.5, 1.5, 2.5, -0.5, -1.5, -2.7, 2.7, 0, -0, inf, nan];
    const k = type.kernels();
    const all = (kernel: Kernel): number[] => [...run(type, kernel, x)];
    expect(all(k.round)).toEqual([0, 2, 2, -0, -2, -3, 3, 0, -0, inf, nan]);
    expect(all(k.floor)).toEqual([0, 1, 2, -1, -2, -3, 2, 0, -0, inf, nan]);
    expect(all(k.ceil)).toEqual([1, 2, 3, -0, -1, -2, 3, 0, -0, inf, nan]);
    expect(all(k.trunc)).toEqual([0, 1, 2, -0, -1, -2, 2, 0, -0, inf, nan]);
    expect(all(k.sign)).toEqual([1, 1, 1, -1, -1, -1, 1, 0, 0, 1, 0]);
    const rounded = [...new type.Floats(x)];
    expect(all(k.abs)).toEqual(rounded.map(Math.abs));
    expect(all(k.neg)).toEqual(rounded.map((v) => -v));
  });
});

/** Activations that compute three vectors at a time, as the functions above. */
const activations: Record<string, (k: RealKernels) => Kernel> = {
  gelu: (k) => k.gelu,
  geluTanh: (k) => k.geluTanh,
  silu: (k) => k.silu,
  scaledElu: (k) => (out, x, begin, end) => k.scaledElu(out, x, 1.5, 1, begin, end),
  // Their gradients, for incoming gradients of 1.25.
  ...Object.fromEntries(
    (["geluGrad", "geluTanhGrad", "siluGrad"] as const).map((name) => [
      name,
      (k: RealKernels): Kernel =>
        (out, x, begin, end) => {
          k.fill(GRADIENT, 1.25, begin, end);
          k[name](out, GRADIENT, x, begin, end);
        },
    ]),
  ),
};

describe.each(types)("position in $name", (type) => {
  const wide = { ...functions, ...activations };

  it.each(Object.keys(wide))("%s gives an element the same bits wherever it stands", (name) => {
    const kernel = wide[name]!(type.kernels());
    const x = Array.from({ length: 23 }, (_, i) => 0.37 * i - 3.3 + (i > 17 ? 10 ** (i - 10) : 0));
    const whole = run(type, kernel, x, 3);
    x.forEach((value, i) => {
      expect(run(type, kernel, [value], i % 5)[0]).toBe(whole[i]);
    });
  });

  it.each(Object.keys(wide))("%s of a rare value leaves its neighbours alone, in place too", (name) => {
    const kernel = wide[name]!(type.kernels());
    const plain = Array.from({ length: 31 }, (_, i) => 0.4 + 0.07 * i);
    const usual = run(type, kernel, plain);
    const rare = [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      -0,
      1e-40,
      1e-310,
      89,
      -104,
      711,
      -746,
    ];
    for (const [r, value] of rare.entries()) {
      const [alone] = run(type, kernel, [value]);
      for (let at = r % 3; at < plain.length; at += 3) {
        const x = plain.with(at, value);
        const want = Array.from(usual).with(at, alone!);
        expect(Array.from(run(type, kernel, x))).toEqual(want);
        new type.Floats(memory.buffer, IN, x.length).set(x);
        kernel(IN, IN, 0, x.length);
        expect(Array.from(new type.Floats(memory.buffer, IN, x.length))).toEqual(want);
      }
    }
  });
});
