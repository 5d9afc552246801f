/**
 * Where the largest or smallest lies: x [outer, r, inner], r > 0; a unit is an element of the output. A row in memory
 * (inner == 1) is read twice, for what is largest and for where that is; other columns LANES at a time.
 */
import { ITEM, LANES, select } from "./simd";

/** values = max of x, indices (int32) = where it is first; a NaN counts as the largest */
export function maxIndex(values: usize, indices: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  extremum<Above>(values, indices, x, r, inner, begin, end);
}

/** values = min of x, indices (int32) = where it is first; a NaN counts as the smallest */
export function minIndex(values: usize, indices: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  extremum<Below>(values, indices, x, r, inner, begin, end);
}

class Above {
  @inline beats(a: real, b: real): bool { return a > b; }
  @inline mask(a: v128, b: v128): v128 { return v128.gt<real>(a, b); }
  /** Lane by lane; where x is NaN, best. */
  @inline best(best: v128, x: v128): v128 { return isFloat<real>() ? v128.pmax<real>(best, x) : v128.max<i32>(best, x); }
}
class Below {
  @inline beats(a: real, b: real): bool { return a < b; }
  @inline mask(a: v128, b: v128): v128 { return v128.lt<real>(a, b); }
  @inline best(best: v128, x: v128): v128 { return isFloat<real>() ? v128.pmin<real>(best, x) : v128.min<i32>(best, x); }
}

@inline
function extremum<Op>(values: usize, indices: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  for (let unit = begin; unit < end; ) {
    const column = unit % inner;
    const from = x + (<usize>(unit - column) * r + column) * ITEM;
    const value = values + <usize>unit * ITEM, index = indices + (<usize>unit << 2);
    if (inner == 1) {
      const where = placeInRow<Op>(from, r);
      store<real>(value, load<real>(from + <usize>where * ITEM));
      store<i32>(index, where);
      unit++;
    } else if (column + LANES <= inner && unit + LANES <= end) {
      columns<Op>(value, index, from, r, <usize>inner * ITEM);
      unit += LANES;
    } else {
      oneColumn<Op>(value, index, from, r, <usize>inner * ITEM);
      unit++;
    }
  }
}

/** Where the first NaN of r neighbours is, or the first of their best. */
function placeInRow<Op>(x: usize, r: i32): i32 {
  const op = changetype<Op>(0);
  const whole = r & -LANES;
  let lanes = v128.load_splat<real>(x), isNaN = v128.splat<real>(0);
  for (let i = 0; i < whole; i += LANES) {
    const next = v128.load(x + <usize>i * ITEM);
    lanes = op.best(lanes, next);
    isNaN = v128.or(isNaN, v128.ne<real>(next, next));
  }
  let best = v128.extract_lane<real>(lanes, 0), anyNaN = v128.any_true(isNaN);
  for (let lane = 1; lane < LANES; lane++) {
    lanes = sizeof<real>() == 8 ? v128.shuffle<i64>(lanes, lanes, 1, 0) : v128.shuffle<i32>(lanes, lanes, 1, 2, 3, 0);
    const value = v128.extract_lane<real>(lanes, 0);
    if (op.beats(value, best)) best = value;
  }
  for (let i = whole; i < r; i++) {
    const value = load<real>(x + <usize>i * ITEM);
    if (op.beats(value, best)) best = value;
    anyNaN = anyNaN || value != value;
  }
  const bests = v128.splat<real>(best);
  for (let i = 0; i < whole; i += LANES) {
    const next = v128.load(x + <usize>i * ITEM);
    const found = anyNaN ? v128.ne<real>(next, next) : v128.eq<real>(next, bests);
    const bits = sizeof<real>() == 8 ? i64x2.bitmask(found) : i32x4.bitmask(found);
    if (bits) return i + ctz(bits);
  }
  for (let i = whole; i < r; i++) {
    const value = load<real>(x + <usize>i * ITEM);
    if (anyNaN ? value != value : value == best) return i;
  }
  return 0; // not reached
}

/** LANES neighbouring columns, whose elements are `next` bytes apart. */
@inline
function columns<Op>(values: usize, indices: usize, x: usize, r: i32, next: usize): void {
  let best = v128.load(x), where = i32x4.splat(0);
  for (let i = 1; i < r; i++) {
    x += next;
    const value = v128.load(x);
    const first = v128.and(v128.ne<real>(value, value), v128.eq<real>(best, best)); // NaN
    const mask = v128.or(changetype<Op>(0).mask(value, best), first);
    best = select(mask, value, best);
    where = select(mask, i32x4.splat(i), where);
  }
  v128.store(values, best);
  if (sizeof<real>() == 8) v128.store64_lane(indices, v128.shuffle<i32>(where, where, 0, 2, 0, 2), 0);
  else v128.store(indices, where);
}

@inline
function oneColumn<Op>(values: usize, indices: usize, x: usize, r: i32, next: usize): void {
  let best = load<real>(x);
  let where = 0;
  for (let i = 1; i < r; i++) {
    x += next;
    const value = load<real>(x);
    if (changetype<Op>(0).beats(value, best) || (value != value && best == best)) {
      best = value;
      where = i;
    }
  }
  store<real>(values, best);
  store<i32>(indices, where);
}
