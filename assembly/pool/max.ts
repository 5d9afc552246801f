/**
 * Max pooling: the largest element of each window, and its position in the plane (int32): the first of equal elements,
 * the last NaN. A unit is a row of results. Structs as in window.ts. For the gradients: planes written and read at such
 * positions.
 */
import { ITEM_SIZE, keep, select } from "../base/simd";
import {
  columnsOf, evens, odds, paired, rowsOf, Step1, Step2, StepN, forEachWindow, windowHigh, windowLow,
} from "./window";

/** out = max over each window of x */
export function maxPool(out: usize, x: usize, struct: usize, begin: i32, end: i32): void {
  maxRows<WithoutIndices>(out, 0, x, struct, begin, end);
}

/** The same, with its position. */
export function maxPoolIndexed(
  out: usize, indices: usize, x: usize, struct: usize, begin: i32, end: i32,
): void {
  maxRows<WithIndices>(out, indices, x, struct, begin, end);
}

class WithIndices {
  @inline index(): bool { return true; }
}
class WithoutIndices {
  @inline index(): bool { return false; }
}

@inline
function maxRows<Indices>(out: usize, indices: usize, x: usize, struct: usize, begin: i32, end: i32): void {
  const columns = columnsOf(struct);
  if (paired(columns)) forEachWindow<MaxPairs<Indices>>(out, indices, x, struct, begin, end);
  else if (columns.stride == 1) forEachWindow<Max<Step1, Indices>>(out, indices, x, struct, begin, end);
  else if (columns.stride == 2) forEachWindow<Max<Step2, Indices>>(out, indices, x, struct, begin, end);
  else forEachWindow<Max<StepN, Indices>>(out, indices, x, struct, begin, end);
}

/** Lanes where x replaces the largest so far. */
@inline
function beats(x: v128, best: v128): v128 { return v128.or(v128.gt<real>(x, best), v128.ne<real>(x, x)); }

/** An integer in lanes as wide as the elements. */
@inline
function places(n: i32): v128 { return sizeof<real>() == 4 ? i32x4.splat(n) : i64x2.splat(n); }

/**
 * Writes the positions of LANES windows: `where` + the first element of the window, `origin` and on, `stride` apart.
 */
@inline
function storePlaces(at: usize, where: v128, origin: i32, stride: i32): void {
  if (sizeof<real>() == 4) {
    const starts = i32x4.add(i32x4.splat(origin), i32x4.mul(i32x4.splat(stride), i32x4(0, 1, 2, 3)));
    v128.store(at, i32x4.add(where, starts));
  } else {
    const starts = i64x2.replace_lane(i64x2.splat(origin), 1, origin + stride);
    const sums = i64x2.add(where, starts);
    v128.store64_lane(at, v128.shuffle<i32>(sums, sums, 0, 2, 0, 2), 0);
  }
}

/** Any window, also at the borders. */
@inline
function maxOne<Indices>(out: usize, indices: usize, x: usize, struct: usize, low: i32, high: i32, o: i32): void {
  const columns = columnsOf(struct);
  const left = windowLow(columns, o);
  const right = windowHigh(columns, o);
  const down = rowsOf(struct).dilation;
  const across = columns.dilation;
  let best: real = -Infinity;
  let where = low * columns.size + left;
  for (let i = low; i < high; i += down) {
    const row = i * columns.size;
    for (let j = left; j < right; j += across) {
      const value = load<real>(x + <usize>(row + j) * ITEM_SIZE);
      if (value > best || value != value) {
        best = value;
        where = row + j;
      }
    }
  }
  store<real>(out + <usize>o * ITEM_SIZE, best);
  if (changetype<Indices>(0).index()) store<i32>(indices + (<usize>o << 2), where);
}

class Max<Step, Indices> {
  @inline
  one(out: usize, indices: usize, x: usize, struct: usize, low: i32, high: i32, y: i32, o: i32): void {
    maxOne<Indices>(out, indices, x, struct, low, high, o);
  }

  @inline
  lanes(out: usize, indices: usize, x: usize, struct: usize, low: i32, high: i32, y: i32, o: i32): void {
    const columns = columnsOf(struct);
    const stride = columns.stride;
    const origin = low * columns.size + o * stride - columns.padding;
    const down = rowsOf(struct).dilation;
    const next = down * columns.size;
    const across = columns.dilation;
    const width = columns.kernel * across;
    let best = v128.splat<real>(-Infinity);
    let where = places(0);
    let row = 0;
    for (let i = low; i < high; i += down, row += next) {
      for (let j = row; j < row + width; j += across) {
        const value = changetype<Step>(0).load(x + <usize>(origin + j) * ITEM_SIZE, stride);
        const mask = beats(value, best);
        best = select(mask, value, best);
        if (changetype<Indices>(0).index()) where = select(mask, places(j), where);
      }
    }
    v128.store(out + <usize>o * ITEM_SIZE, best);
    if (changetype<Indices>(0).index()) storePlaces(indices + (<usize>o << 2), where, origin, stride);
  }
}

class MaxPairs<Indices> {
  @inline
  one(out: usize, indices: usize, x: usize, struct: usize, low: i32, high: i32, y: i32, o: i32): void {
    maxOne<Indices>(out, indices, x, struct, low, high, o);
  }

  @inline
  lanes(out: usize, indices: usize, x: usize, struct: usize, low: i32, high: i32, y: i32, o: i32): void {
    const columns = columnsOf(struct);
    const origin = low * columns.size + 2 * o - columns.padding;
    const down = rowsOf(struct).dilation;
    const next = down * columns.size;
    // The first row. Its first element is the largest so far.
    let at = x + <usize>origin * ITEM_SIZE;
    let a = v128.load(at), b = v128.load(at, 16);
    let best = evens(a, b), right = odds(a, b);
    let second = beats(right, best);
    best = select(second, right, best);
    let where = keep(second, places(1));
    let row = next;
    for (let i = low + down; i < high; i += down, row += next) {
      at = x + <usize>(origin + row) * ITEM_SIZE;
      a = v128.load(at), b = v128.load(at, 16);
      const left = evens(a, b);
      const first = beats(left, best);
      best = select(first, left, best);
      right = odds(a, b);
      second = beats(right, best);
      best = select(second, right, best);
      if (changetype<Indices>(0).index()) {
        where = select(second, places(row + 1), select(first, places(row), where));
      }
    }
    v128.store(out + <usize>o * ITEM_SIZE, best);
    if (changetype<Indices>(0).index()) storePlaces(indices + (<usize>o << 2), where, origin, 2);
  }
}

/**
 * out[z][indices[z][k]] += x[z][k], starting at 0, in order; planes of `size` and of `count` elements; a unit is a
 * plane
 */
export function scatterPlanes(
  out: usize, x: usize, indices: usize, size: i32, count: i32, begin: i32, end: i32,
): void {
  const bytes = <usize>size * ITEM_SIZE;
  memory.fill(out + <usize>begin * bytes, 0, <usize>(end - begin) * bytes);
  for (let z = begin; z < end; z++) {
    const plane = out + <usize>z * bytes;
    const last = <usize>(z + 1) * count;
    for (let k = <usize>z * count; k < last; k++) {
      const at = plane + <usize>load<u32>(indices + (k << 2)) * ITEM_SIZE;
      store<real>(at, load<real>(at) + load<real>(x + k * ITEM_SIZE));
    }
  }
}

/** out[z][k] = x[z][indices[z][k]], the transpose of scatterPlanes; a unit is a plane */
export function gatherPlanes(
  out: usize, x: usize, indices: usize, size: i32, count: i32, begin: i32, end: i32,
): void {
  for (let z = begin; z < end; z++) {
    const plane = x + <usize>z * size * ITEM_SIZE;
    const last = <usize>(z + 1) * count;
    for (let k = <usize>z * count; k < last; k++) {
      store<real>(out + k * ITEM_SIZE, load<real>(plane + <usize>load<u32>(indices + (k << 2)) * ITEM_SIZE));
    }
  }
}
