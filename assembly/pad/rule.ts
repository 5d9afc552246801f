/**
 * Which element of a plain (unpadded) tensor each element of a padded one copies, dim by dim. The struct of i32s: ndim
 * (2 or more; dim 0 is never padded), mode, then for each dim the padded sizes, the plain sizes, and how many elements
 * are added in front (below 0: how many are cut off).
 */
import { field } from "../base/strided";

const REFLECT = 1;
const REPLICATE = 2;
const CIRCULAR = 3;

@inline export function dimsOf(struct: usize): i32 { return field(struct, 0); }
@inline export function modeOf(struct: usize): i32 { return field(struct, 1); }
@inline export function wideSize(struct: usize, dim: i32): i32 { return field(struct, 2 + dim); }
@inline export function plainSize(struct: usize, dim: i32): i32 { return field(struct, 2 + dimsOf(struct) + dim); }
@inline export function before(struct: usize, dim: i32): i32 { return field(struct, 2 + 2 * dimsOf(struct) + dim); }

/**
 * The index in a plain dim of `size` that padding copies to index `at`, counted from the first plain element; -1 for
 * the constant.
 */
@inline
export function sourceOf(at: i32, size: i32, mode: i32): i32 {
  if (<u32>at < <u32>size) return at;
  if (mode == REFLECT) return at < 0 ? -at : 2 * (size - 1) - at;
  if (mode == REPLICATE) return at < 0 ? 0 : size - 1;
  if (mode == CIRCULAR) return at < 0 ? at + size : at - size;
  return -1;
}

/** The plane (all indices but the last two) that plane `plane` of the padded tensor copies, or -1. */
function sourcePlane(struct: usize, plane: i32): i32 {
  const mode = modeOf(struct);
  let offset = 0;
  let step = 1;
  for (let dim = dimsOf(struct) - 3; dim >= 0; dim--) {
    const wide = wideSize(struct, dim);
    const size = plainSize(struct, dim);
    const outer = plane / wide;
    const source = sourceOf(plane - outer * wide - before(struct, dim), size, mode);
    if (source < 0) return -1;
    offset += source * step;
    step *= size;
    plane = outer;
  }
  return offset;
}

/** Runs `Row` on rows [begin, end) of the padded tensor, each with the plain row that it copies, or -1. */
@inline
export function forEachPaddedRow<Row>(
  wide: usize, plain: usize, scalar: usize, struct: usize, begin: i32, end: i32,
): void {
  const mode = modeOf(struct);
  const dim = dimsOf(struct) - 2;
  const height = wideSize(struct, dim);
  const rows = plainSize(struct, dim);
  const top = before(struct, dim);
  for (let row = begin; row < end; ) {
    const first = row / height;
    const plane = sourcePlane(struct, first);
    const stop = min(end, (first + 1) * height);
    for (let y = row - first * height - top; row < stop; row++, y++) {
      const source = plane < 0 ? -1 : sourceOf(y, rows, mode);
      changetype<Row>(0).row(wide, row, plain, source < 0 ? -1 : plane * rows + source, scalar, struct);
    }
  }
}
