/**
 * Packs bytes for assembly/unpack. All ways to write the bytes as literals and matches are compared, from front to back,
 * by what they would cost with the probabilities that an earlier pass ended with.
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
  NUMBER,
  WHICH,
} from "../assembly/unpack/model.js";

const PASSES = 2;
const CHAIN = 3000; // how many earlier places with the same two bytes are looked at
const NEAR = 48; // deltas tried
const LONG = 48; // of longer matches only the whole is tried

/** A step of the way to a position: a literal, or `length` bytes from `distance` back. */
type Step = { length: number; distance: number };

/** Probabilities of a 0, in 65536ths, and how often each has learnt. */
class Model {
  readonly odds = new Uint16Array(MODEL_SIZE).fill(1 << 15);
  readonly seen = new Uint8Array(MODEL_SIZE);

  learn(i: number, bit: number): void {
    const n = this.seen[i]!;
    if (n < LIMIT) this.seen[i] = n + 1;
    const share = Math.floor(65536 / (2 * n + 3));
    this.odds[i]! += Math.floor((((bit === 0 ? 65535 : 0) - this.odds[i]!) * share) / 32768);
  }
}

/** Takes the decisions of assembly/unpack in their order, to write or to weigh them. */
type Decide = (bit: number, i: number, j?: number) => void;

function number(decide: Decide, base: number, n: number): void {
  const value = n + 1;
  const left = 31 - Math.clz32(value);
  let bits = 1;
  for (let k = 4; k >= 0; k--) {
    decide((left >> k) & 1, base + bits);
    bits = 2 * bits + ((left >> k) & 1);
  }
  for (let k = left; k > 0; k--) {
    const head = value >> k;
    decide((value >> (k - 1)) & 1, base + (head < 8 ? bits * 8 + head : 512 + left * 16 + k));
  }
}

function literal(decide: Decide, byte: number, before: number, expected: number): void {
  for (let k = 7, node = 1; k >= 0; k--) {
    const bit = (byte >> k) & 1;
    decide(bit, LITERAL + (before >> 3) * 256 + node, EXPECTED + expected * 256 + node);
    node = 2 * node + bit;
  }
}

const zigzag = (delta: number): number => (delta > 0 ? 2 * delta - 1 : -2 * delta - 2);

/** Writes where a match lies, and returns its kind. */
function place(decide: Decide, distance: number, last: readonly number[], state: number): 1 | 2 {
  const which = last.indexOf(distance);
  decide(which < 0 ? 0 : 1, IS_REPEATED + state);
  if (which >= 0) {
    for (let i = 0; i < 3 && i <= which; i++) decide(i < which ? 1 : 0, WHICH + i);
    return 2;
  }
  const delta = distance - last[0]!;
  const near = Math.abs(delta) <= NEAR;
  decide(near ? 1 : 0, IS_NEAR + state);
  if (near) number(decide, DELTA, zigzag(delta));
  else number(decide, DISTANCE, distance - 1);
  return near ? 2 : 1;
}

function pushed(last: readonly number[], distance: number): number[] {
  const which = last.indexOf(distance);
  if (which === 0) return last as number[];
  return [distance, ...last.filter((_, i) => i !== (which < 0 ? 3 : which))];
}

/** Earlier places that share bytes with each position: the nearest for every length. */
function findMatches(data: Uint8Array, start: number): Step[][] {
  const heads = new Int32Array(65536).fill(-1);
  const links = new Int32Array(data.length).fill(-1);
  return Array.from(data, (_, i) => {
    const found: Step[] = [];
    if (i + 1 >= data.length) return found;
    const key = data[i]! * 256 + data[i + 1]!;
    if (i >= start) {
      let best = 1;
      for (let j = heads[key]!, left = CHAIN; j >= 0 && left > 0 && best < 1000; j = links[j]!, left--) {
        if (data[j + best] !== data[i + best]) continue;
        let length = 2;
        while (i + length < data.length && data[j + length] === data[i + length]) length++;
        if (length > best) found.push({ length, distance: i - j });
        best = Math.max(best, length);
      }
    }
    links[i] = heads[key]!;
    heads[key] = i;
    return found;
  });
}

/** Weighs decisions by the probabilities of a model that stays as it is. */
class Scale {
  private readonly price = Float32Array.from({ length: 65537 }, (_, odds) => -Math.log2(Math.max(odds, 32) / 65536));
  private readonly lengths: Float32Array[];
  private sum = 0;

  constructor(private readonly model: Model) {
    this.lengths = [1, 2].map((kind) =>
      Float32Array.from({ length: 4096 }, (_, n) => this.bits((decide) => number(decide, LENGTH + kind * NUMBER, n))),
    );
  }

  private readonly weigh: Decide = (bit, i, j) => {
    const { odds } = this.model;
    const chance = j === undefined ? odds[i]! : (odds[i]! + odds[j]!) >>> 1;
    this.sum += this.price[bit === 0 ? chance : 65536 - chance]!;
  };

  /** What the decisions cost that `run` takes. */
  bits(run: (decide: Decide) => void): number {
    this.sum = 0;
    run(this.weigh);
    return this.sum;
  }

  /** What the length of a match of this kind costs. */
  length(kind: number, length: number): number {
    return this.lengths[kind - 1]![Math.min(length, 4096) - 1]!;
  }
}

/** The cheapest way to every position behind `start`. */
class Plan {
  private readonly cost: Float64Array;
  private readonly steps: Step[] = [];
  private readonly lasts: number[][] = [[1, 1, 1, 1]];
  private readonly states: Uint8Array;

  constructor(
    private readonly data: Uint8Array,
    private readonly start: number,
    private readonly scale: Scale,
  ) {
    this.cost = new Float64Array(data.length - start + 1).fill(Number.POSITIVE_INFINITY);
    this.cost[0] = 0;
    this.states = new Uint8Array(this.cost.length);
  }

  /** Goes from position `i` by a step, if nothing cheaper leads to where it ends. */
  private go(i: number, cost: number, step: Step, last: number[], kind: number): void {
    const to = i + step.length;
    if (cost >= this.cost[to]!) return;
    this.cost[to] = cost;
    this.steps[to] = step;
    this.lasts[to] = last;
    this.states[to] = (this.states[i]! * 3 + kind) % HISTORIES;
  }

  private literal(i: number, isMatch: number, before: number): void {
    const { data } = this;
    const at = this.start + i;
    const bits = this.scale.bits((decide) => {
      decide(0, isMatch);
      literal(decide, data[at]!, before, data[at - this.lasts[i]![0]!] ?? 0);
    });
    this.go(i, this.cost[i]! + bits, { length: 1, distance: 0 }, this.lasts[i]!, 0);
  }

  private match(i: number, isMatch: number, distance: number, longest: number, shortest: number): void {
    if (longest < shortest) return;
    const last = this.lasts[i]!;
    let kind = 1;
    const bits = this.scale.bits((decide) => {
      decide(1, isMatch);
      kind = place(decide, distance, last, this.states[i]!);
    });
    const to = pushed(last, distance);
    for (let length = longest > LONG ? longest : shortest; length <= longest; length++) {
      this.go(i, this.cost[i]! + bits + this.scale.length(kind, length), { length, distance }, to, kind);
    }
  }

  /** How many bytes at `at` are those `distance` back. */
  private common(at: number, distance: number): number {
    const { data } = this;
    if (distance < 1 || distance > at) return 0;
    let length = 0;
    while (at + length < data.length && data[at + length] === data[at + length - distance]) length++;
    return length;
  }

  /** Looks at every step from position `i`. */
  advance(i: number, found: readonly Step[]): void {
    const at = this.start + i;
    const before = this.data[at - 1] ?? 0;
    const isMatch = IS_MATCH + this.states[i]! * 256 + before;
    const last = this.lasts[i]!;
    this.literal(i, isMatch, before);
    for (const distance of last) this.match(i, isMatch, distance, this.common(at, distance), 1);
    for (let distance = last[0]! - NEAR; distance <= last[0]! + NEAR; distance++) {
      this.match(i, isMatch, distance, this.common(at, distance), 2);
    }
    let shortest = 2;
    for (const { length, distance } of found) {
      this.match(i, isMatch, distance, length, shortest);
      shortest = length + 1;
    }
  }

  /** The steps of the cheapest way to the end. */
  chosen(): Step[] {
    const way: Step[] = [];
    for (let i = this.cost.length - 1; i > 0; i -= this.steps[i]!.length) way.push(this.steps[i]!);
    return way.reverse();
  }
}

/** The cheapest steps by the probabilities of `model`. */
function plan(data: Uint8Array, start: number, matches: readonly Step[][], model: Model): Step[] {
  const ways = new Plan(data, start, new Scale(model));
  for (let i = 0; start + i < data.length; i++) ways.advance(i, matches[start + i]!);
  return ways.chosen();
}

/** A range coder: 30 bits, of which it writes six at a time. */
class Writer {
  private readonly digits: number[] = [];
  private low = 0;
  private range = 2 ** 30 - 1;

  /** @param odds of a 0, in 65536ths */
  write(bit: number, odds: number): void {
    const bound = (this.range >>> 14) * (odds >>> 2 || 1);
    if (bit === 0) this.range = bound;
    else {
      this.low += bound;
      this.range -= bound;
      if (this.low >= 2 ** 30) this.carry();
    }
    while (this.range < 1 << 24) {
      this.range <<= 6;
      this.shift();
    }
  }

  private carry(): void {
    this.low -= 2 ** 30;
    let i = this.digits.length - 1;
    while (this.digits[i] === 63) this.digits[i--] = 0;
    this.digits[i]!++;
  }

  private shift(): void {
    this.digits.push(this.low >>> 24);
    this.low = (this.low & 0xffffff) << 6;
  }

  /** All of it, as text: see `digit` in assembly/unpack. */
  text(): string {
    for (let i = 0; i < 5; i++) this.shift();
    return this.digits.map((digit) => String.fromCharCode(40 + digit + (digit > 51 ? 1 : 0))).join("");
  }
}

/** Writes the steps, and leaves in `model` what it has learnt. */
function encode(data: Uint8Array, start: number, steps: readonly Step[], model: Model): string {
  const writer = new Writer();
  const decide: Decide = (bit, i, j) => {
    const odds = j === undefined ? model.odds[i]! : (model.odds[i]! + model.odds[j]!) >>> 1;
    writer.write(bit, odds);
    model.learn(i, bit);
    if (j !== undefined) model.learn(j, bit);
  };
  let at = start;
  let state = 0;
  let last = [1, 1, 1, 1];
  for (const { length, distance } of steps) {
    const before = data[at - 1] ?? 0;
    let kind = 0;
    decide(distance === 0 ? 0 : 1, IS_MATCH + state * 256 + before);
    if (distance === 0) literal(decide, data[at]!, before, data[at - last[0]!] ?? 0);
    else {
      kind = place(decide, distance, last, state);
      number(decide, LENGTH + kind * NUMBER, length - 1);
      last = pushed(last, distance);
    }
    at += length;
    state = (state * 3 + kind) % HISTORIES;
  }
  return writer.text();
}

/** Packs `bytes`; whoever unpacks them has `dictionary`. */
export function pack(bytes: Uint8Array, dictionary: Uint8Array): string {
  const start = dictionary.length;
  const data = new Uint8Array(start + bytes.length);
  data.set(dictionary);
  data.set(bytes, start);
  const matches = findMatches(data, start);
  let learnt = new Model();
  let best: string | undefined;
  for (let pass = 0; pass < PASSES; pass++) {
    const steps = plan(data, start, matches, learnt);
    learnt = new Model();
    const packed = encode(data, start, steps, learnt);
    if (best === undefined || packed.length < best.length) best = packed;
  }
  return best!;
}
