import type { Workspaces } from "./heap.js";
import { shapeOnly } from "./shape-only.js";
import { type Kernel, team } from "./team.js";

/** The most units that one call of a kernel gets. */
let grain = Number.POSITIVE_INFINITY;

/**
 * Cuts the work of kernels into pieces of at most `units` output units. No result depends on it, which the tests of every
 * operation check.
 * @returns the grain before
 */
export function setGrain(units: number): number {
  const before = grain;
  grain = units;
  return before;
}

/** Work worth waking other threads for, in elements: tens of microseconds. Measured: relu of half as many gains nothing. */
const WORTH = 1 << 17;
let least = WORTH;

/** For tests: hands whatever has two units to the workers, and leaves the main thread out (or ends that). */
export function forceThreads(on: boolean): void {
  least = on ? 0 : WORTH;
  if (team) team.idle = on;
}

function serially<A extends number[]>(kernel: Kernel<A>, units: number, args: A): void {
  if (units <= grain) {
    if (units > 0) kernel(...args, 0, units);
    return;
  }
  for (let begin = 0; begin < units; begin += grain) kernel(...args, begin, Math.min(begin + grain, units));
}

/**
 * Runs a kernel (`kernel(out…, in…, scalars…, sizes…, [work], begin, end)`) over all of its output units: kernels start
 * in this file only. A unit is written by exactly one call and its arithmetic does not depend on the range, so cutting
 * [0, units) into pieces, or sharing it out to threads, changes no bit. Here units are elements, or cost about as much.
 * In a run on shapes alone no kernel starts.
 */
export function launch<A extends number[]>(kernel: Kernel<A>, units: number, ...args: A): void {
  if (shapeOnly.on) return;
  if (team === undefined || units < least || units < 2) serially(kernel, units, args);
  else team.run(kernel, units, 0, args);
}

/**
 * As {@link launch}, for units that are rows, planes, blocks.
 * @param cost of a unit, about: how many elements it reads or writes, as many times as it does so; 8 products count as one
 */
export function launchUnits<A extends number[]>(kernel: Kernel<A>, units: number, cost: number, ...args: A): void {
  if (shapeOnly.on) return;
  if (team === undefined || units * cost < least || units < 2) serially(kernel, units, args);
  else team.run(kernel, units, 0, args);
}

/** As {@link launchUnits}, for kernels with a workspace: behind `args` goes the one of the thread that runs. */
export function launchWorking<A extends number[]>(
  kernel: Kernel<[...A, number]>,
  units: number,
  cost: number,
  { at, step }: Workspaces,
  ...args: A
): void {
  if (shapeOnly.on) return;
  const all: [...A, number] = [...args, at];
  if (team === undefined || units * cost < least || units < 2) serially(kernel, units, all);
  else team.run(kernel, units, step, all);
}

/** As {@link launchUnits}, in one piece: for the rare launch whose units are not independent. */
export function launchWhole<A extends number[]>(kernel: Kernel<A>, units: number, _cost: number, ...args: A): void {
  if (units > 0 && !shapeOnly.on) kernel(...args, 0, units);
}
