/**
 * Unpacks the other builds, which ../pack.ts packs to a ninth of their size. The format is like LZMA: each step is a
 * literal byte, or a match (`length` bytes copied from `distance` bytes before). Each bit of a step is range-coded with
 * a probability that adapts to the bits before. A similar build precedes the output as dictionary (float32 for
 * float64), so most of a build is matches at almost equal distances. In JavaScript, a first run takes five times as
 * long as in Wasm.
 */
import {
  DELTA,
  DISTANCE,
  EXPECTED,
  HISTORIES,
  IS_MATCH,
  IS_NEAR,
  IS_REPEATED,
  LENGTH,
  LIMIT,
  LITERAL,
  MODEL_SIZE,
  WHICH,
} from "./model";

let from: usize = 0; // next character to read
let range: u32 = 0;
let code: u32 = 0;

/** The probabilities are words from address 0 on: the upper half is P(0) − ½, the lower half counts the updates. */
@inline
function probability(word: u32): u32 {
  return (word >> 16) ^ 0x8000;
}

/** The address of the rates of updates, in 32768ths, after the probabilities. */
const RATES: usize = 4 * MODEL_SIZE;

@inline
function update(p: usize, word: u32, bit: u32): void {
  const n = word & 0xffff;
  const now = probability(word) as i32;
  const next = now + (((((bit - 1) & 65535) - now) * load<u16>(RATES + 2 * n)) >> 15);
  store<u32>(p, ((next ^ 0x8000) << 16) | (n + u32(n < (LIMIT as u32))));
}

/**
 * Reads six bits: a character from ( to h except the backslash, which JavaScript strings must escape. Unlike base64,
 * this text needs no decoder: TextEncoder writes it to the memory.
 */
function digit(): u32 {
  const character = load<u8>(from++) as u32;
  return character - 40 - u32(character > 92);
}

/**
 * Decodes a bit with P(0) = chance / 65536; the coder's state has 30 bits. It has no branch on the bit, because a
 * processor could not predict it.
 */
function split(chance: u32): u32 {
  const bound = (range >> 14) * max(chance >> 2, 1);
  const bit = u32(code >= bound);
  code -= bound & -bit;
  range = bound + ((range - 2 * bound) & -bit);
  while (range < 1 << 24) {
    range <<= 6;
    code = (code << 6) | digit();
  }
  return bit;
}

function decide(i: u32): u32 {
  const word = load<u32>(i << 2);
  const bit = split(probability(word));
  update(i << 2, word, bit);
  return bit;
}

/** Decodes n ≥ 0: first the number of bits of n + 1, then these bits without the leading 1. */
function number(base: u32): u32 {
  let bits: u32 = 1;
  while (bits < 32) bits = 2 * bits + decide(base + bits);
  let value: u32 = 1;
  for (let left = bits - 32; left > 0; left--) {
    value = 2 * value + decide(base + (value < 8 ? 8 * bits + value : 512 + 16 * (bits - 32) + left));
  }
  return value - 1;
}

function literal(before: u32, expected: u32): u32 {
  let byte: u32 = 1;
  while (byte < 256) {
    const a = (LITERAL + 256 * (before >> 3) + byte) << 2;
    const b = (EXPECTED + 256 * expected + byte) << 2;
    const one = load<u32>(a);
    const other = load<u32>(b);
    const bit = split((probability(one) + probability(other)) >> 1);
    update(a, one, bit);
    update(b, other, bit);
    byte = 2 * byte + bit;
  }
  return byte;
}

/**
 * Writes [out, end). The memory below `packed` must be zeros: MODEL_SIZE words and LIMIT + 1 halfwords.
 * @param out the end of the packer's dictionary; a zero byte precedes the dictionary
 */
export function unpack(packed: usize, out: usize, end: usize): void {
  for (let n = 0; n <= LIMIT; n++) store<u16>(RATES + 2 * n, (65536 / (2 * n + 3)) as u16);
  from = packed;
  range = (1 << 30) - 1;
  code = 0;
  for (let i = 0; i < 5; i++) code = (code << 6) | digit();
  let first: u32 = 1; // the last four distances
  let second: u32 = 1;
  let third: u32 = 1;
  let fourth: u32 = 1;
  let history: u32 = 0;
  while (out < end) {
    const before = load<u8>(out - 1) as u32;
    let kind: u32 = 0;
    if (decide(IS_MATCH + 256 * history + before)) {
      let distance = first;
      kind = 2;
      if (decide(IS_REPEATED + history)) {
        if (decide(WHICH)) {
          distance = second;
          if (decide(WHICH + 1)) {
            distance = third;
            if (decide(WHICH + 2)) {
              distance = fourth;
              fourth = third;
            }
            third = second;
          }
          second = first;
        }
      } else {
        if (decide(IS_NEAR + history)) {
          const delta = number(DELTA);
          distance += delta & 1 ? (delta + 1) >> 1 : -1 - (delta >> 1);
        } else {
          kind = 1;
          distance = number(DISTANCE) + 1;
        }
        fourth = third;
        third = second;
        second = first;
      }
      first = distance;
      for (let left = number(LENGTH + 1024 * kind) + 1; left > 0; left--, out++) {
        store<u8>(out, load<u8>(out - distance));
      }
    } else {
      store<u8>(out, literal(before, load<u8>(out - first)) as u8);
      out++;
    }
    history = (3 * history + kind) % HISTORIES;
  }
}
