/**
 * Unpacks what ../pack.ts has packed: the other builds, at a ninth of their size, in the manner of LZMA. Each step
 * is a literal byte or a match (some length of the bytes at some distance back). Each bit of a step is range-coded with
 * a probability that adapts to the bits before. In front of a build lies a similar one as dictionary (float32 for
 * float64), so that much of it is one long match, at distances that change little. In Wasm, because a first run of the
 * same in JavaScript takes five times as long.
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

/** Probabilities lie at address 0, one word each: the upper half is P(0) − ½, the lower half counts the updates. */
@inline
function probability(word: u32): u32 {
  return (word >> 16) ^ 0x8000;
}

/** Behind the probabilities lie the rates of their updates, in 32768ths. */
const RATES: usize = 4 * MODEL_SIZE;

@inline
function update(p: usize, word: u32, bit: u32): void {
  const n = word & 0xffff;
  const now = probability(word) as i32;
  const next = now + (((((bit - 1) & 65535) - now) * load<u16>(RATES + 2 * n)) >> 15);
  store<u32>(p, ((next ^ 0x8000) << 16) | (n + u32(n < (LIMIT as u32))));
}

/**
 * The next six bits: a character from ( to h without the backslash, which JavaScript text would have to escape. Such
 * text needs no base64 decoder: TextEncoder writes it to the memory.
 */
function digit(): u32 {
  const character = load<u8>(from++) as u32;
  return character - 40 - u32(character > 92);
}

/**
 * A bit that is 0 with a probability of chance / 65536; the coder's state has 30 bits. What depends on the bit is
 * computed without a branch, because no processor could predict it.
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

/** A number from 0 on: the count of its bits, then the bits, whose leading ones depend on those before. */
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
 * Writes [out, end). The memory must be new: MODEL_SIZE words and LIMIT halfwords of zeros lie below `packed`.
 * @param out the end of the dictionary that the packer knew; a zero byte lies in front of the dictionary
 */
export function unpack(packed: usize, out: usize, end: usize): void {
  for (let n = 0; n <= LIMIT; n++) store<u16>(RATES + 2 * n, (65536 / (2 * n + 3)) as u16);
  from = packed;
  range = (1 << 30) - 1;
  code = 0;
  for (let i = 0; i < 5; i++) code = (code << 6) | digit();
  let first: u32 = 1; // the last distances
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
