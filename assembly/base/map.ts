/**
 * Elementwise loops. A functor is a class of `@inline` methods on v128, called on a null reference, so that only its
 * arithmetic is compiled: `f(x)` is the function, `df(g, x)` the gradient g·f'(x). A last, partial vector runs through
 * the same loop body: an element's bits do not depend on its position, and a function that is neither SHORT nor LONG is
 * in the binary once. Up to two scalars are splatted once, before the loop.
 *
 * Two choices are for V8. It moves constants out of a loop only when the body cannot be skipped, so the loops test at
 * their end (exp: 1.5 ns an element instead of 2.0). And where f is a few instructions, the test for a partial vector
 * would dominate, so SHORT functions run through a loop of whole vectors first (relu: 0.13 ns instead of 0.43).
 *
 * One choice is for processors. Each instruction of a LONG function waits for the one before, and a processor holds
 * only so many waiting instructions (Zen 4: 64). So three vectors are loaded, computed and stored together, and V8
 * mixes their instructions (tanh: 1.36 ns instead of 1.85). This needs an f without branches: a function with a rare
 * case has `rare(x)`, a mask of the lanes that need f, and `usual(x)` for vectors without such lanes.
 */
import { loadPart, storePart } from "./simd";

/** For functions of a few instructions. */
export const SHORT: i32 = 1;
/** For functions of twenty instructions and more without branches. */
export const LONG: i32 = 3;

@inline function load16(at: usize, rest: usize): v128 { return rest >= 16 ? v128.load(at) : loadPart<real>(at, rest); }

@inline function store16(at: usize, x: v128, rest: usize): void {
  if (rest >= 16) v128.store(at, x);
  else storePart<real>(at, x, rest);
}

/** Calls a functor with as many scalars as it takes. */
class Without<Op> {
  @inline f(x: v128, _a: v128, _b: v128): v128 { return changetype<Op>(0).f(x); }
  @inline df(g: v128, x: v128, _a: v128, _b: v128): v128 { return changetype<Op>(0).df(g, x); }
}
class WithOne<Op> {
  @inline f(x: v128, a: v128, _b: v128): v128 { return changetype<Op>(0).f(x, a); }
  @inline df(g: v128, x: v128, a: v128, _b: v128): v128 { return changetype<Op>(0).df(g, x, a); }
}
class WithTwo<Op> {
  @inline f(x: v128, a: v128, b: v128): v128 { return changetype<Op>(0).f(x, a, b); }
  @inline df(g: v128, x: v128, a: v128, b: v128): v128 { return changetype<Op>(0).df(g, x, a, b); }
}

/** out = f(x) */
@inline export function map<Op>(out: usize, x: usize, begin: i32, end: i32, length: i32 = 0): void {
  const none = v128.splat<real>(0);
  forward<Op, Without<Op>>(out, x, none, none, begin, end, length);
}

/** out = f(x, a) */
@inline export function map1<Op>(out: usize, x: usize, a: real, begin: i32, end: i32, length: i32 = 0): void {
  forward<Op, WithOne<Op>>(out, x, v128.splat<real>(a), v128.splat<real>(0), begin, end, length);
}

/** out = f(x, a, b) */
@inline export function map2<Op>(
  out: usize, x: usize, a: real, b: real, begin: i32, end: i32, length: i32 = 0,
): void {
  forward<Op, WithTwo<Op>>(out, x, v128.splat<real>(a), v128.splat<real>(b), begin, end, length);
}

/** out = g·f'(x) */
@inline export function mapGrad<Op>(out: usize, g: usize, x: usize, begin: i32, end: i32, length: i32 = 0): void {
  const none = v128.splat<real>(0);
  backward<Without<Op>>(out, g, x, none, none, begin, end, length);
}

/** out = g·f'(x, a) */
@inline export function mapGrad1<Op>(
  out: usize, g: usize, x: usize, a: real, begin: i32, end: i32, length: i32 = 0,
): void {
  backward<WithOne<Op>>(out, g, x, v128.splat<real>(a), v128.splat<real>(0), begin, end, length);
}

/** out = g·f'(x, a, b) */
@inline export function mapGrad2<Op>(
  out: usize, g: usize, x: usize, a: real, b: real, begin: i32, end: i32, length: i32 = 0,
): void {
  backward<WithTwo<Op>>(out, g, x, v128.splat<real>(a), v128.splat<real>(b), begin, end, length);
}

@inline function anyRare<Op>(x0: v128, x1: v128, x2: v128): bool {
  const op = changetype<Op>(0);
  if (isDefined(op.rare)) return v128.any_true(v128.or(v128.or(op.rare(x0), op.rare(x1)), op.rare(x2)));
  return false;
}

@inline function usual<Op, Call>(x: v128, a: v128, b: v128): v128 {
  const op = changetype<Op>(0);
  if (isDefined(op.usual)) return op.usual(x);
  return changetype<Call>(0).f(x, a, b);
}

@inline function forward<Op, Call>(
  out: usize, x: usize, a: v128, b: v128, begin: i32, end: i32, length: i32,
): void {
  const call = changetype<Call>(0);
  let i = <usize>begin * sizeof<real>();
  const last = <usize>end * sizeof<real>();
  if (length == SHORT) for (; i + 16 <= last; i += 16) v128.store(out + i, call.f(v128.load(x + i), a, b));
  if (i >= last) return;
  do {
    if (length == LONG && i + 48 <= last) {
      const x0 = v128.load(x + i), x1 = v128.load(x + i, 16), x2 = v128.load(x + i, 32);
      if (!anyRare<Op>(x0, x1, x2)) {
        const y0 = usual<Op, Call>(x0, a, b), y1 = usual<Op, Call>(x1, a, b), y2 = usual<Op, Call>(x2, a, b);
        v128.store(out + i, y0), v128.store(out + i, y1, 16), v128.store(out + i, y2, 32);
        i += 48;
        continue;
      }
    }
    const rest = last - i;
    store16(out + i, call.f(load16(x + i, rest), a, b), rest);
    i += 16;
  } while (i < last);
}

@inline function backward<Call>(
  out: usize, g: usize, x: usize, a: v128, b: v128, begin: i32, end: i32, length: i32,
): void {
  const call = changetype<Call>(0);
  let i = <usize>begin * sizeof<real>();
  const last = <usize>end * sizeof<real>();
  if (length == SHORT) {
    for (; i + 16 <= last; i += 16) v128.store(out + i, call.df(v128.load(g + i), v128.load(x + i), a, b));
  }
  if (i >= last) return;
  do {
    if (length == LONG && i + 48 <= last) {
      const g0 = v128.load(g + i), g1 = v128.load(g + i, 16), g2 = v128.load(g + i, 32);
      const x0 = v128.load(x + i), x1 = v128.load(x + i, 16), x2 = v128.load(x + i, 32);
      const d0 = call.df(g0, x0, a, b), d1 = call.df(g1, x1, a, b), d2 = call.df(g2, x2, a, b);
      v128.store(out + i, d0), v128.store(out + i, d1, 16), v128.store(out + i, d2, 32);
      i += 48;
      continue;
    }
    const rest = last - i;
    store16(out + i, call.df(load16(g + i, rest), load16(x + i, rest), a, b), rest);
    i += 16;
  } while (i < last);
}
