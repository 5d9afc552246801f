/**
 * The elementwise loops. A functor is a class of `@inline` methods on v128, called on a null reference, so that only
 * its arithmetic is left: `f(x)` is the function, `df(g, x)` the gradient g·f'(x). A last, partial vector takes the
 * same way through the same body, so an element's bits do not depend on its position. Up to two scalars are splatted
 * once and handed on.
 */
import { loadPart, storePart } from "./simd";

/** out = f(x) */
@inline export function map<Op>(out: usize, x: usize, begin: i32, end: i32): void {
  const op = changetype<Op>(0);
  let i = <usize>begin * sizeof<real>();
  const last = <usize>end * sizeof<real>();
  for (; i + 16 <= last; i += 16) v128.store(out + i, op.f(v128.load(x + i)));
  if (i < last) storePart<real>(out + i, op.f(loadPart<real>(x + i, last - i)), last - i);
}

/** out = f(x, a) */
@inline export function map1<Op>(out: usize, x: usize, a: real, begin: i32, end: i32): void {
  const op = changetype<Op>(0);
  const va = v128.splat<real>(a);
  let i = <usize>begin * sizeof<real>();
  const last = <usize>end * sizeof<real>();
  for (; i + 16 <= last; i += 16) v128.store(out + i, op.f(v128.load(x + i), va));
  if (i < last) storePart<real>(out + i, op.f(loadPart<real>(x + i, last - i), va), last - i);
}

/** out = f(x, a, b) */
@inline export function map2<Op>(out: usize, x: usize, a: real, b: real, begin: i32, end: i32): void {
  const op = changetype<Op>(0);
  const va = v128.splat<real>(a);
  const vb = v128.splat<real>(b);
  let i = <usize>begin * sizeof<real>();
  const last = <usize>end * sizeof<real>();
  for (; i + 16 <= last; i += 16) v128.store(out + i, op.f(v128.load(x + i), va, vb));
  if (i < last) storePart<real>(out + i, op.f(loadPart<real>(x + i, last - i), va, vb), last - i);
}

/** out = g·f'(x) */
@inline export function mapGrad<Op>(out: usize, g: usize, x: usize, begin: i32, end: i32): void {
  const op = changetype<Op>(0);
  let i = <usize>begin * sizeof<real>();
  const last = <usize>end * sizeof<real>();
  for (; i + 16 <= last; i += 16) v128.store(out + i, op.df(v128.load(g + i), v128.load(x + i)));
  if (i == last) return;
  const bytes = last - i;
  storePart<real>(out + i, op.df(loadPart<real>(g + i, bytes), loadPart<real>(x + i, bytes)), bytes);
}

/** out = g·f'(x, a) */
@inline export function mapGrad1<Op>(out: usize, g: usize, x: usize, a: real, begin: i32, end: i32): void {
  const op = changetype<Op>(0);
  const va = v128.splat<real>(a);
  let i = <usize>begin * sizeof<real>();
  const last = <usize>end * sizeof<real>();
  for (; i + 16 <= last; i += 16) v128.store(out + i, op.df(v128.load(g + i), v128.load(x + i), va));
  if (i == last) return;
  const bytes = last - i;
  storePart<real>(out + i, op.df(loadPart<real>(g + i, bytes), loadPart<real>(x + i, bytes), va), bytes);
}

/** out = g·f'(x, a, b) */
@inline export function mapGrad2<Op>(out: usize, g: usize, x: usize, a: real, b: real, begin: i32, end: i32): void {
  const op = changetype<Op>(0);
  const va = v128.splat<real>(a);
  const vb = v128.splat<real>(b);
  let i = <usize>begin * sizeof<real>();
  const last = <usize>end * sizeof<real>();
  for (; i + 16 <= last; i += 16) v128.store(out + i, op.df(v128.load(g + i), v128.load(x + i), va, vb));
  if (i == last) return;
  const bytes = last - i;
  storePart<real>(out + i, op.df(loadPart<real>(g + i, bytes), loadPart<real>(x + i, bytes), va, vb), bytes);
}
