/** Draws to uniforms, uniforms to distributions. mersenne.ts and src/random make the draws. */
import { loadPart, mul, mulAdd, splat, storePart } from "../base/simd";
import { cos, cosNear, erf, exp, log, logNormal, sin, sinNear } from "../math/math";

/** Draws of 32 bits to uniforms of [0, 1): the lower 24 bits of a draw in float32, 53 bits of two draws in float64. */
export function uniforms(data: usize, begin: i32, end: i32): void {
  const last = data + <usize>end * sizeof<real>();
  for (let p = data + <usize>begin * sizeof<real>(); p < last; p += 16) {
    const rest = last - p;
    if (rest >= 16) v128.store(p, uniform(v128.load(p)));
    else storePart<real>(p, uniform(loadPart<real>(p, rest)), rest);
  }
}

@inline
function uniform(draws: v128): v128 {
  if (sizeof<real>() == 4) {
    const low = v128.and(draws, i32x4.splat(0xffffff));
    return mul<f32>(f32x4.convert_i32x4_s(low), splat<f32>(5.9604644775390625e-8)); // 2^-24
  }
  const first = v128.and(v128.shuffle<i32>(draws, draws, 0, 2, 0, 2), i32x4.splat(0x1fffff));
  const second = v128.shuffle<i32>(draws, draws, 1, 3, 1, 3);
  const whole = mulAdd<f64>(
    f64x2.convert_low_i32x4_u(first), splat<f64>(4294967296), f64x2.convert_low_i32x4_u(second),
  );
  return mul<f64>(whole, splat<f64>(1.1102230246251565e-16)); // 2^-53
}

/** out = `one` where the uniform (float64) is below p, else 0. */
export function bernoulli(out: usize, uniforms: usize, p: f64, one: real, begin: i32, end: i32): void {
  const chance = splat<f64>(p), value = v128.splat<real>(one);
  let i = <usize>begin;
  for (; i + 4 <= <usize>end; i += 4) {
    const at = uniforms + 8 * i, to = out + i * sizeof<real>();
    const first = v128.lt<f64>(v128.load(at), chance), second = v128.lt<f64>(v128.load(at, 16), chance);
    if (sizeof<real>() == 4) v128.store(to, v128.and(v128.shuffle<i32>(first, second, 0, 2, 4, 6), value));
    else v128.store(to, v128.and(first, value)), v128.store(to, v128.and(second, value), 16);
  }
  for (; i < <usize>end; i++) store<real>(out + i * sizeof<real>(), load<f64>(uniforms + 8 * i) < p ? one : 0);
}

/**
 * Box and Muller's transform as PyTorch lays it out: in each block of 16, data[j] and data[j + 8] (j < 8) make the
 * normals r cos θ and r sin θ with r = √(−2 log(1 − data[j])), θ = 2π data[j + 8]. [begin, end) counts blocks.
 */
export function boxMuller(data: usize, begin: i32, end: i32): void {
  const one = v128.splat<real>(1);
  const minusTwo = v128.splat<real>(-2);
  const twoPi = v128.splat<real>(<real>6.283185307179586);
  const half = 8 * sizeof<real>();
  const last = data + 2 * half * <usize>end;
  for (let block = data + 2 * half * <usize>begin; block < last; block += 2 * half) {
    for (let p = block; p < block + half; p += 16) {
      const u = v128.sub<real>(one, v128.load(p)); // [0, 1) → (0, 1] for the logarithm
      const radius = v128.sqrt<real>(v128.mul<real>(minusTwo, logNormal<real>(u)));
      const angle = v128.mul<real>(twoPi, v128.load(p + half));
      v128.store(p, v128.mul<real>(radius, cosNear<real>(angle)));
      v128.store(p + half, v128.mul<real>(radius, sinNear<real>(angle)));
    }
  }
}

/** log x of one number, for streams that draw one number at a time. */
export function logOne(x: real): real {
  return first(log<real>(v128.splat<real>(x)));
}

export function expOne(x: real): real {
  return first(exp<real>(v128.splat<real>(x)));
}

export function erfOne(x: real): real {
  return first(erf<real>(v128.splat<real>(x)));
}

export function sinOne(x: real): real {
  return first(sin<real>(v128.splat<real>(x)));
}

export function cosOne(x: real): real {
  return first(cos<real>(v128.splat<real>(x)));
}

@inline
function first(x: v128): real {
  return v128.extract_lane<real>(x, 0);
}

/**
 * data = scale · data + shift, rounded once: PyTorch's uniform_ and normal_ contract this into a fused multiply-add.
 * Fixed-width Wasm has none, so error-free transformations compute it.
 */
export function scaleShift(data: usize, scale: real, shift: real, begin: i32, end: i32): void {
  const last = data + <usize>end * sizeof<real>();
  for (let p = data + <usize>begin * sizeof<real>(); p < last; p += sizeof<real>()) {
    store<real>(p, fusedMultiplyAdd(load<real>(p), scale, shift));
  }
}

@inline
function fusedMultiplyAdd(a: real, b: real, c: real): real {
  if (sizeof<real>() == 4) {
    return <real>addToOdd(<f64>a * <f64>b, <f64>c); // the product of two float32 is exact in float64
  }
  return <real>fusedMultiplyAdd64(<f64>a, <f64>b, <f64>c);
}

/** Boldo and Melquiond, "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd". */
@inline
function fusedMultiplyAdd64(a: f64, b: f64, c: f64): f64 {
  const product = a * b;
  const lost = productError(a, b, product);
  const t = c + lost;
  const tLost = sumError(c, lost, t);
  const v = product + t;
  return v + addToOdd(tLost, sumError(product, t, v));
}

/** a + b rounded to odd: rounding the result again, to a shorter format, then equals rounding once. */
@inline
function addToOdd(a: f64, b: f64): f64 {
  const sum = a + b;
  const error = sumError(a, b, sum);
  if (error == 0) return sum;
  const bits = reinterpret<i64>(sum);
  if (bits & 1) return sum;
  return reinterpret<f64>(bits + ((error > 0) == (sum > 0) ? 1 : -1));
}

/** The rounding error of sum = a + b (Knuth's TwoSum). */
@inline
function sumError(a: f64, b: f64, sum: f64): f64 {
  const fromB = sum - a;
  return (a - (sum - fromB)) + (b - fromB);
}

/** The rounding error of product = a · b (Dekker's TwoProduct, which splits each factor in halves of 26 bits). */
@inline
function productError(a: f64, b: f64, product: f64): f64 {
  const aHigh = highHalf(a);
  const bHigh = highHalf(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return ((aHigh * bHigh - product) + aHigh * bLow + aLow * bHigh) + aLow * bLow;
}

@inline
function highHalf(x: f64): f64 {
  const shifted = x * 134217729.0; // 2^27 + 1
  return shifted - (shifted - x);
}
