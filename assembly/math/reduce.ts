/**
 * Sine of arguments above 10^6, one at a time, after Payne and Hanek: x·2/pi modulo 4 needs only the bits of 2/pi
 * around x's exponent. Such arguments are rare, so the arithmetic is of exact integers rather than fast.
 */
import { sineInQuadrant } from "./quadrant";

/** 64 bits of 2/pi from bit 64·i after the point; a switch, because the builds may hold no data. */
function twoOverPi(i: i32): u64 {
  switch (i) {
    case 0: return 0xa2f9836e4e441529;
    case 1: return 0xfc2757d1f534ddc0;
    case 2: return 0xdb6295993c439041;
    case 3: return 0xfe5163abdebbc561;
    case 4: return 0xb7246e3a424dd2e0;
    case 5: return 0x06492eea09d1921c;
    case 6: return 0xfe1deb1cb129a73e;
    case 7: return 0xe88235f52ebb4484;
    case 8: return 0xe99c7026b45f7e41;
    case 9: return 0x3991d639835339f4;
    case 10: return 0x9c845f8bbdf9283b;
    case 11: return 0x1ff897ffde05980f;
    case 12: return 0xef2f118b5a0a6d1f;
    case 13: return 0x6d367ecf27cb09b7;
    case 14: return 0x4f463f669e5fea2d;
    case 15: return 0x7527bac7ebe5f17b;
    case 16: return 0x3d0739f78a5292ea;
    case 17: return 0x6bfb5fb11f8d5d08;
    case 18: return 0x56033046fc7b6bab;
    default: return 0xf0cfbc209af4361d;
  }
}

/** 64 bits of 2/pi from bit p after the point. */
function bitsFrom(p: i32): u64 {
  const shift = <u64>(p & 63);
  const first = twoOverPi(p >> 6) << shift;
  return shift == 0 ? first : first | (twoOverPi((p >> 6) + 1) >> (64 - shift));
}

/** The upper 64 bits of a·b. */
function upperProduct(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff;
  const a1 = a >> 32;
  const b0 = b & 0xffffffff;
  const b1 = b >> 32;
  const middle = a1 * b0 + ((a0 * b0) >> 32);
  return a1 * b1 + (middle >> 32) + ((a0 * b1 + (middle & 0xffffffff)) >> 32);
}

/** sin(x + turn·pi/2) for |x| >= 10^6; NaN for the infinities. */
export function sineOfHuge(x: f64, turn: i64): f64 {
  const bits = reinterpret<u64>(x);
  const field = <i32>(bits >> 52) & 0x7ff;
  if (field == 0x7ff) return x - x;
  if (field < 1023 + 19) return 0; // a lane that the caller discards
  const integer = (bits & 0xfffffffffffff) | 0x10000000000000;
  // |x| = integer·2^e; bits of 2/pi above position e - 2 give multiples of 4, which do not matter.
  const e = field - 1075;
  const start = e - 2; // the window's first bit has the weight 2^-start-1, so times 2^e: 2
  let w0: u64;
  let w1: u64;
  let w2: u64;
  if (start >= 0) {
    w0 = bitsFrom(start);
    w1 = bitsFrom(start + 64);
    w2 = bitsFrom(start + 128);
  } else { // leading zeros: the window begins before the point
    const s = <u64>-start;
    w0 = twoOverPi(0) >> s;
    w1 = bitsFrom(64 + start);
    w2 = bitsFrom(128 + start);
  }
  // integer·(w0 w1 w2) modulo 2^192 (weight of its top bit: 2); the upper 128 bits are used
  const low = integer * w1 + upperProduct(integer, w2);
  const carry: u64 = low < integer * w1 ? 1 : 0;
  const high = integer * w0 + upperProduct(integer, w1) + carry;
  let quadrant = <i64>(high >> 62);
  // fraction of a quadrant in [0, 1) as 126 bits; from 1/2 on it counts back from the next quadrant
  let f1 = (high << 2) | (low >> 62);
  let f0 = low << 2;
  const back = (f1 >> 63) != 0;
  if (back) {
    quadrant += 1;
    f0 = ~f0 + 1;
    f1 = ~f1 + (f0 == 0 ? 1 : 0);
  }
  // fraction = f1·2^-64 + f0·2^-128; its first 20 bits times 33 bits of pi/2 are exact
  const zeros = clz(f1);
  if (zeros > 0) {
    f1 = (f1 << zeros) | (f0 >> (64 - zeros));
    f0 <<= zeros;
  }
  const unit = reinterpret<f64>((<u64>(1023 - 64) - zeros) << 52);
  const a = <f64>(f1 >> 44 << 44) * unit;
  const b = <f64>(f1 & 0xfffffffffff) * unit;
  const c = <f64>f0 * (unit * 5.421010862427522e-20); // 2^-64
  const main = a * 1.5707963267341256;
  const below = c * 1.5707963267948966 + a * 2.0222662487111665e-21;
  const tail = a * 6.077100506303966e-11 + (b * 1.5707963267948966 + below);
  let r = main + tail;
  let rest = main - r + tail;
  const negative = <i32>(bits >> 63) != 0;
  if (back != negative) {
    r = -r;
    rest = -rest;
  }
  if (negative) quadrant = -quadrant;
  return f64x2.extract_lane(sineInQuadrant(f64x2.splat(r), f64x2.splat(rest), i64x2.splat(quadrant + turn)), 0);
}
