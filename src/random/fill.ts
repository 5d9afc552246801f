import type { TypedArray } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { cast, writeElements } from "../ops/layout/copy.js";
import { i32 } from "../runtime/kernels.js";
import { launch, launchUnits } from "../runtime/launch.js";
import { shapeOnly } from "../runtime/shape-only.js";
import { realKernels } from "../tensor/dispatch.js";
import { checkInPlace } from "../tensor/record.js";
import { elements, empty, Tensor } from "../tensor/tensor.js";
import { defaultGenerator, type Generator, generatorKind } from "./generator.js";
import { MT19937 } from "./mt19937.js";

/** Options of all functions that draw. */
export type DrawOptions = {
  /** The generator to draw from; the default one when left out. */
  generator?: Generator;
};

/** The kind of {@link DrawOptions}. */
export const DRAW = { generator: generatorKind } as const;

/** Numbers in a block of Box and Muller's transform. PyTorch uses blocks for this many elements or more. */
const BLOCK = 16;

/** Fewer elements need no whole block of draws, so that no kernel runs. */
const FEW = MT19937.WORDS / 2;

/** Elements that are drawn at a time where the draws are float64 and take memory of their own. */
const CHUNK = 1 << 15;

/**
 * Fills a float tensor with uniform numbers of [low, high).
 * @returns x
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.uniform_.html
 */
export function uniform_<T extends Tensor>(x: T, low = 0, high = 1, { generator }: DrawOptions = {}): T {
  if (!(low <= high)) throw new ValueError("uniform_", `expected low <= high, got ${low} and ${high}`);
  realKernels("uniform_", x.dtype); // refuses other types
  const round = x.dtype === "float32" ? Math.fround : Number;
  overwrite("uniform_", x, (row) => {
    fillUniform(row, generator);
    if (low !== 0 || high !== 1) scaleShift(row, round(high) - round(low), low);
  });
  return x;
}

/**
 * Fills a float tensor with normal numbers. As in PyTorch, fewer than 16 elements, or elements that are not row-major,
 * are drawn one by one in float64; more are drawn in blocks in the tensor's own dtype. So the numbers depend on the
 * size.
 * @returns x
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.normal_.html
 */
export function normal_<T extends Tensor>(x: T, mean = 0, std = 1, { generator }: DrawOptions = {}): T {
  if (!(std >= 0)) throw new ValueError("normal_", `expected std >= 0, got ${std}`);
  realKernels("normal_", x.dtype);
  const inBlocks = x.numel >= BLOCK && x.isContiguous();
  overwrite("normal_", x, (row) => {
    if (inBlocks) {
      fillNormalBlocks(row, generator);
      scaleShift(row, std, mean);
    } else {
      const draws = empty("normal_", row.shape, "float64");
      (generator ?? defaultGenerator).fillNormal(elementsOf(draws));
      scaleShift(draws, std, mean);
      const rounded = cast(draws, row.dtype);
      writeElements(row, rounded);
      for (const { storage } of [draws, rounded]) storage.free();
    }
  });
  return x;
}

/**
 * Fills a tensor with ones (probability p) and zeros.
 * @returns x
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.bernoulli_.html
 */
export function bernoulli_<T extends Tensor>(x: T, p = 0.5, { generator }: DrawOptions = {}): T {
  if (!(p >= 0 && p <= 1)) throw new ValueError("bernoulli_", `expected p in [0, 1], got ${p}`);
  overwrite("bernoulli_", x, (row) => fillBernoulli(row, p, 1, generator));
  return x;
}

/** Fills a row-major tensor: `one` with probability p, otherwise 0. Each element draws a float64 uniform. */
export function fillBernoulli(row: Tensor, p: number, one: number, generator = defaultGenerator): void {
  if (shapeOnly.on) return;
  if (row.numel < FEW || (row.dtype !== "float32" && row.dtype !== "float64")) {
    const out = elementsOf(row);
    for (let i = 0; i < out.length; i++) out[i] = generator.uniform() < p ? one : 0;
    return;
  }
  const { bernoulli } = realKernels("bernoulli_", row.dtype);
  const all = empty("bernoulli_", [Math.min(row.numel, CHUNK)], "float64");
  for (let from = 0; from < row.numel; from += CHUNK) {
    const draws = part(all, 0, Math.min(row.numel - from, CHUNK));
    fillUniform(draws, generator);
    launch(bernoulli, draws.numel, part(row, from, draws.numel).ptr, draws.ptr, p, one);
  }
  all.storage.free();
}

/** `count` elements of a row-major tensor. */
function part(row: Tensor, from: number, count: number): Tensor {
  return new Tensor(row.storage, [count], row.dtype, undefined, row.offset + from);
}

/** The elements of a row-major tensor; none in a run on shapes alone, which draws and writes nothing. */
export function elementsOf(row: Tensor): TypedArray {
  return elements(row).subarray(0, shapeOnly.on ? 0 : row.numel);
}

/** Fills a row-major float tensor with uniforms of [0, 1). A kernel makes whole blocks of draws: the same numbers. */
function fillUniform(row: Tensor, generator = defaultGenerator): void {
  if (shapeOnly.on) return;
  const copy = row.numel < FEW ? null : empty("uniform_", [MT19937.WORDS], "int32"); // before any view: memory may grow
  const out = elementsOf(row);
  if (copy === null) {
    if (out instanceof Float32Array || out instanceof Float64Array) generator.fillUniform(out);
    return;
  }
  generator.fillDraws(new Uint32Array(out.buffer, out.byteOffset, out.byteLength / 4), (words, blocks) => {
    const twisted = elementsOf(copy);
    twisted.set(words);
    i32().mersenne(copy.ptr, blocks.byteOffset, blocks.length / words.length);
    words.set(twisted);
  });
  copy.storage.free();
  launch(realKernels("uniform_", row.dtype).uniforms, row.numel, row.ptr);
}

/** Fills with standard normals in blocks of 16. If 16 does not divide the size, the last 16 elements are drawn anew. */
function fillNormalBlocks(row: Tensor, generator?: Generator): void {
  const { boxMuller } = realKernels("normal_", row.dtype);
  fillUniform(row, generator);
  launchUnits(boxMuller, Math.floor(row.numel / BLOCK), 4 * BLOCK, row.ptr);
  if (row.numel % BLOCK === 0) return;
  const tail = part(row, row.numel - BLOCK, BLOCK);
  fillUniform(tail, generator);
  launch(boxMuller, 1, tail.ptr);
}

/** x = scale · x + shift on a row-major tensor, rounded once. */
function scaleShift(row: Tensor, scale: number, shift: number): void {
  if (scale === 1 && shift === 0) return;
  launch(realKernels("scaleShift", row.dtype).scaleShift, row.numel, row.ptr, scale, shift);
}

/**
 * Lets `fill` write the elements of `x` in the order of their addresses, in which PyTorch draws. `fill` gets a
 * row-major tensor: `x` itself if it has no gaps, else one that is copied to `x` afterwards.
 */
function overwrite(op: string, x: Tensor, fill: (row: Tensor) => void): void {
  checkInPlace(op, x);
  const ordered = byAddress(x);
  if (ordered.isContiguous()) {
    fill(ordered);
    x.storage.version++;
    return;
  }
  const row = empty(op, ordered.shape, x.dtype);
  fill(row);
  writeElements(ordered, row);
  row.storage.free();
}

/** The tensor with its dims in descending order of strides. */
function byAddress(x: Tensor): Tensor {
  if (x.isContiguous()) return x;
  const dims = [...x.shape.keys()].sort((a, b) => x.strides[b]! - x.strides[a]!);
  const permuted = (sizes: readonly number[]): number[] => dims.map((dim) => sizes[dim]!);
  return new Tensor(x.storage, permuted(x.shape), x.dtype, permuted(x.strides), x.offset);
}
