/**
 * Packs bytes. Dynamic programming from front to back finds the sequence of literals and matches with the least cost in
 * bits, by the final probabilities of the pass before.
 *
 * pack.ts chooses the steps and code.ts encodes them. decoder/ is the unpacker in AssemblyScript; both sides use its
 * model.ts. The published src/runtime/unpack.ts runs the decoder. scripts/build/ calls pack in a thread.
 */

import { type Decide, encode, literal, Model, NEAR, number, place, pushed, type Step } from "./code.js";
import { HISTORIES, IS_MATCH, LENGTH, NUMBER } from "./decoder/model.js";

const PASSES = 2;
const CHAIN = 3000; // the most earlier places with the same two bytes to try
const LONG = 48; // a longer match is tried in full length only

/** Counts the bytes at a position that equal those `distance` before. Calls must go from front to back. */
class Matches {
  /** By distance: the position of the first byte that differs, from the last count. */
  private readonly ends: Int32Array;

  constructor(private readonly data: Uint8Array) {
    this.ends = new Int32Array(data.length + NEAR + 1);
  }

  length(at: number, distance: number): number {
    const { data, ends } = this;
    if (distance < 1 || distance > at) return 0;
    if (ends[distance]! <= at) {
      let end = at;
      while (end < data.length && data[end] === data[end - distance]) end++;
      ends[distance] = end;
    }
    return ends[distance]! - at;
  }
}

/** The matches at each position: for every length the nearest one. */
function findMatches(data: Uint8Array, start: number): Step[][] {
  const matches = new Matches(data);
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
        const length = matches.length(i, i - j);
        if (length > best) found.push({ length, distance: i - j });
        best = Math.max(best, length);
      }
    }
    links[i] = heads[key]!;
    heads[key] = i;
    return found;
  });
}

/** The cost of decisions in bits, by the probabilities of a fixed model. */
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

  /** The cost of the decisions that `run` makes. */
  bits(run: (decide: Decide) => void): number {
    this.sum = 0;
    run(this.weigh);
    return this.sum;
  }

  /** The cost of the length of a match of some kind. */
  length(kind: number, length: number): number {
    return this.lengths[kind - 1]![Math.min(length, 4096) - 1]!;
  }
}

/** The cheapest steps from `start` to every position. */
class Plan {
  private readonly cost: Float64Array;
  private readonly steps: Step[] = [];
  private readonly lasts: number[][] = [[1, 1, 1, 1]];
  private readonly states: Uint8Array;
  private readonly matches: Matches;

  constructor(
    private readonly data: Uint8Array,
    private readonly start: number,
    private readonly scale: Scale,
  ) {
    this.cost = new Float64Array(data.length - start + 1).fill(Number.POSITIVE_INFINITY);
    this.cost[0] = 0;
    this.states = new Uint8Array(this.cost.length);
    this.matches = new Matches(data);
  }

  /** Takes a step from position `i`, if no cheaper way to its end is known. */
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

  /** Tries every step from position `i`. */
  advance(i: number, found: readonly Step[]): void {
    const at = this.start + i;
    const before = this.data[at - 1] ?? 0;
    const isMatch = IS_MATCH + this.states[i]! * 256 + before;
    const last = this.lasts[i]!;
    this.literal(i, isMatch, before);
    for (const distance of last) this.match(i, isMatch, distance, this.matches.length(at, distance), 1);
    for (let distance = last[0]! - NEAR; distance <= last[0]! + NEAR; distance++) {
      this.match(i, isMatch, distance, this.matches.length(at, distance), 2);
    }
    let shortest = 2;
    for (const { length, distance } of found) {
      this.match(i, isMatch, distance, length, shortest);
      shortest = length + 1;
    }
  }

  /** The cheapest steps from `start` to the end. */
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

/** Packs `bytes` into a text. The unpacker needs the same `dictionary`. */
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
