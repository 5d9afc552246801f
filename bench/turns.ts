import { median } from "./results.js";
import { stopwatch } from "./stopwatch.js";

/** Each pair of samples has one of either function; a sample takes so long at least, in seconds. */
const SAMPLE_S = 0.02;
const LEAST_PAIRS = 4;
const PAIRS_S = 3;

export type Turns = {
  /** Median seconds of a call of each function. */
  seconds: [number, number];
  /** Median, over the pairs, of the second function's time over the first one's. */
  ratio: number;
  pairs: number;
};

function timed(fn: () => void, calls: number): number {
  const seconds = stopwatch();
  for (let i = 0; i < calls; i++) fn();
  return seconds() / calls;
}

/** Times two functions by turns, the order flipped from pair to pair, after an untimed call of each. */
export function byTurns(first: () => void, second: () => void): Turns {
  first();
  second();
  const calls = Math.ceil(SAMPLE_S / timed(first, 1));
  const end = performance.now() + PAIRS_S * 1000;
  const times: [number[], number[]] = [[], []];
  for (let pair = 0; pair < LEAST_PAIRS || performance.now() < end; pair++) {
    const order = pair % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    for (const which of order) times[which].push(timed(which === 0 ? first : second, calls));
  }
  const ratios = times[0].map((time, pair) => times[1][pair]! / time);
  return { seconds: [median(times[0]), median(times[1])], ratio: median(ratios), pairs: ratios.length };
}
