import { ValueError } from "../base/errors.js";

const N = 624;
const M = 397;
const UPPER = 0x80000000;
const LOWER = 0x7fffffff;
const MATRIX = 0x9908b0df;

/** The generator's registers, as PyTorch and NumPy name and count them. */
interface MT19937State {
  /** The 624 words. */
  words: Uint32Array<ArrayBuffer>;
  /** Draws left before the next twist, plus one; 1 right after seeding (PyTorch's `left`). */
  left: number;
  /** Index of the next word to draw from (PyTorch's `next`). */
  next: number;
}

/**
 * The Mersenne Twister of Matsumoto and Nishimura: 32 random bits per draw, period 2^19937 − 1. PyTorch's CPU generator
 * and NumPy's legacy `RandomState` are both this engine seeded the same way (Knuth's recurrence, `init_genrand`); they
 * differ only in how they make numbers of draws.
 */
export class MT19937 {
  /** Number of words, and of draws that one twist gives. */
  static readonly WORDS = N;

  // Signed words: `^` gives int32 in JavaScript, so that V8 needs no boxed numbers.
  private readonly words = new Int32Array(N);
  /** The current block of draws: all words tempered, right after each twist. */
  private readonly draws = new Uint32Array(N);
  private left = 1;
  private next = 0;

  constructor(seed: number) {
    this.seed(seed);
  }

  /** Starts over from the low 32 bits of an integer. */
  seed(seed: number): void {
    const { words } = this;
    words[0] = seed;
    for (let i = 1; i < N; i++) {
      const previous = words[i - 1]!;
      words[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
    this.left = 1;
    this.next = 0;
  }

  /** 32 random bits as an integer in [0, 2^32). */
  random32(): number {
    if (--this.left === 0) this.refill();
    return this.draws[this.next++]!;
  }

  /** out[i] = (draw mod 2^24) · 2^−24: one draw per element. */
  fillUniform24(out: Float32Array): void {
    const { draws } = this;
    let i = 0;
    while (i < out.length) {
      const end = i + this.take(out.length - i);
      let j = this.next - (end - i);
      while (i < end) out[i++] = (draws[j++]! & 0xff_ffff) / 0x100_0000;
    }
  }

  /** out[i] = a draw. `drawBlocks` makes the whole blocks of 624 in it and advances the words. */
  fillDraws(out: Uint32Array, drawBlocks: (words: Int32Array<ArrayBuffer>, out: Uint32Array) => void): void {
    let i = 0;
    while (i < out.length) {
      const whole = this.left === 1 ? out.length - i - ((out.length - i) % N) : 0;
      if (whole > 0) {
        drawBlocks(this.words, out.subarray(i, i + whole));
        this.next = N;
        i += whole;
      } else {
        const taken = this.take(out.length - i);
        out.set(this.draws.subarray(this.next - taken, this.next), i);
        i += taken;
      }
    }
  }

  getState(): MT19937State {
    return { words: new Uint32Array(this.words), left: this.left, next: this.next };
  }

  setState({ words, left, next }: MT19937State): void {
    if (words.length !== N || left < 1 || left > N || next < 0 || next > N) {
      throw new ValueError(
        "MT19937.setState",
        `expected ${N} words, 1 ≤ left ≤ ${N} and 0 ≤ next ≤ ${N}, ` +
          `got ${words.length} words, left ${left}, next ${next}`,
      );
    }
    this.words.set(words);
    this.temper();
    this.left = left;
    this.next = next;
  }

  /** Takes up to `wanted` draws of the current block, which then end at draws[next − 1]. @returns how many */
  private take(wanted: number): number {
    if (this.left === 1) {
      this.refill();
      this.left++; // the first draw of the block is not yet taken
    }
    const taken = Math.min(wanted, this.left - 1);
    this.left -= taken;
    this.next += taken;
    return taken;
  }

  /** Computes the next 624 words, each from itself, the next word and the word 397 further on. */
  private refill(): void {
    const { words } = this;
    let i = 0;
    for (; i < N - M; i++) words[i] = words[i + M]! ^ twist(words[i]!, words[i + 1]!);
    for (; i < N - 1; i++) words[i] = words[i + M - N]! ^ twist(words[i]!, words[i + 1]!);
    words[i] = words[i + M - N]! ^ twist(words[i]!, words[0]!);
    this.temper();
    this.left = N;
    this.next = 0;
  }

  private temper(): void {
    const { words, draws } = this;
    for (let i = 0; i < N; i++) {
      let y = words[i]!;
      y ^= y >>> 11;
      y ^= (y << 7) & 0x9d2c5680;
      y ^= (y << 15) & 0xefc60000;
      draws[i] = y ^ (y >>> 18);
    }
  }
}

function twist(u: number, v: number): number {
  return (((u & UPPER) | (v & LOWER)) >>> 1) ^ (-(v & 1) & MATRIX);
}
