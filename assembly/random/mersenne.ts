/**
 * Whole blocks of the Mersenne Twister (Matsumoto and Nishimura 1998), four words at a time. The draws are those of
 * src/random/mt19937.ts, which draws the partial blocks at both ends.
 */
const N = 624;
const M = 397;

/** Twists the 624 words `blocks` times and writes the draws of each time to `out`, one block behind the other. */
export function mersenne(words: usize, out: usize, blocks: i32): void {
  for (; blocks > 0; blocks--, out += 4 * N) {
    twistAll(words);
    for (let i: usize = 0; i < 4 * N; i += 16) v128.store(out + i, tempered(v128.load(words + i)));
  }
}

/** Word i from words i, i + 1 and i + 397, modulo 624; a word below i is already twisted. */
function twistAll(words: usize): void {
  let i: usize = 0;
  for (; i + 16 <= 4 * (N - M); i += 16) twist(words + i, words + i + 4 * M);
  for (; i < 4 * (N - M); i += 4) twistOne(words + i, words + i + 4, words + i + 4 * M);
  for (; i < 4 * (N - 1); i += 16) twist(words + i, words + i - 4 * (N - M));
  twistOne(words + i, words, words + i - 4 * (N - M));
}

/** Twists four words, of which the last is not the last of all. */
@inline
function twist(at: usize, ahead: usize): void {
  const next = v128.load(at, 4);
  const joined = v128.bitselect(v128.load(at), next, i32x4.splat(0x80000000));
  const odd = i32x4.neg(v128.and(next, i32x4.splat(1)));
  const mixed = v128.xor(i32x4.shr_u(joined, 1), v128.and(odd, i32x4.splat(0x9908b0df)));
  v128.store(at, v128.xor(v128.load(ahead), mixed));
}

@inline
function twistOne(at: usize, neighbour: usize, ahead: usize): void {
  const next = load<u32>(neighbour);
  const joined = (load<u32>(at) & 0x80000000) | (next & 0x7fffffff);
  store<u32>(at, load<u32>(ahead) ^ (joined >> 1) ^ (-(next & 1) & 0x9908b0df));
}

@inline
function tempered(y: v128): v128 {
  y = v128.xor(y, i32x4.shr_u(y, 11));
  y = v128.xor(y, v128.and(i32x4.shl(y, 7), i32x4.splat(0x9d2c5680)));
  y = v128.xor(y, v128.and(i32x4.shl(y, 15), i32x4.splat(0xefc60000)));
  return v128.xor(y, i32x4.shr_u(y, 18));
}
