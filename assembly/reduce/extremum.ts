/**
 * The largest or smallest element of x [outer, r, inner] along r > 0, and its position; a unit is an element of the
 * output. A contiguous row (inner == 1) is read twice, for the extremum and for its position; other columns are read
 * LANES at a time.
 */
import { Single, Whole } from "../base/access";
import { ITEM_SIZE, LANES, select } from "../base/simd";

/** values = max of x, indices (int32) = its first position; NaN counts as the largest */
export function maxIndex(values: usize, indices: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  extremum<Above>(values, indices, x, r, inner, begin, end);
}

/** values = min of x, indices (int32) = its first position; NaN counts as the smallest */
export function minIndex(values: usize, indices: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  extremum<Below>(values, indices, x, r, inner, begin, end);
}

class Above {
  @inline beats(x: v128, best: v128): v128 { return v128.gt<real>(x, best); }
  /** By lanes; where x is NaN, best. */
  @inline
  best(best: v128, x: v128): v128 {
    return isFloat<real>() ? v128.pmax<real>(best, x) : v128.max<i32>(best, x);
  }
}
class Below {
  @inline beats(x: v128, best: v128): v128 { return v128.lt<real>(x, best); }
  @inline
  best(best: v128, x: v128): v128 {
    return isFloat<real>() ? v128.pmin<real>(best, x) : v128.min<i32>(best, x);
  }
}

@inline
function extremum<Op>(values: usize, indices: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  for (let unit = begin; unit < end; ) {
    const column = unit % inner;
    const from = x + (<usize>(unit - column) * r + column) * ITEM_SIZE;
    const value = values + <usize>unit * ITEM_SIZE, index = indices + (<usize>unit << 2);
    if (inner == 1) {
      const where = placeInRow<Op>(from, r);
      store<real>(value, load<real>(from + <usize>where * ITEM_SIZE));
      store<i32>(index, where);
      unit++;
    } else if (column + LANES <= inner && unit + LANES <= end) {
      storeWhere(index, columns<Op, Whole>(value, from, r, <usize>inner * ITEM_SIZE));
      unit += LANES;
    } else {
      store<i32>(index, i32x4.extract_lane(columns<Op, Single>(value, from, r, <usize>inner * ITEM_SIZE), 0));
      unit++;
    }
  }
}

/**
 * The position of the first NaN of r adjacent elements, or else of their first extremum. Elements behind the last whole
 * vector are splatted one by one.
 */
function placeInRow<Op>(x: usize, r: i32): i32 {
  const op = changetype<Op>(0);
  const end = x + <usize>r * ITEM_SIZE, whole = end - <usize>(r % LANES) * ITEM_SIZE;
  let best = v128.load_splat<real>(x), isNaN = v128.splat<real>(0);
  let at = x;
  for (; at < whole; at += 16) {
    const next = v128.load(at);
    best = op.best(best, next);
    isNaN = v128.or(isNaN, v128.ne<real>(next, next));
  }
  for (; at < end; at += ITEM_SIZE) {
    const next = v128.load_splat<real>(at);
    best = op.best(best, next);
    isNaN = v128.or(isNaN, v128.ne<real>(next, next));
  }
  best = op.best(best, v128.shuffle<i64>(best, best, 1, 0));
  if (sizeof<real>() == 4) best = op.best(best, v128.shuffle<i32>(best, best, 1, 0, 3, 2));
  const anyNaN = v128.any_true(isNaN);
  for (at = x; at < whole; at += 16) {
    const bits = lanesOf(v128.load(at), best, anyNaN);
    if (bits) return <i32>((at - x) / ITEM_SIZE) + ctz(bits);
  }
  while (at < end && !lanesOf(v128.load_splat<real>(at), best, anyNaN)) at += ITEM_SIZE;
  return <i32>((at - x) / ITEM_SIZE);
}

/** A bit for each lane of x that is NaN (`anyNaN`), or that equals the best. */
@inline
function lanesOf(x: v128, best: v128, anyNaN: bool): i32 {
  const found = anyNaN ? v128.ne<real>(x, x) : v128.eq<real>(x, best);
  return sizeof<real>() == 8 ? i64x2.bitmask(found) : i32x4.bitmask(found);
}

/**
 * The positions of the extrema of one column (Single) or LANES adjacent columns (Whole), whose elements lie `next`
 * bytes apart, in lanes as wide as elements.
 */
@inline
function columns<Op, Access>(values: usize, x: usize, r: i32, next: usize): v128 {
  const at = changetype<Access>(0);
  let best = at.load(x), where = i32x4.splat(0);
  for (let i = 1; i < r; i++) {
    x += next;
    const value = at.load(x);
    const first = v128.and(v128.ne<real>(value, value), v128.eq<real>(best, best)); // NaN
    const mask = v128.or(changetype<Op>(0).beats(value, best), first);
    best = select(mask, value, best);
    where = select(mask, i32x4.splat(i), where);
  }
  at.store(values, best);
  return where;
}

/** Writes LANES positions as int32. */
@inline
function storeWhere(indices: usize, where: v128): void {
  if (sizeof<real>() == 8) v128.store64_lane(indices, v128.shuffle<i32>(where, where, 0, 2, 0, 2), 0);
  else v128.store(indices, where);
}
