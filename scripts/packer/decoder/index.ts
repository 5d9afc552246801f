/**
 * Unpacks what ../pack.ts has packed: the other builds, at a ninth of their size. src/runtime/unpack.ts runs it. In the
 * manner of LZMA: each step is a literal byte, or a match: the bytes at some distance back, of some length; and each bit
 * that tells so is coded by how probable it was, as far as the bits before have taught. A build has its likeness (float64
 * has float32) in front of it, so that much of it is one long match, at distances that change little. In Wasm, because a
 * first run of the same in JavaScript takes five times as long.
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

/** Probabilities lie at address 0, a word each: above the odds of a 0, less one half, below how often it has learnt. */
@inline
function odds(word: u32): u32 {
  return (word >> 16) ^ 0x8000;
}

/** Behind the probabilities lie the shares that they learn, in 32768ths. */
const SHARES: usize = 4 * MODEL_SIZE;

@inline
function learn(p: usize, word: u32, bit: u32): void {
  const n = word & 0xffff;
  const now = odds(word) as i32;
  const next = now + (((((bit - 1) & 65535) - now) * load<u16>(SHARES + 2 * n)) >> 15);
  store<u32>(p, ((next ^ 0x8000) << 16) | (n + u32(n < (LIMIT as u32))));
}

/**
 * The next six bits: a character from ( to h without the backslash, which text would have to escape. Text that lies in
 * JavaScript as it is needs no base64 decoder, and TextEncoder puts it into the memory.
 */
function digit(): u32 {
  const character = load<u8>(from++) as u32;
  return character - 40 - u32(character > 92);
}

/**
 * A bit, whose chance to be 0 is in 65536ths; 30 bits of the coder's state are used. What follows from the bit is computed
 * and not branched to: no processor foresees it.
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
  const bit = split(odds(word));
  learn(i << 2, word, bit);
  return bit;
}

/** A number from 0: how many bits it has, then these, the leading ones by what came before. */
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
    const bit = split((odds(one) + odds(other)) >> 1);
    learn(a, one, bit);
    learn(b, other, bit);
    byte = 2 * byte + bit;
  }
  return byte;
}

/**
 * Writes [out, end). The memory must be new: zeros below `packed`, MODEL_SIZE words and LIMIT halfwords.
 * @param out behind the dictionary that the packer knew, and that behind a zero
 */
export function unpack(packed: usize, out: usize, end: usize): void {
  for (let n = 0; n <= LIMIT; n++) store<u16>(SHARES + 2 * n, (65536 / (2 * n + 3)) as u16);
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
      for (let left = number(LENGTH + 1024 * kind) + 1; left > 0; left--, out++) store<u8>(out, load<u8>(out - distance));
    } else {
      store<u8>(out, literal(before, load<u8>(out - first)) as u8);
      out++;
    }
    history = (3 * history + kind) % HISTORIES;
  }
}
