/**
 * Normalisation of x [n, channels, length] with one scale for each plane (one channel of one image): batch norm, group
 * norm and instance norm. `share` consecutive channels of an image have common statistics (group norm); if it is 0, a
 * channel has its own across all images (batch norm). Units of the loops over elements: planes.
 *
 * The mean is subtracted from float32 in two parts, so that an offset of many standard deviations costs no digits.
 */
import { ITEM_SIZE } from "../base/simd";
import { lanes, meanOf, pairAt, scaleOf } from "./moments";

/** The index of the statistics of plane i. */
@inline
function unitOf(plane: i32, channels: i32, share: i32): i32 { return share ? plane / share : plane % channels; }

@inline
function weightAt(weight: usize, channel: i32, missing: f64): f64 {
  return weight ? <f64>load<real>(weight + <usize>channel * ITEM_SIZE) : missing;
}

/** x - mean, the mean in two parts. */
@inline
export function centered(x: v128, mean: v128, rest: v128): v128 {
  const deviation = v128.sub<real>(x, mean);
  return sizeof<real>() == 8 ? deviation : v128.sub<real>(deviation, rest);
}

/** out = (x - mean) · scale · weight + bias; a pointer of 0 leaves out the weight or the bias. */
export function normalizePlanes(
  out: usize, x: usize, statistics: usize, weight: usize, bias: usize,
  channels: i32, length: i32, share: i32, begin: i32, end: i32,
): void {
  const bytes = <usize>length * ITEM_SIZE;
  for (let plane = begin; plane < end; plane++) {
    const unit = unitOf(plane, channels, share);
    const channel = plane % channels;
    const mean = <real>meanOf(statistics, unit);
    const means = v128.splat<real>(mean);
    const rests = v128.splat<real>(<real>(meanOf(statistics, unit) - <f64>mean));
    const scales = v128.splat<real>(<real>(scaleOf(statistics, unit) * weightAt(weight, channel, 1)));
    const shifts = v128.splat<real>(<real>weightAt(bias, channel, 0));
    let from = x + <usize>plane * bytes;
    let to = out + <usize>plane * bytes;
    const last = from + bytes;
    for (; from + 16 <= last; from += 16, to += 16) {
      const y = v128.mul<real>(centered(v128.load(from), means, rests), scales);
      v128.store(to, v128.add<real>(y, shifts));
    }
    for (; from < last; from += ITEM_SIZE, to += ITEM_SIZE) {
      const y = v128.mul<real>(centered(v128.load_splat<real>(from), means, rests), scales);
      store<real>(to, v128.extract_lane<real>(v128.add<real>(y, shifts), 0));
    }
  }
}

/** sums[plane] = Σ g, Σ g · (x - mean) · scale, both in float64 */
export function planeSums(
  sums: usize, g: usize, x: usize, statistics: usize, channels: i32, length: i32, share: i32, begin: i32, end: i32,
): void {
  for (let plane = begin; plane < end; plane++) {
    const unit = unitOf(plane, channels, share);
    const from = <usize>plane * <usize>length * ITEM_SIZE;
    const at = sums + <usize>plane * 16;
    v128.store(at, products(g + from, x + from, length, meanOf(statistics, unit)));
    store<f64>(at, load<f64>(at, 8) * scaleOf(statistics, unit), 8);
  }
}

/** Σ g and Σ g · (x - mean) over n adjacent elements, in the two lanes: halves down to blocks of 1024. */
function products(g: usize, x: usize, n: i32, mean: f64): v128 {
  if (n > 1024) {
    const half = ((n >> 1) + 1023) & ~1023;
    const next = <usize>half * ITEM_SIZE;
    return f64x2.add(products(g, x, half, mean), products(g + next, x + next, n - half, mean));
  }
  const means = f64x2.splat(mean);
  let a = f64x2.splat(0), b = a, c = a, d = a;
  let i = 0;
  for (; i + 4 <= n; i += 4, g += 4 * ITEM_SIZE, x += 4 * ITEM_SIZE) {
    const g0 = pairAt(g, 0);
    const g1 = pairAt(g, 1);
    a = f64x2.add(a, g0);
    b = f64x2.add(b, g1);
    c = f64x2.add(c, f64x2.mul(g0, f64x2.sub(pairAt(x, 0), means)));
    d = f64x2.add(d, f64x2.mul(g1, f64x2.sub(pairAt(x, 1), means)));
  }
  let plain = lanes(f64x2.add(a, b));
  let weighted = lanes(f64x2.add(c, d));
  for (; i < n; i++, g += ITEM_SIZE, x += ITEM_SIZE) {
    plain += <f64>load<real>(g);
    weighted += <f64>load<real>(g) * (<f64>load<real>(x) - mean);
  }
  return f64x2.replace_lane(f64x2.splat(plain), 1, weighted);
}

/** out = Σ over the images of g (which = 0) or of g · normalised x (1), for each channel. Units: channels. */
export function channelSums(
  out: usize, sums: usize, which: i32, images: i32, channels: i32, begin: i32, end: i32,
): void {
  for (let channel = begin; channel < end; channel++) {
    store<real>(out + <usize>channel * ITEM_SIZE, <real>acrossImages(sums, which, images, channels, channel));
  }
}

function acrossImages(sums: usize, which: i32, images: i32, channels: i32, channel: i32): f64 {
  let sum: f64 = 0;
  for (let image = 0; image < images; image++) {
    sum += load<f64>(sums + (<usize>image * channels + channel) * 16 + <usize>which * 8);
  }
  return sum;
}

/**
 * means[unit] = the means of h and of h · y over a group, h = weight · g, y = normalised x, from the sums of its
 * planes. Units: groups with statistics of their own.
 */
export function unitMeans(
  means: usize, sums: usize, weight: usize, images: i32, channels: i32, length: i32, share: i32, begin: i32, end: i32,
): void {
  const n = <f64>length * <f64>(share ? share : images);
  for (let unit = begin; unit < end; unit++) {
    let plain: f64 = 0;
    let weighted: f64 = 0;
    if (share) {
      for (let plane = unit * share; plane < (unit + 1) * share; plane++) {
        const w = weightAt(weight, plane % channels, 1);
        plain += w * load<f64>(sums + <usize>plane * 16);
        weighted += w * load<f64>(sums + <usize>plane * 16, 8);
      }
    } else {
      const w = weightAt(weight, unit, 1);
      plain = w * acrossImages(sums, 0, images, channels, unit);
      weighted = w * acrossImages(sums, 1, images, channels, unit);
    }
    store<f64>(means + <usize>unit * 16, plain / n);
    store<f64>(means + <usize>unit * 16, weighted / n, 8);
  }
}

/**
 * The gradient of x: out = scale · (h - mean of h - y · mean of h · y), h = weight · g, y = normalised x. Terms that
 * cancel are subtracted before they are scaled.
 */
export function normalizePlanesGrad(
  out: usize, g: usize, x: usize, statistics: usize, means: usize, weight: usize,
  channels: i32, length: i32, share: i32, begin: i32, end: i32,
): void {
  const bytes = <usize>length * ITEM_SIZE;
  const whole = bytes & ~15;
  for (let plane = begin; plane < end; plane++) {
    const unit = unitOf(plane, channels, share);
    const scale = scaleOf(statistics, unit);
    const mean = <real>meanOf(statistics, unit);
    const centers = v128.splat<real>(mean);
    const rests = v128.splat<real>(<real>(meanOf(statistics, unit) - <f64>mean));
    const weights = v128.splat<real>(<real>weightAt(weight, plane % channels, 1));
    const shifts = v128.splat<real>(<real>load<f64>(means + <usize>unit * 16));
    const factors = v128.splat<real>(<real>(scale * load<f64>(means + <usize>unit * 16, 8)));
    const scales = v128.splat<real>(<real>scale);
    const from = <usize>plane * bytes;
    for (let i = from; i < from + whole; i += 16) {
      const h = v128.sub<real>(v128.mul<real>(v128.load(g + i), weights), shifts);
      const byX = v128.mul<real>(centered(v128.load(x + i), centers, rests), factors);
      v128.store(out + i, v128.mul<real>(v128.sub<real>(h, byX), scales));
    }
    for (let i = from + whole; i < from + bytes; i += ITEM_SIZE) {
      const h = v128.sub<real>(v128.mul<real>(v128.load_splat<real>(g + i), weights), shifts);
      const byX = v128.mul<real>(centered(v128.load_splat<real>(x + i), centers, rests), factors);
      store<real>(out + i, v128.extract_lane<real>(v128.mul<real>(v128.sub<real>(h, byX), scales), 0));
    }
  }
}
