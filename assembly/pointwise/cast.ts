/**
 * Conversions between element types: `from…` writes the build's type, `to…` reads it. Floats are truncated to integers
 * as in C.
 */
import { ITEM_SIZE } from "../base/simd";

@inline
function cast<To, From>(out: usize, x: usize, begin: i32, end: i32): void {
  for (let i: usize = begin; i < <usize>end; i++) {
    store<To>(out + i * sizeof<To>(), <To>load<From>(x + i * sizeof<From>()));
  }
}

export function fromFloat32(out: usize, x: usize, begin: i32, end: i32): void {
  cast<real, f32>(out, x, begin, end);
}
export function fromFloat64(out: usize, x: usize, begin: i32, end: i32): void {
  cast<real, f64>(out, x, begin, end);
}
export function fromInt32(out: usize, x: usize, begin: i32, end: i32): void {
  cast<real, i32>(out, x, begin, end);
}
export function fromUint8(out: usize, x: usize, begin: i32, end: i32): void {
  cast<real, u8>(out, x, begin, end);
}

/** Through int32, so that -1 becomes 255 as it does for integers. */
export function toUint8(out: usize, x: usize, begin: i32, end: i32): void {
  for (let i: usize = begin; i < <usize>end; i++) store<u8>(out + i, <u8>(<i32>load<real>(x + i * ITEM_SIZE)));
}

/** out = x is not 0 (NaN is not) */
export function toBool(out: usize, x: usize, begin: i32, end: i32): void {
  for (let i: usize = begin; i < <usize>end; i++) store<u8>(out + i, u8(load<real>(x + i * ITEM_SIZE) != 0));
}
