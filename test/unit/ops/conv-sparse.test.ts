import fc from "fast-check";
import { F, rand, randn, scope, type Tensor, where, zerosLike } from "simdgrad";
import { describe, expect, it } from "vitest";
import { addsByRows } from "../../../src/ops/conv/convolution-route.js";
import { alloc, free, view, writeStruct } from "../../../src/runtime/heap.js";
import { f32, f64, type RealKernels } from "../../../src/runtime/kernels.js";

type Dtype = "float32" | "float64";
/** A convolution without padding, and the share of dOut that is not 0. */
type Case = {
  dtype: Dtype;
  images: number;
  groups: number;
  channels: number;
  outs: number;
  window: readonly [number, number];
  out: readonly [number, number];
  stride: readonly [number, number];
  dilation: number;
  share: number;
};

const upTo = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const cases: fc.Arbitrary<Case> = fc.constantFrom<Dtype>("float32", "float64").chain((dtype) =>
  fc.record({
    dtype: fc.constant(dtype),
    images: upTo(3),
    groups: upTo(2),
    channels: upTo(9),
    outs: upTo(12),
    window: fc.tuple(upTo(4), upTo(dtype === "float32" ? 8 : 4)),
    out: fc.tuple(upTo(40), fc.integer({ min: 2, max: 40 })),
    stride: fc.tuple(upTo(2), upTo(2)),
    dilation: upTo(2),
    share: fc.constantFrom(0, 0.03, 0.25, 1),
  }),
);

const kernels = (dtype: Dtype): RealKernels => (dtype === "float32" ? f32() : f64());

/** The operands, and the fields of their struct except the pointer to the tables, the route and the order of sums. */
function operands(c: Case): { x: Tensor; w: Tensor; g: Tensor; fields: number[] } {
  const { dtype } = c;
  const image = [0, 1].map((i) => (c.out[i]! - 1) * c.stride[i]! + (i === 0 ? c.dilation : 1) * (c.window[i]! - 1) + 1);
  const x = randn([c.images, c.groups * c.channels, ...image], { dtype });
  const w = randn([c.groups * c.outs, c.channels, ...c.window], { dtype });
  const values = randn([c.images, c.groups * c.outs, ...c.out], { dtype });
  const g = where(rand(values.shape, { dtype }).lt(c.share), values, zerosLike(values));
  const sizes = [c.images, c.groups, c.channels, c.outs, ...image, ...c.window, ...c.out, ...c.stride, c.dilation, 1];
  return { x, w, g, fields: [x.ptr, w.ptr, g.ptr, 0, 0, ...sizes] };
}

const SLIDE = 1;
const SPARSE = 2;

/** The values after a workspace, which kernels must not change. */
const MARK = 0x5ca1ab1e;

/** Runs a gradient's kernel, by lists or without, `grain` units at a time. */
function run(c: Case, fields: readonly number[], pass: "Input" | "Weight", sparse: boolean, grain: number): void {
  const k = kernels(c.dtype);
  const sizes = {
    outs: c.outs,
    patchSize: c.channels * c.window[0] * c.window[1],
    windowWidth: c.window[1],
    pixels: c.out[0] * c.out[1],
    outWidth: c.out[1],
    strideWidth: c.stride[1],
    dilationWidth: 1,
    lanes: c.dtype === "float32" ? 4 : 2,
  };
  const byRows = Number(pass === "Weight" && addsByRows(sizes));
  const route = sparse ? SPARSE : byRows * SLIDE;
  const entries = c.channels * c.window[0] * c.window[1] + c.out[0] * c.out[1];
  const tables = alloc(4 * entries, "tables");
  const struct = (): number => writeStruct([...fields.slice(0, 4), tables, ...fields.slice(5), route, byRows]);
  k.patchOffsets(struct(), 0, entries);
  const bytes = k[`convolve${pass}Work`](struct());
  const work = alloc(bytes + 16, "work");
  const behind = view()
    .i32.subarray((work + bytes) / 4, (work + bytes) / 4 + 4)
    .fill(MARK);
  const units = k[`convolve${pass}Units`](struct(), work);
  for (let begin = 0; begin < units; begin += grain) {
    k[`convolve${pass}`](struct(), work, begin, Math.min(begin + grain, units));
  }
  expect([...behind]).toEqual([MARK, MARK, MARK, MARK]);
  free(work, bytes + 16);
  free(tables, 4 * entries);
}

const bits = (t: Tensor): Buffer => {
  const { buffer, byteOffset, byteLength } = t.toTypedArray();
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
};

describe("the gradients of a convolution by lists of what is not 0", () => {
  it("have the bits that they have without, whatever the geometry, in one piece or in many", () => {
    fc.assert(
      fc.property(cases, upTo(5), (c, grain) =>
        scope(() => {
          if (c.out[0] * c.out[1] === 1) return;
          const { x, w, fields } = operands(c);
          for (const pass of ["Input", "Weight"] as const) {
            const result = pass === "Input" ? x : w;
            // A kernel writes its result into one operand and must not change the other.
            const before = bits(pass === "Input" ? w : x);
            run(c, fields, pass, false, Number.POSITIVE_INFINITY);
            const expected = bits(result);
            result.fill_(7);
            run(c, fields, pass, true, grain);
            expect(bits(result).equals(expected)).toBe(true);
            expect(bits(pass === "Input" ? w : x).equals(before)).toBe(true);
          }
        }),
      ),
      { numRuns: 300 },
    );
  });

  it("have them where planes are larger than what a product sums at once, and workspaces hold some outputs only", () => {
    for (const [channels, outs, out, window] of [
      [40, 300, [6, 7], [3, 3]],
      [2, 20, [50, 53], [3, 3]],
      [1, 4, [70, 75], [5, 5]],
      [3, 40, [33, 35], [2, 3]],
    ] as const) {
      const c: Case = {
        dtype: "float32",
        images: 2,
        groups: 1,
        channels,
        outs,
        window,
        out,
        stride: [1, 1],
        dilation: 1,
        share: 0.2,
      };
      const { x, w, fields } = operands(c);
      for (const [pass, result] of [
        ["Input", x],
        ["Weight", w],
      ] as const) {
        run(c, fields, pass, false, Number.POSITIVE_INFINITY);
        const expected = bits(result);
        run(c, fields, pass, true, Number.POSITIVE_INFINITY);
        expect(bits(result).equals(expected)).toBe(true);
      }
    }
  });

  it("are those of rows where an image is a column", () => {
    const x = randn([2, 6, 60, 1]);
    const w = randn([5, 6, 3, 1]);
    const values = randn([2, 5, 58, 1]);
    const g = where(rand(values.shape).lt(0.02), values, zerosLike(values));
    const [column, row] = [
      [0, 1],
      [1, 0],
    ].map(([high, wide]) => {
      const turned = (t: Tensor): Tensor => t.view(t.shape[0]!, t.shape[1]!, t.shape[2 + high!]!, t.shape[2 + wide!]!);
      const [image, weight] = [turned(x).clone().requiresGrad_(), turned(w).clone().requiresGrad_()];
      F.conv2d(image, weight).backward(turned(g));
      return [image.grad!, weight.grad!].map((t) => t.flatten().toArray());
    });
    expect(column).toEqual(row);
  });

  it("are NaN where the formula multiplies 0 by an infinite number", () => {
    const x = randn([2, 6, 14, 14]);
    x.view(-1).narrow(0, 100, 1).fill_(Number.POSITIVE_INFINITY);
    const w = randn([16, 6, 5, 5], { requiresGrad: true });
    const out = F.conv2d(x, w);
    const g = randn(out.shape);
    out.backward(where(rand(g.shape).lt(0.1), g, zerosLike(g)));
    // Element 100 is (7, 2) of the first channel of the first image: only the first columns of the window cover it.
    const first = w.grad!.narrow(1, 0, 1);
    expect(first.narrow(3, 0, 3).isnan().any().item()).toBeTruthy();
    expect(first.narrow(3, 3, 2).isnan().any().item()).toBeFalsy();
    expect(w.grad!.narrow(1, 1, 5).isnan().any().item()).toBeFalsy();
  });
});
