/**
 * Activations: one class each, f beside df (the gradient g·f'), and its exports. Formulas, kinks, and results for NaN
 * and the infinities are PyTorch's. tanh and sigmoid compute their gradient from the result y, all others from x.
 */
import { LONG, map, map1, map2, mapGrad, mapGrad1, mapGrad2, SHORT } from "../base/map";
import * as math from "../math/math";
import { add, clamp, div, keep, mul, mulAdd, select, splat, sub } from "../base/simd";

/** max(x, 0); df = x <= 0 ? 0 : g */
class Relu {
  @inline f(x: v128): v128 { return v128.pmax<real>(x, splat<real>(0)); }
  @inline df(g: v128, x: v128): v128 { return v128.andnot(g, v128.le<real>(x, splat<real>(0))); }
}
export function relu(out: usize, x: usize, begin: i32, end: i32): void { map<Relu>(out, x, begin, end, SHORT); }
export function reluGrad(out: usize, g: usize, x: usize, begin: i32, end: i32): void {
  mapGrad<Relu>(out, g, x, begin, end, SHORT);
}

/** x > 0 ? x : slope·x */
class LeakyRelu {
  @inline f(x: v128, slope: v128): v128 { return this.df(x, x, slope); }
  @inline df(g: v128, x: v128, slope: v128): v128 {
    return select(v128.gt<real>(x, splat<real>(0)), g, mul<real>(g, slope));
  }
}
export function leakyRelu(out: usize, x: usize, slope: real, begin: i32, end: i32): void {
  map1<LeakyRelu>(out, x, slope, begin, end, SHORT);
}
export function leakyReluGrad(out: usize, g: usize, x: usize, slope: real, begin: i32, end: i32): void {
  mapGrad1<LeakyRelu>(out, g, x, slope, begin, end, SHORT);
}

/** x > 0 ? scale·x : alpha·(e^x - 1); alpha already times scale. ELU has scale 1, SELU has both fixed. */
class ScaledElu {
  @inline f(x: v128, alpha: v128, scale: v128): v128 {
    return select(v128.gt<real>(x, splat<real>(0)), mul<real>(x, scale), mul<real>(math.expm1<real>(x), alpha));
  }
  @inline df(g: v128, x: v128, alpha: v128, scale: v128): v128 {
    const negative = mul<real>(mul<real>(g, alpha), math.exp<real>(x));
    return select(v128.gt<real>(x, splat<real>(0)), mul<real>(g, scale), negative);
  }
}
export function scaledElu(out: usize, x: usize, alpha: real, scale: real, begin: i32, end: i32): void {
  map2<ScaledElu>(out, x, alpha, scale, begin, end, LONG);
}
export function scaledEluGrad(out: usize, g: usize, x: usize, alpha: real, scale: real, begin: i32, end: i32): void {
  mapGrad2<ScaledElu>(out, g, x, alpha, scale, begin, end);
}

/**
 * x·Φ(x), f' = Φ(x) + x·e^(-x²/2)/√(2π). Φ(x) = (1 + erf(x/√2))/2 in float64; in float32, where erf in two branches
 * would cost twice as much, from the upper tail Q of |x|: x·Φ(x) = max(x, 0) - |x|·Q.
 */
class Gelu {
  @inline cdf(x: v128): v128 {
    const half = splat<real>(0.5);
    return mulAdd<real>(math.erf<real>(mul<real>(x, splat<real>(0.7071067811865476))), half, half);
  }
  @inline f(x: v128): v128 {
    if (sizeof<real>() == 8) return mul<real>(x, this.cdf(x));
    const a = math.tailArgument(x);
    const tail = math.upperTail(a, math.bell(a));
    const ramp = sub<real>(x, v128.pmin<real>(splat<real>(0), x)); // keeps -0, and gives PyTorch's NaN for -Infinity
    return sub<real>(ramp, mul<real>(a, tail));
  }
  @inline df(g: v128, x: v128): v128 {
    const density = splat<real>(0.3989422804014327);
    if (sizeof<real>() == 8) {
      const power = mul<real>(mul<real>(x, x), splat<real>(-0.5));
      const pdf = mul<real>(math.exp<real>(power), density);
      return mul<real>(g, mulAdd<real>(x, pdf, this.cdf(x)));
    }
    const a = math.tailArgument(x);
    const bell = math.bell(a);
    const tail = math.upperTail(a, bell);
    const cdf = select(v128.lt<real>(x, splat<real>(0)), tail, sub<real>(splat<real>(1), tail));
    return mul<real>(g, mulAdd<real>(x, mul<real>(bell, density), cdf));
  }
}
export function gelu(out: usize, x: usize, begin: i32, end: i32): void { map<Gelu>(out, x, begin, end, LONG); }
export function geluGrad(out: usize, g: usize, x: usize, begin: i32, end: i32): void {
  mapGrad<Gelu>(out, g, x, begin, end, LONG);
}

/** x·(1 + t)/2, t = tanh(√(2/π)·(x + 0.044715·x³)) */
class GeluTanh {
  @inline t(x: v128): v128 {
    const cubic = mulAdd<real>(mul<real>(mul<real>(x, x), x), splat<real>(0.044715), x);
    return math.tanh<real>(mul<real>(cubic, splat<real>(0.7978845608028654)));
  }
  @inline f(x: v128): v128 {
    return mul<real>(mul<real>(splat<real>(0.5), x), add<real>(splat<real>(1), this.t(x)));
  }
  /** f' = (1 + t)/2 + x/2·(1 - t²)·√(2/π)·(1 + 0.134145·x²) */
  @inline df(g: v128, x: v128): v128 {
    const one = splat<real>(1);
    const half = splat<real>(0.5);
    const t = this.t(x);
    const k = splat<real>(0.7978845608028654);
    const inner = mulAdd<real>(mul<real>(x, x), splat<real>(0.134145 * 0.7978845608028654), k);
    const outer = mul<real>(mul<real>(half, x), sub<real>(one, mul<real>(t, t)));
    return mul<real>(g, mulAdd<real>(outer, inner, mulAdd<real>(half, t, half)));
  }
}
export function geluTanh(out: usize, x: usize, begin: i32, end: i32): void { map<GeluTanh>(out, x, begin, end, LONG); }
export function geluTanhGrad(out: usize, g: usize, x: usize, begin: i32, end: i32): void {
  mapGrad<GeluTanh>(out, g, x, begin, end, LONG);
}

/** x·σ(x); f' = σ·(1 + x·(1 - σ)) */
class Silu {
  @inline f(x: v128): v128 { return mul<real>(x, math.sigmoid<real>(x)); }
  @inline df(g: v128, x: v128): v128 {
    const one = splat<real>(1);
    const s = math.sigmoid<real>(x);
    return mul<real>(mul<real>(g, s), mulAdd<real>(x, sub<real>(one, s), one));
  }
}
export function silu(out: usize, x: usize, begin: i32, end: i32): void { map<Silu>(out, x, begin, end, LONG); }
export function siluGrad(out: usize, g: usize, x: usize, begin: i32, end: i32): void {
  mapGrad<Silu>(out, g, x, begin, end, LONG);
}

/** x·tanh(ln(1 + e^x)) = x·n/d, n = w·(w + 2), d = n + 2, w = e^x; f' = n/d + 4·x·w·(1 + w)/d² */
class Mish {
  /** e^x; above 22 the results do not depend on it. */
  @inline w(x: v128): v128 { return math.exp<real>(v128.pmin<real>(x, splat<real>(22))); }
  @inline f(x: v128): v128 {
    const w = this.w(x);
    const n = mul<real>(w, add<real>(w, splat<real>(2)));
    return mul<real>(x, div<real>(n, add<real>(n, splat<real>(2))));
  }
  @inline df(g: v128, x: v128): v128 {
    const w = this.w(x);
    const n = mul<real>(w, add<real>(w, splat<real>(2)));
    const d = add<real>(n, splat<real>(2));
    const slope = div<real>(mul<real>(mul<real>(splat<real>(4), w), add<real>(splat<real>(1), w)), mul<real>(d, d));
    const flat = v128.gt<real>(x, splat<real>(22));
    return mul<real>(g, mulAdd<real>(x, v128.andnot(slope, flat), div<real>(n, d)));
  }
}
export function mish(out: usize, x: usize, begin: i32, end: i32): void { map<Mish>(out, x, begin, end); }
export function mishGrad(out: usize, g: usize, x: usize, begin: i32, end: i32): void {
  mapGrad<Mish>(out, g, x, begin, end);
}

/** beta·x > threshold ? x : ln(1 + e^(beta·x))/beta; f' = σ(beta·x) or 1 */
class Softplus {
  @inline f(x: v128, beta: v128, threshold: v128): v128 {
    const z = mul<real>(x, beta);
    return select(v128.gt<real>(z, threshold), x, div<real>(math.softplus<real>(z), beta));
  }
  @inline df(g: v128, x: v128, beta: v128, threshold: v128): v128 {
    const z = mul<real>(x, beta);
    return select(v128.gt<real>(z, threshold), g, mul<real>(g, math.sigmoid<real>(z)));
  }
}
export function softplus(out: usize, x: usize, beta: real, threshold: real, begin: i32, end: i32): void {
  map2<Softplus>(out, x, beta, threshold, begin, end, LONG);
}
export function softplusGrad(
  out: usize, g: usize, x: usize, beta: real, threshold: real, begin: i32, end: i32,
): void {
  mapGrad2<Softplus>(out, g, x, beta, threshold, begin, end, LONG);
}

/** x/(1 + |x|); f' = 1/(1 + |x|)² */
class Softsign {
  @inline d(x: v128): v128 { return add<real>(splat<real>(1), v128.abs<real>(x)); }
  @inline f(x: v128): v128 { return div<real>(x, this.d(x)); }
  @inline df(g: v128, x: v128): v128 {
    const d = this.d(x);
    return div<real>(g, mul<real>(d, d));
  }
}
export function softsign(out: usize, x: usize, begin: i32, end: i32): void { map<Softsign>(out, x, begin, end, SHORT); }
export function softsignGrad(out: usize, g: usize, x: usize, begin: i32, end: i32): void {
  mapGrad<Softsign>(out, g, x, begin, end, SHORT);
}

/** tanh(x); df = g·(1 - y²) */
class Tanh {
  @inline f(x: v128): v128 { return math.tanh<real>(x); }
  @inline df(g: v128, y: v128): v128 { return mul<real>(g, sub<real>(splat<real>(1), mul<real>(y, y))); }
}
export function tanh(out: usize, x: usize, begin: i32, end: i32): void { map<Tanh>(out, x, begin, end, LONG); }
export function tanhGrad(out: usize, g: usize, y: usize, begin: i32, end: i32): void {
  mapGrad<Tanh>(out, g, y, begin, end, SHORT);
}

/** 1/(1 + e^-x); df = g·(1 - y)·y */
class Sigmoid {
  @inline f(x: v128): v128 { return math.sigmoid<real>(x); }
  @inline df(g: v128, y: v128): v128 { return mul<real>(mul<real>(g, sub<real>(splat<real>(1), y)), y); }
}
export function sigmoid(out: usize, x: usize, begin: i32, end: i32): void { map<Sigmoid>(out, x, begin, end, LONG); }
export function sigmoidGrad(out: usize, g: usize, y: usize, begin: i32, end: i32): void {
  mapGrad<Sigmoid>(out, g, y, begin, end, SHORT);
}

/** ln σ(x); f' = σ(-x) */
class LogSigmoid {
  @inline f(x: v128): v128 { return math.logSigmoid<real>(x); }
  @inline df(g: v128, x: v128): v128 { return mul<real>(g, math.sigmoid<real>(v128.neg<real>(x))); }
}
export function logSigmoid(out: usize, x: usize, begin: i32, end: i32): void {
  map<LogSigmoid>(out, x, begin, end, LONG);
}
export function logSigmoidGrad(out: usize, g: usize, x: usize, begin: i32, end: i32): void {
  mapGrad<LogSigmoid>(out, g, x, begin, end);
}

/** x between low and high; df = low < x < high ? g : 0 */
class Hardtanh {
  @inline f(x: v128, low: v128, high: v128): v128 { return clamp<real>(x, low, high); }
  @inline df(g: v128, x: v128, low: v128, high: v128): v128 {
    return v128.and(g, v128.and(v128.gt<real>(x, low), v128.lt<real>(x, high)));
  }
}
export function hardtanh(out: usize, x: usize, low: real, high: real, begin: i32, end: i32): void {
  map2<Hardtanh>(out, x, low, high, begin, end, SHORT);
}
export function hardtanhGrad(out: usize, g: usize, x: usize, low: real, high: real, begin: i32, end: i32): void {
  mapGrad2<Hardtanh>(out, g, x, low, high, begin, end, SHORT);
}

/** min(max(x + 3, 0), 6)/6; df = -3 < x < 3 ? g/6 : 0, with PyTorch's 1/6, which is a float32 in both types */
class Hardsigmoid {
  @inline f(x: v128): v128 {
    const six = splat<real>(6);
    return div<real>(clamp<real>(add<real>(x, splat<real>(3)), splat<real>(0), six), six);
  }
  @inline df(g: v128, x: v128): v128 {
    const inside = v128.lt<real>(v128.abs<real>(x), splat<real>(3));
    return keep(inside, mul<real>(g, splat<real>(0.1666666716337204)));
  }
}
export function hardsigmoid(out: usize, x: usize, begin: i32, end: i32): void {
  map<Hardsigmoid>(out, x, begin, end, SHORT);
}
export function hardsigmoidGrad(out: usize, g: usize, x: usize, begin: i32, end: i32): void {
  mapGrad<Hardsigmoid>(out, g, x, begin, end, SHORT);
}

/** |x| <= lambda ? 0 : x; df = |x| > lambda ? g : 0, so 0 for NaN */
class Hardshrink {
  @inline f(x: v128, lambda: v128): v128 { return v128.andnot(x, v128.le<real>(v128.abs<real>(x), lambda)); }
  @inline df(g: v128, x: v128, lambda: v128): v128 { return keep(v128.gt<real>(v128.abs<real>(x), lambda), g); }
}
export function hardshrink(out: usize, x: usize, lambda: real, begin: i32, end: i32): void {
  map1<Hardshrink>(out, x, lambda, begin, end, SHORT);
}
export function hardshrinkGrad(out: usize, g: usize, x: usize, lambda: real, begin: i32, end: i32): void {
  mapGrad1<Hardshrink>(out, g, x, lambda, begin, end, SHORT);
}

/** x·min(max(x + 3, 0), 6)/6; df = x < -3 ? 0 : x > 3 ? g : g·(x/3 + 1/2) */
class Hardswish {
  @inline f(x: v128): v128 {
    const six = splat<real>(6);
    return div<real>(mul<real>(x, clamp<real>(add<real>(x, splat<real>(3)), splat<real>(0), six)), six);
  }
  @inline df(g: v128, x: v128): v128 {
    const three = splat<real>(3);
    const middle = mul<real>(g, add<real>(div<real>(x, three), splat<real>(0.5)));
    const upper = select(v128.gt<real>(x, three), g, middle);
    return v128.andnot(upper, v128.lt<real>(x, splat<real>(-3)));
  }
}
export function hardswish(out: usize, x: usize, begin: i32, end: i32): void {
  map<Hardswish>(out, x, begin, end, SHORT);
}
export function hardswishGrad(out: usize, g: usize, x: usize, begin: i32, end: i32): void {
  mapGrad<Hardswish>(out, g, x, begin, end, SHORT);
}

/** (√(x² + 1) - 1)/2 + x; f' = x/(2·√(x² + 1)) + 1 */
class BentIdentity {
  @inline root(x: v128): v128 { return v128.sqrt<real>(mulAdd<real>(x, x, splat<real>(1))); }
  @inline f(x: v128): v128 {
    return mulAdd<real>(sub<real>(this.root(x), splat<real>(1)), splat<real>(0.5), x);
  }
  @inline df(g: v128, x: v128): v128 {
    const root = this.root(x);
    return mul<real>(g, add<real>(div<real>(x, add<real>(root, root)), splat<real>(1)));
  }
}
export function bentIdentity(out: usize, x: usize, begin: i32, end: i32): void {
  map<BentIdentity>(out, x, begin, end);
}
export function bentIdentityGrad(out: usize, g: usize, x: usize, begin: i32, end: i32): void {
  mapGrad<BentIdentity>(out, g, x, begin, end);
}
