/**
 * The elementwise loops. A functor is a class of `@inline` methods on v128, called on a null reference, so that only
 * its arithmetic is left: `f(x)` is the function, `df(g, x)` the gradient g·f'(x). A last, partial vector takes the
 * same way through the same body: an element's bits do not depend on its position, and long functions are in the
 * binary once. Up to two scalars are splatted once and handed on.
 *
 * Two things here are for V8. It moves constants out of a loop only when the body cannot be skipped, so the loops test
 * at their end (exp: 2.0 against 1.5 ns an element). And where f is a few instructions the test for a partial vector
 * would dominate, so SHORT functions run through a loop of whole vectors first (relu: 0.43 against 0.13 ns).
 */
import { loadPart, storePart } from "./simd";

/** For functions of a few instructions. */
export const SHORT = true;

@inline function load16(at: usize, rest: usize): v128 { return rest >= 16 ? v128.load(at) : loadPart<real>(at, rest); }

@inline function store16(at: usize, x: v128, rest: usize): void {
  if (rest >= 16) v128.store(at, x);
  else storePart<real>(at, x, rest);
}

/** out = f(x) */
@inline export function map<Op>(
  out: usize, x: usize, begin: i32, end: i32, short: bool = false,
): void {
  const op = changetype<Op>(0);
  let i = <usize>begin * sizeof<real>();
  const last = <usize>end * sizeof<real>();
  if (short) for (; i + 16 <= last; i += 16) v128.store(out + i, op.f(v128.load(x + i)));
  if (i >= last) return;
  do {
    const rest = last - i;
    store16(out + i, op.f(load16(x + i, rest)), rest);
    i += 16;
  } while (i < last);
}

/** out = f(x, a) */
@inline export function map1<Op>(
  out: usize, x: usize, a: real, begin: i32, end: i32, short: bool = false,
): void {
  const op = changetype<Op>(0);
  const va = v128.splat<real>(a);
  let i = <usize>begin * sizeof<real>();
  const last = <usize>end * sizeof<real>();
  if (short) for (; i + 16 <= last; i += 16) v128.store(out + i, op.f(v128.load(x + i), va));
  if (i >= last) return;
  do {
    const rest = last - i;
    store16(out + i, op.f(load16(x + i, rest), va), rest);
    i += 16;
  } while (i < last);
}

/** out = f(x, a, b) */
@inline export function map2<Op>(
  out: usize, x: usize, a: real, b: real, begin: i32, end: i32, short: bool = false,
): void {
  const op = changetype<Op>(0);
  const va = v128.splat<real>(a);
  const vb = v128.splat<real>(b);
  let i = <usize>begin * sizeof<real>();
  const last = <usize>end * sizeof<real>();
  if (short) for (; i + 16 <= last; i += 16) v128.store(out + i, op.f(v128.load(x + i), va, vb));
  if (i >= last) return;
  do {
    const rest = last - i;
    store16(out + i, op.f(load16(x + i, rest), va, vb), rest);
    i += 16;
  } while (i < last);
}

/** out = g·f'(x) */
@inline export function mapGrad<Op>(
  out: usize, g: usize, x: usize, begin: i32, end: i32, short: bool = false,
): void {
  const op = changetype<Op>(0);
  let i = <usize>begin * sizeof<real>();
  const last = <usize>end * sizeof<real>();
  if (short) for (; i + 16 <= last; i += 16) v128.store(out + i, op.df(v128.load(g + i), v128.load(x + i)));
  if (i >= last) return;
  do {
    const rest = last - i;
    store16(out + i, op.df(load16(g + i, rest), load16(x + i, rest)), rest);
    i += 16;
  } while (i < last);
}

/** out = g·f'(x, a) */
@inline export function mapGrad1<Op>(
  out: usize, g: usize, x: usize, a: real, begin: i32, end: i32, short: bool = false,
): void {
  const op = changetype<Op>(0);
  const va = v128.splat<real>(a);
  let i = <usize>begin * sizeof<real>();
  const last = <usize>end * sizeof<real>();
  if (short) for (; i + 16 <= last; i += 16) v128.store(out + i, op.df(v128.load(g + i), v128.load(x + i), va));
  if (i >= last) return;
  do {
    const rest = last - i;
    store16(out + i, op.df(load16(g + i, rest), load16(x + i, rest), va), rest);
    i += 16;
  } while (i < last);
}

/** out = g·f'(x, a, b) */
@inline export function mapGrad2<Op>(
  out: usize, g: usize, x: usize, a: real, b: real, begin: i32, end: i32, short: bool = false,
): void {
  const op = changetype<Op>(0);
  const va = v128.splat<real>(a);
  const vb = v128.splat<real>(b);
  let i = <usize>begin * sizeof<real>();
  const last = <usize>end * sizeof<real>();
  if (short) for (; i + 16 <= last; i += 16) v128.store(out + i, op.df(v128.load(g + i), v128.load(x + i), va, vb));
  if (i >= last) return;
  do {
    const rest = last - i;
    store16(out + i, op.df(load16(g + i, rest), load16(x + i, rest), va, vb), rest);
    i += 16;
  } while (i < last);
}
