/**
 * Linear interpolation along a dim, its transpose, and that of nearest.ts. x is [outer, size, inner]; element k of the
 * new size lies between elements index[k] and index[k] + 1, at the fraction weight[k]. A unit is an index o of outer.
 */
import { ITEM_SIZE } from "../base/simd";
import { addSpan } from "../base/span";

/** out[o][k] = x[o][index[k]] (1 − weight[k]) + x[o][index[k] + 1] weight[k], where x[o][size] is x[o][size − 1] */
export function linear(
  out: usize, x: usize, index: usize, weight: usize, count: i32, size: i32, inner: i32, begin: i32, end: i32,
): void {
  const bytes = <usize>inner * ITEM_SIZE;
  out += <usize>begin * count * bytes;
  x += <usize>begin * size * bytes;
  for (let o = begin; o < end; o++, x += <usize>size * bytes) {
    for (let k = 0; k < count; k++, out += bytes) {
      const i = load<i32>(index + (<usize>k << 2));
      const w = load<real>(weight + <usize>k * ITEM_SIZE);
      const a = x + <usize>i * bytes;
      const b = i + 1 < size ? a + bytes : a;
      if (inner == 1) store<real>(out, load<real>(a) * (1 - w) + load<real>(b) * w);
      else mixSpan(out, a, 1 - w, b, w, bytes);
    }
  }
}

/** out = a·u + b·w */
function mixSpan(out: usize, a: usize, u: real, b: usize, w: real, bytes: usize): void {
  const us = v128.splat<real>(u);
  const ws = v128.splat<real>(w);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const left = v128.mul<real>(v128.load(a + i), us);
    v128.store(out + i, v128.add<real>(left, v128.mul<real>(v128.load(b + i), ws)));
  }
  for (; i < bytes; i += ITEM_SIZE) store<real>(out + i, load<real>(a + i) * u + load<real>(b + i) * w);
}

/**
 * out[o][index[k]] += g[o][k] (1 − weight[k]), out[o][index[k] + 1] += g[o][k] weight[k], starting at 0, in the order
 * of k
 */
export function linearAdjoint(
  out: usize, g: usize, index: usize, weight: usize, count: i32, size: i32, inner: i32, begin: i32, end: i32,
): void {
  const bytes = <usize>inner * ITEM_SIZE;
  out += <usize>begin * size * bytes;
  g += <usize>begin * count * bytes;
  memory.fill(out, 0, <usize>(end - begin) * size * bytes);
  for (let o = begin; o < end; o++, out += <usize>size * bytes) {
    for (let k = 0; k < count; k++, g += bytes) {
      const i = load<i32>(index + (<usize>k << 2));
      const w = load<real>(weight + <usize>k * ITEM_SIZE);
      const a = out + <usize>i * bytes;
      addScaled(a, g, 1 - w, bytes);
      addScaled(i + 1 < size ? a + bytes : a, g, w, bytes);
    }
  }
}

/** out += x·w */
@inline
function addScaled(out: usize, x: usize, w: real, bytes: usize): void {
  const ws = v128.splat<real>(w);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    v128.store(out + i, v128.add<real>(v128.load(out + i), v128.mul<real>(v128.load(x + i), ws)));
  }
  for (; i < bytes; i += ITEM_SIZE) store<real>(out + i, load<real>(out + i) + load<real>(x + i) * w);
}

/** out[o][index[k]] += g[o][k], starting at 0, in the order of k */
export function nearestAdjoint(
  out: usize, g: usize, index: usize, count: i32, size: i32, inner: i32, begin: i32, end: i32,
): void {
  const bytes = <usize>inner * ITEM_SIZE;
  out += <usize>begin * size * bytes;
  g += <usize>begin * count * bytes;
  memory.fill(out, 0, <usize>(end - begin) * size * bytes);
  for (let o = begin; o < end; o++, out += <usize>size * bytes) {
    for (let k = 0; k < count; k++, g += bytes) {
      const target = out + <usize>load<i32>(index + (<usize>k << 2)) * bytes;
      if (inner == 1) store<real>(target, load<real>(target) + load<real>(g));
      else addSpan(target, g, bytes);
    }
  }
}
