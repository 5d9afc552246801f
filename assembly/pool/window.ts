/**
 * Windows on planes [height, width] for max and average pooling. A struct holds the two axes, rows first, then what a
 * kernel adds. Windows that lie on the plane are computed as vectors, one result per lane; a lane reads the elements of
 * its window in row-major order, as the windows at the borders do.
 */
import { ITEM_SIZE, LANES } from "../base/simd";

/** One dim of a plane: its size, the number of windows, and where they lie. */
@unmanaged
export class WindowAxis {
  size: i32; count: i32;
  kernel: i32;
  /** 0: adaptive pooling, whose windows divide the size evenly; padding is then 0 and dilation 1. */
  stride: i32;
  padding: i32; dilation: i32;
}

@inline export function rowsOf(struct: usize): WindowAxis { return changetype<WindowAxis>(struct); }
@inline
export function columnsOf(struct: usize): WindowAxis {
  return changetype<WindowAxis>(struct + offsetof<WindowAxis>());
}

/** The address of what follows the axes. */
@inline export function afterAxes(struct: usize): usize { return struct + 2 * offsetof<WindowAxis>(); }

/** The first element of window o that lies on the plane. */
export function windowLow(a: WindowAxis, o: i32): i32 {
  if (a.stride == 0) return <i32>(<i64>o * a.size / a.count);
  const from = o * a.stride - a.padding;
  return from < 0 ? from + (a.dilation - 1 - from) / a.dilation * a.dilation : from;
}

/** The end of the part of window o that lies on the plane. */
export function windowHigh(a: WindowAxis, o: i32): i32 {
  if (a.stride == 0) return <i32>((<i64>(o + 1) * a.size + a.count - 1) / a.count);
  return min(o * a.stride - a.padding + (a.kernel - 1) * a.dilation + 1, a.size);
}

/** The first window that lies on the plane with all its elements (of windows with a stride). */
export function insideFrom(a: WindowAxis): i32 {
  return a.stride == 0 ? a.count : min(a.count, (a.padding + a.stride - 1) / a.stride);
}

/** The end of the windows that lie on the plane with all their elements. */
export function insideTo(a: WindowAxis): i32 {
  const room = a.size + a.padding - (a.kernel - 1) * a.dilation - 1;
  return a.stride == 0 || room < 0 ? 0 : min(a.count, room / a.stride + 1);
}

/** Whether windows have width 2, stride 2 and dilation 1: two vectors then hold a row of LANES windows. */
@inline
export function paired(a: WindowAxis): bool { return a.stride == 2 && a.kernel == 2 && a.dilation == 1; }

/** Elements 0, 2, 4 … of two neighbouring vectors. */
@inline
export function evens(a: v128, b: v128): v128 {
  return sizeof<real>() == 4 ? v128.shuffle<f32>(a, b, 0, 2, 4, 6) : v128.shuffle<f64>(a, b, 0, 2);
}

/** Elements 1, 3, 5 … of two neighbouring vectors. */
@inline
export function odds(a: v128, b: v128): v128 {
  return sizeof<real>() == 4 ? v128.shuffle<f32>(a, b, 1, 3, 5, 7) : v128.shuffle<f64>(a, b, 1, 3);
}

/** Loads LANES elements `stride` apart. Nothing behind the last of them is read. */
export class Step1 {
  @inline load(p: usize, stride: i32): v128 { return v128.load(p); }
}
export class Step2 {
  @inline
  load(p: usize, stride: i32): v128 {
    const a = v128.load(p);
    const b = v128.load(p + 16 - ITEM_SIZE);
    return sizeof<real>() == 4 ? v128.shuffle<f32>(a, b, 0, 2, 5, 7) : v128.shuffle<f64>(a, b, 0, 3);
  }
}
export class StepN {
  @inline
  load(p: usize, stride: i32): v128 {
    const step = <usize>stride * ITEM_SIZE;
    if (sizeof<real>() == 8) return v128.load64_lane(p + step, v128.load64_zero(p), 1);
    let x = v128.load32_zero(p);
    x = v128.load32_lane(p + step, x, 1);
    x = v128.load32_lane(p + 2 * step, x, 2);
    return v128.load32_lane(p + 3 * step, x, 3);
  }
}

/** Runs `Op` on rows [begin, end) of the results: `one` for a single window, `lanes` for LANES windows on the plane. */
@inline
export function forEachWindow<Op>(out: usize, indices: usize, x: usize, struct: usize, begin: i32, end: i32): void {
  const rows = rowsOf(struct);
  const columns = columnsOf(struct);
  const plane = <usize>(rows.size * columns.size) * ITEM_SIZE;
  const from = insideFrom(columns), to = insideTo(columns);
  let y = begin % max(rows.count, 1);
  let image = x + <usize>(begin / max(rows.count, 1)) * plane;
  for (let unit = begin; unit < end; unit++) {
    const first = <usize>unit * columns.count;
    windowsInRow<Op>(out + first * ITEM_SIZE, indices + (first << 2), image, struct, y, from, to);
    if (++y == rows.count) y = 0, image += plane;
  }
}

/**
 * One row of results, of which [from, to) have their windows on the plane. The last vector overlaps the one before, so
 * that few are computed singly.
 */
@inline
function windowsInRow<Op>(out: usize, indices: usize, x: usize, struct: usize, y: i32, from: i32, to: i32): void {
  const low = windowLow(rowsOf(struct), y);
  const high = windowHigh(rowsOf(struct), y);
  const count = columnsOf(struct).count;
  const op = changetype<Op>(0);
  let o = 0;
  if (to - from >= LANES) {
    for (; o < from; o++) op.one(out, indices, x, struct, low, high, y, o);
    for (; o < to; o += LANES) op.lanes(out, indices, x, struct, low, high, y, min(o, to - LANES));
    o = to;
  }
  for (; o < count; o++) op.one(out, indices, x, struct, low, high, y, o);
}
