/**
 * Average pooling: the mean of each window, summed in row-major order, and its transpose. Behind the axes of window.ts,
 * the struct says whether padding counts, and holds a divisor that replaces the number of elements (or 0).
 */
import { ITEM_SIZE, LANES } from "../base/simd";
import {
  Step1, Step2, StepN, WindowAxis, afterAxes, columnsOf, evens, forEachWindow, insideFrom, insideTo, odds, paired,
  rowsOf, windowHigh, windowLow,
} from "./window";

/** out = mean over each window of x; a unit is a row of results */
export function averagePool(out: usize, x: usize, struct: usize, begin: i32, end: i32): void {
  const columns = columnsOf(struct);
  if (paired(columns)) forEachWindow<MeanPairs>(out, 0, x, struct, begin, end);
  else if (columns.stride == 1) forEachWindow<Mean<Step1>>(out, 0, x, struct, begin, end);
  else if (columns.stride == 2) forEachWindow<Mean<Step2>>(out, 0, x, struct, begin, end);
  else forEachWindow<Mean<StepN>>(out, 0, x, struct, begin, end);
}

/** How many elements of window o count along an axis, if [low, high) of it lies on the plane. */
@inline
function extent(a: WindowAxis, struct: usize, o: i32, low: i32, high: i32): i32 {
  if (load<i32>(afterAxes(struct)) == 0) return high - low;
  const from = o * a.stride - a.padding;
  return min(from + a.kernel, a.size + a.padding) - from;
}

/** The divisor of the sum over a window, given how many elements count along both axes. */
@inline
function divisor(struct: usize, down: i32, across: i32): real {
  const given = load<i32>(afterAxes(struct), 4);
  return <real>(given != 0 ? given : down * across);
}

/** Any window, also at the borders. */
@inline
function meanOne(out: usize, x: usize, struct: usize, low: i32, high: i32, y: i32, o: i32): void {
  const columns = columnsOf(struct);
  const left = windowLow(columns, o);
  const right = windowHigh(columns, o);
  let sum: real = 0;
  for (let i = low; i < high; i++) {
    const row = x + <usize>(i * columns.size) * ITEM_SIZE;
    for (let j = left; j < right; j++) sum += load<real>(row + <usize>j * ITEM_SIZE);
  }
  const across = extent(columns, struct, o, left, right);
  store<real>(out + <usize>o * ITEM_SIZE, sum / divisor(struct, extent(rowsOf(struct), struct, y, low, high), across));
}

/** The divisor, in all lanes, of windows whose columns all lie on the plane. */
@inline
function divisors(struct: usize, low: i32, high: i32, y: i32): v128 {
  const down = extent(rowsOf(struct), struct, y, low, high);
  return v128.splat<real>(divisor(struct, down, columnsOf(struct).kernel));
}

class Mean<Step> {
  @inline
  one(out: usize, indices: usize, x: usize, struct: usize, low: i32, high: i32, y: i32, o: i32): void {
    meanOne(out, x, struct, low, high, y, o);
  }

  @inline
  lanes(out: usize, indices: usize, x: usize, struct: usize, low: i32, high: i32, y: i32, o: i32): void {
    const columns = columnsOf(struct);
    const stride = columns.stride;
    const width = <usize>columns.kernel * ITEM_SIZE;
    const next = <usize>columns.size * ITEM_SIZE;
    let row = x + <usize>(low * columns.size + o * stride - columns.padding) * ITEM_SIZE;
    let sum = v128.splat<real>(0);
    for (let i = low; i < high; i++, row += next) {
      for (let at = row; at < row + width; at += ITEM_SIZE) {
        sum = v128.add<real>(sum, changetype<Step>(0).load(at, stride));
      }
    }
    v128.store(out + <usize>o * ITEM_SIZE, v128.div<real>(sum, divisors(struct, low, high, y)));
  }
}

class MeanPairs {
  @inline
  one(out: usize, indices: usize, x: usize, struct: usize, low: i32, high: i32, y: i32, o: i32): void {
    meanOne(out, x, struct, low, high, y, o);
  }

  @inline
  lanes(out: usize, indices: usize, x: usize, struct: usize, low: i32, high: i32, y: i32, o: i32): void {
    const columns = columnsOf(struct);
    const next = <usize>columns.size * ITEM_SIZE;
    let row = x + <usize>(low * columns.size + 2 * o - columns.padding) * ITEM_SIZE;
    let sum = v128.splat<real>(0);
    for (let i = low; i < high; i++, row += next) {
      const a = v128.load(row);
      const b = v128.load(row, 16);
      sum = v128.add<real>(v128.add<real>(sum, evens(a, b)), odds(a, b));
    }
    v128.store(out + <usize>o * ITEM_SIZE, v128.div<real>(sum, divisors(struct, low, high, y)));
  }
}

/** out += g / divisor over each window, starting at 0, in the order of windows; a unit is a plane */
export function averagePoolAdjoint(out: usize, g: usize, struct: usize, begin: i32, end: i32): void {
  const rows = rowsOf(struct);
  const columns = columnsOf(struct);
  const bytes = <usize>(rows.size * columns.size) * ITEM_SIZE;
  memory.fill(out + <usize>begin * bytes, 0, <usize>(end - begin) * bytes);
  const inside = paired(columns) ? insideFrom(columns) : columns.count;
  const to = insideTo(columns);
  for (let z = begin; z < end; z++) {
    const plane = out + <usize>z * bytes;
    for (let y = 0; y < rows.count; y++) {
      const from = g + (<usize>z * rows.count + y) * columns.count * ITEM_SIZE;
      const low = windowLow(rows, y);
      const high = windowHigh(rows, y);
      let o = 0;
      for (; o < inside; o++) spreadOne(plane, from, struct, low, high, y, o);
      for (; o + LANES <= to; o += LANES) spreadPairs(plane, from, struct, low, high, y, o);
      for (; o < columns.count; o++) spreadOne(plane, from, struct, low, high, y, o);
    }
  }
}

/** Adds one element of g, divided, to every element of its window. */
@inline
function spreadOne(plane: usize, g: usize, struct: usize, low: i32, high: i32, y: i32, o: i32): void {
  const columns = columnsOf(struct);
  const left = windowLow(columns, o);
  const right = windowHigh(columns, o);
  const down = extent(rowsOf(struct), struct, y, low, high);
  const part = load<real>(g + <usize>o * ITEM_SIZE) / divisor(struct, down, extent(columns, struct, o, left, right));
  for (let i = low; i < high; i++) {
    const row = plane + <usize>(i * columns.size) * ITEM_SIZE;
    for (let j = left; j < right; j++) {
      const at = row + <usize>j * ITEM_SIZE;
      store<real>(at, load<real>(at) + part);
    }
  }
}

/** The same for LANES adjacent windows of width 2. */
@inline
function spreadPairs(plane: usize, g: usize, struct: usize, low: i32, high: i32, y: i32, o: i32): void {
  const columns = columnsOf(struct);
  const part = v128.div<real>(v128.load(g + <usize>o * ITEM_SIZE), divisors(struct, low, high, y));
  const a = sizeof<real>() == 4 ? v128.shuffle<f32>(part, part, 0, 0, 1, 1) : v128.shuffle<f64>(part, part, 0, 0);
  const b = sizeof<real>() == 4 ? v128.shuffle<f32>(part, part, 2, 2, 3, 3) : v128.shuffle<f64>(part, part, 1, 1);
  const next = <usize>columns.size * ITEM_SIZE;
  let at = plane + <usize>(low * columns.size + 2 * o - columns.padding) * ITEM_SIZE;
  for (let i = low; i < high; i++, at += next) {
    v128.store(at, v128.add<real>(v128.load(at), a));
    v128.store(at, v128.add<real>(v128.load(at, 16), b), 16);
  }
}
