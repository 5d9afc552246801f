/** Activations with learnable parameters: PReLU and SoftExponential. */
import { map, map1, mapGrad1, SHORT } from "../base/map";
import * as math from "../math/math";
import { add, div, ITEM_SIZE, loadPart, mul, mulAdd, select, splat, storePart, sub } from "../base/simd";

/** x > 0 ? a : weight·a, with a = x forward and a = g for the gradient of x; a plane has one weight. */
@inline function preluPlane(out: usize, a: usize, x: usize, weight: v128, bytes: usize): void {
  const zero = splat<real>(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    const rest = bytes - i;
    const va = rest >= 16 ? v128.load(a + i) : loadPart<real>(a + i, rest);
    const vx = rest >= 16 ? v128.load(x + i) : loadPart<real>(x + i, rest);
    const y = select(v128.gt<real>(vx, zero), va, mul<real>(va, weight));
    if (rest >= 16) v128.store(out + i, y);
    else storePart<real>(out + i, y, rest);
  }
}

/**
 * x is [outer, channels, inner], weight [channels]; units are planes of `inner` elements, outer · channels of them.
 * With a = x this is the activation, with a = g its gradient for x.
 */
export function prelu(
  out: usize, a: usize, x: usize, weight: usize, channels: i32, inner: i32, begin: i32, end: i32,
): void {
  const bytes = <usize>inner * ITEM_SIZE;
  for (let plane = begin; plane < end; plane++) {
    const offset = <usize>plane * bytes;
    const w = v128.load_splat<real>(weight + <usize>(plane % channels) * ITEM_SIZE);
    preluPlane(out + offset, a + offset, x + offset, w, bytes);
  }
}

/** g·x where x <= 0, else 0: summed over outer and inner, the gradient of a weight. */
class PreluWeight {
  @inline df(g: v128, x: v128, zero: v128): v128 {
    return v128.andnot(mul<real>(g, x), v128.gt<real>(x, zero));
  }
}
export function preluWeightGrad(out: usize, g: usize, x: usize, begin: i32, end: i32): void {
  mapGrad1<PreluWeight>(out, g, x, 0, begin, end, SHORT);
}

// SoftExponential (Godfrey and Gashler, 2015): with u = 1 - a·(x + a),
//   a < 0: -ln(u)/a      a = 0: x      a > 0: (e^(a·x) - 1)/a + a

class SoftLogarithm {
  @inline f(x: v128, a: v128): v128 {
    return div<real>(math.log1p<real>(v128.neg<real>(mul<real>(a, add<real>(x, a)))), v128.neg<real>(a));
  }
  /** df/dx = 1/u */
  @inline df(g: v128, x: v128, a: v128): v128 {
    return div<real>(g, sub<real>(splat<real>(1), mul<real>(a, add<real>(x, a))));
  }
}

class SoftLogarithmAlpha {
  /** df/da = ln(u)/a² + (x + 2a)/(a·u) */
  @inline df(g: v128, x: v128, a: v128): v128 {
    const v = v128.neg<real>(mul<real>(a, add<real>(x, a)));
    const second = div<real>(add<real>(x, add<real>(a, a)), mul<real>(a, add<real>(splat<real>(1), v)));
    return mul<real>(g, add<real>(div<real>(math.log1p<real>(v), mul<real>(a, a)), second));
  }
}

class SoftExponent {
  @inline f(x: v128, a: v128): v128 { return add<real>(div<real>(math.expm1<real>(mul<real>(a, x)), a), a); }
  /** df/dx = e^(a·x) */
  @inline df(g: v128, x: v128, a: v128): v128 { return mul<real>(g, math.exp<real>(mul<real>(a, x))); }
}

class SoftExponentAlpha {
  /** df/da = (a·x·e^(a·x) - (e^(a·x) - 1))/a² + 1 */
  @inline df(g: v128, x: v128, a: v128): v128 {
    const z = mul<real>(a, x);
    const m = math.expm1<real>(z);
    const n = sub<real>(mul<real>(z, add<real>(m, splat<real>(1))), m);
    return mul<real>(g, add<real>(div<real>(n, mul<real>(a, a)), splat<real>(1)));
  }
}

/** a = 0, where both sides meet: f = x, df/dx = 1, df/da = x²/2 + 1 */
class SoftIdentity {
  @inline f(x: v128): v128 { return x; }
  @inline df(g: v128, x: v128, a: v128): v128 { return g; }
}

class SoftIdentityAlpha {
  @inline df(g: v128, x: v128, a: v128): v128 {
    return mul<real>(g, mulAdd<real>(mul<real>(x, x), splat<real>(0.5), splat<real>(1)));
  }
}

export function softExponential(out: usize, x: usize, alpha: real, begin: i32, end: i32): void {
  if (alpha < 0) map1<SoftLogarithm>(out, x, alpha, begin, end);
  else if (alpha == 0) map<SoftIdentity>(out, x, begin, end, SHORT);
  else map1<SoftExponent>(out, x, alpha, begin, end);
}
export function softExponentialGrad(out: usize, g: usize, x: usize, alpha: real, begin: i32, end: i32): void {
  if (alpha < 0) mapGrad1<SoftLogarithm>(out, g, x, alpha, begin, end);
  else if (alpha == 0) mapGrad1<SoftIdentity>(out, g, x, alpha, begin, end, SHORT);
  else mapGrad1<SoftExponent>(out, g, x, alpha, begin, end);
}
/** g·df/dalpha by element: its sum is the gradient of alpha. */
export function softExponentialAlphaGrad(out: usize, g: usize, x: usize, alpha: real, begin: i32, end: i32): void {
  if (alpha < 0) mapGrad1<SoftLogarithmAlpha>(out, g, x, alpha, begin, end);
  else if (alpha == 0) mapGrad1<SoftIdentityAlpha>(out, g, x, alpha, begin, end, SHORT);
  else mapGrad1<SoftExponentAlpha>(out, g, x, alpha, begin, end);
}
