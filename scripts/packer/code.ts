/**
 * Encodes the steps of pack.ts: the same decisions as in decoder/index.ts, and the range coder that writes them.
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
} from "./decoder/model.js";

/** A distance that differs from the last one by at most NEAR is coded as the difference. */
export const NEAR = 48;

/** A literal (distance 0, length 1), or a match: `length` bytes copied from `distance` bytes before. */
export type Step = { length: number; distance: number };

/** odds: P(0) · 65536 of each decision; seen: its number of updates, at most LIMIT. */
export class Model {
  readonly odds = new Uint16Array(MODEL_SIZE).fill(1 << 15);
  readonly seen = new Uint8Array(MODEL_SIZE);

  learn(i: number, bit: number): void {
    const n = this.seen[i]!;
    if (n < LIMIT) this.seen[i] = n + 1;
    const share = Math.floor(65536 / (2 * n + 3));
    this.odds[i]! += Math.floor((((bit === 0 ? 65535 : 0) - this.odds[i]!) * share) / 32768);
  }
}

/** Receives the decisions of decoder/index.ts in their order: writes a bit, or adds up its cost. */
export type Decide = (bit: number, i: number, j?: number) => void;

export function number(decide: Decide, base: number, n: number): void {
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

export function literal(decide: Decide, byte: number, before: number, expected: number): void {
  for (let k = 7, node = 1; k >= 0; k--) {
    const bit = (byte >> k) & 1;
    decide(bit, LITERAL + (before >> 3) * 256 + node, EXPECTED + expected * 256 + node);
    node = 2 * node + bit;
  }
}

const zigzag = (delta: number): number => (delta > 0 ? 2 * delta - 1 : -2 * delta - 2);

/** Codes the distance of a match, and returns the kind of the match. */
export function place(decide: Decide, distance: number, last: readonly number[], state: number): 1 | 2 {
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

export function pushed(last: readonly number[], distance: number): number[] {
  const which = last.indexOf(distance);
  if (which === 0) return last as number[];
  return [distance, ...last.filter((_, i) => i !== (which < 0 ? 3 : which))];
}

/** A range coder with a state of 30 bits; it writes six bits at a time. */
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

  /** The packed text; `digit` in decoder/index.ts reads it. */
  text(): string {
    for (let i = 0; i < 5; i++) this.shift();
    return this.digits.map((digit) => String.fromCharCode(40 + digit + (digit > 51 ? 1 : 0))).join("");
  }
}

/** Encodes the steps, and trains `model` on them. */
export function encode(data: Uint8Array, start: number, steps: readonly Step[], model: Model): string {
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
