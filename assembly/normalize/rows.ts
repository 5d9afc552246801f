/**
 * Normalisation of x [rows, length], each row by itself, where every element has a weight: layer norm, and group norm
 * of images of one pixel. Row i has the weights i % period of [period, length].
 */
import { ITEM_SIZE, joinHalves, LANES } from "../base/simd";
import { lanes, meanOf, pairAt, STATISTICS_BYTES, scaleOf } from "./moments";
import { centered } from "./planes";

/** out = (x - mean) · scale · weight + bias. Units: rows. */
export function normalizeRows(
  out: usize, x: usize, statistics: usize, weight: usize, bias: usize, length: i32, period: i32, begin: i32, end: i32,
): void {
  const bytes = <usize>length * ITEM_SIZE;
  const whole = bytes & ~15;
  for (let row = begin; row < end; row++) {
    const mean = <real>meanOf(statistics, row);
    const means = v128.splat<real>(mean);
    const rests = v128.splat<real>(<real>(meanOf(statistics, row) - <f64>mean));
    const scales = v128.splat<real>(<real>scaleOf(statistics, row));
    const from = x + <usize>row * bytes;
    const to = out + <usize>row * bytes;
    const w = weight + <usize>(row % period) * bytes;
    const b = bias + <usize>(row % period) * bytes;
    for (let i: usize = 0; i < whole; i += 16) {
      const y = v128.mul<real>(centered(v128.load(from + i), means, rests), scales);
      v128.store(to + i, v128.add<real>(v128.mul<real>(y, v128.load(w + i)), v128.load(b + i)));
    }
    for (let i = whole; i < bytes; i += ITEM_SIZE) {
      const y = v128.mul<real>(centered(v128.load_splat<real>(from + i), means, rests), scales);
      const z = v128.add<real>(v128.mul<real>(y, v128.load_splat<real>(w + i)), v128.load_splat<real>(b + i));
      store<real>(to + i, v128.extract_lane<real>(z, 0));
    }
  }
}

/**
 * The gradient of x: out = scale · (h - mean of h - y · mean of h · y), h = weight · g, y = normalised x. Terms that
 * cancel are subtracted before they are scaled. Units: rows.
 */
export function normalizeRowsGrad(
  out: usize, g: usize, x: usize, statistics: usize, weight: usize, length: i32, period: i32, begin: i32, end: i32,
): void {
  const bytes = <usize>length * ITEM_SIZE;
  for (let row = begin; row < end; row++) {
    const at = <usize>row * bytes;
    const w = weight + <usize>(row % period) * bytes;
    const mean = meanOf(statistics, row);
    const scale = scaleOf(statistics, row);
    const sums = products(g + at, x + at, w, length, mean);
    const shift = f64x2.extract_lane(sums, 0) / <f64>length;
    const byX = scale * scale * f64x2.extract_lane(sums, 1) / <f64>length;
    rowGrad(out + at, g + at, x + at, w, bytes, mean, scale, shift, byX);
  }
}

/** out = scale · (g · w - shift - (x - mean) · byX) */
function rowGrad(
  out: usize, g: usize, x: usize, w: usize, bytes: usize, mean: f64, scale: f64, shift: f64, byX: f64,
): void {
  const means = v128.splat<real>(<real>mean);
  const rests = v128.splat<real>(<real>(mean - <f64><real>mean));
  const scales = v128.splat<real>(<real>scale);
  const shifts = v128.splat<real>(<real>shift);
  const factors = v128.splat<real>(<real>byX);
  const whole = bytes & ~15;
  for (let i: usize = 0; i < whole; i += 16) {
    const h = v128.sub<real>(v128.mul<real>(v128.load(g + i), v128.load(w + i)), shifts);
    const rest = v128.mul<real>(centered(v128.load(x + i), means, rests), factors);
    v128.store(out + i, v128.mul<real>(v128.sub<real>(h, rest), scales));
  }
  for (let i = whole; i < bytes; i += ITEM_SIZE) {
    const h = v128.sub<real>(v128.mul<real>(v128.load_splat<real>(g + i), v128.load_splat<real>(w + i)), shifts);
    const rest = v128.mul<real>(centered(v128.load_splat<real>(x + i), means, rests), factors);
    store<real>(out + i, v128.extract_lane<real>(v128.mul<real>(v128.sub<real>(h, rest), scales), 0));
  }
}

/** Σ g · w and Σ g · w · (x - mean) over n adjacent elements, in the two lanes: halves down to blocks of 1024. */
function products(g: usize, x: usize, w: usize, n: i32, mean: f64): v128 {
  if (n > 1024) {
    const half = ((n >> 1) + 1023) & ~1023;
    const next = <usize>half * ITEM_SIZE;
    return f64x2.add(products(g, x, w, half, mean), products(g + next, x + next, w + next, n - half, mean));
  }
  const means = f64x2.splat(mean);
  let a = f64x2.splat(0), b = a, c = a, d = a;
  let i = 0;
  for (; i + 4 <= n; i += 4, g += 4 * ITEM_SIZE, x += 4 * ITEM_SIZE, w += 4 * ITEM_SIZE) {
    const h0 = f64x2.mul(pairAt(g, 0), pairAt(w, 0));
    const h1 = f64x2.mul(pairAt(g, 1), pairAt(w, 1));
    a = f64x2.add(a, h0);
    b = f64x2.add(b, h1);
    c = f64x2.add(c, f64x2.mul(h0, f64x2.sub(pairAt(x, 0), means)));
    d = f64x2.add(d, f64x2.mul(h1, f64x2.sub(pairAt(x, 1), means)));
  }
  let plain = lanes(f64x2.add(a, b));
  let weighted = lanes(f64x2.add(c, d));
  for (; i < n; i++, g += ITEM_SIZE, x += ITEM_SIZE, w += ITEM_SIZE) {
    const h = <f64>load<real>(g) * <f64>load<real>(w);
    plain += h;
    weighted += h * (<f64>load<real>(x) - mean);
  }
  return f64x2.replace_lane(f64x2.splat(plain), 1, weighted);
}

/**
 * weightGrad = Σ g · normalised x, biasGrad = Σ g, over every period-th row, in the order of the rows. Units: weights
 * [period, length].
 */
export function normalizeRowsWeights(
  weightGrad: usize, biasGrad: usize, g: usize, x: usize, statistics: usize, rows: i32, length: i32, period: i32,
  begin: i32, end: i32,
): void {
  const count = rows / period;
  const stepX = <usize>period * <usize>length * ITEM_SIZE;
  const stepS = <usize>period * STATISTICS_BYTES;
  for (let unit = begin; unit < end; ) {
    const at = <usize>unit * ITEM_SIZE;
    const s = statistics + <usize>(unit / length) * STATISTICS_BYTES;
    if (unit % length + 8 <= length && unit + 8 <= end) {
      columns8(weightGrad + at, biasGrad + at, g + at, x + at, s, count, stepX, stepS);
      unit += 8;
    } else {
      column(weightGrad + at, biasGrad + at, g + at, x + at, s, count, stepX, stepS);
      unit++;
    }
  }
}

function column(
  weightGrad: usize, biasGrad: usize, g: usize, x: usize, s: usize, count: i32, stepX: usize, stepS: usize,
): void {
  let plain: f64 = 0;
  let weighted: f64 = 0;
  for (let i = 0; i < count; i++, g += stepX, x += stepX, s += stepS) {
    const y = (<f64>load<real>(x) - load<f64>(s)) * load<f64>(s, 8);
    plain += <f64>load<real>(g);
    weighted += <f64>load<real>(g) * y;
  }
  store<real>(weightGrad, <real>weighted);
  store<real>(biasGrad, <real>plain);
}

/** Eight adjacent columns, each with the arithmetic of a single one. */
function columns8(
  weightGrad: usize, biasGrad: usize, g: usize, x: usize, s: usize, count: i32, stepX: usize, stepS: usize,
): void {
  let a0 = f64x2.splat(0), a1 = a0, a2 = a0, a3 = a0;
  let b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  for (let i = 0; i < count; i++, g += stepX, x += stepX, s += stepS) {
    const mean = f64x2.splat(load<f64>(s));
    const scale = f64x2.splat(load<f64>(s, 8));
    const g0 = pairAt(g, 0), g1 = pairAt(g, 1), g2 = pairAt(g, 2), g3 = pairAt(g, 3);
    a0 = f64x2.add(a0, g0);
    a1 = f64x2.add(a1, g1);
    a2 = f64x2.add(a2, g2);
    a3 = f64x2.add(a3, g3);
    b0 = f64x2.add(b0, f64x2.mul(g0, f64x2.mul(f64x2.sub(pairAt(x, 0), mean), scale)));
    b1 = f64x2.add(b1, f64x2.mul(g1, f64x2.mul(f64x2.sub(pairAt(x, 1), mean), scale)));
    b2 = f64x2.add(b2, f64x2.mul(g2, f64x2.mul(f64x2.sub(pairAt(x, 2), mean), scale)));
    b3 = f64x2.add(b3, f64x2.mul(g3, f64x2.mul(f64x2.sub(pairAt(x, 3), mean), scale)));
  }
  put8(biasGrad, a0, a1, a2, a3);
  put8(weightGrad, b0, b1, b2, b3);
}

@inline
function put8(to: usize, a: v128, b: v128, c: v128, d: v128): void {
  if (LANES == 2) {
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
  } else {
    v128.store(to, joinHalves(a, b));
    v128.store(to, joinHalves(c, d), 16);
  }
}
