import { shapeOnly } from "./shape-only.js";
import { type AnyKernel, type Kernel, team } from "./team.js";

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

/**
 * kernel(...args, begin, end), spelled out for the usual numbers of arguments: a spread that is not the last argument makes
 * V8 build an array by iterating, which takes five times as long as the call (100 ns against 20).
 */
function call(kernel: AnyKernel, args: readonly number[], begin: number, end: number): void {
  switch (args.length) {
    case 1:
      kernel(args[0]!, begin, end);
      return;
    case 2:
      kernel(args[0]!, args[1]!, begin, end);
      return;
    case 3:
      kernel(args[0]!, args[1]!, args[2]!, begin, end);
      return;
    case 4:
      kernel(args[0]!, args[1]!, args[2]!, args[3]!, begin, end);
      return;
    case 5:
      kernel(args[0]!, args[1]!, args[2]!, args[3]!, args[4]!, begin, end);
      return;
    default:
      kernel(...args, begin, end);
  }
}

function serially(kernel: AnyKernel, units: number, args: readonly number[]): void {
  if (units <= grain) {
    if (units > 0) call(kernel, args, 0, units);
    return;
  }
  for (let begin = 0; begin < units; begin += grain) call(kernel, args, begin, Math.min(begin + grain, units));
}

/**
 * Runs a kernel (`kernel(out…, in…, scalars…, sizes…, [work], begin, end)`) over all of its output units: kernels that
 * may be cut start in this file only. A unit is written by exactly one call and its arithmetic does not depend on the
 * range, so cutting [0, units) into pieces, or sharing it out to threads, changes no bit. Here units are elements, or
 * cost about as much. In a run on shapes alone no kernel starts.
 */
export function launch<A extends number[]>(kernel: Kernel<A>, units: number, ...args: A): void;
export function launch(kernel: AnyKernel, units: number, ...args: number[]): void {
  if (shapeOnly.on) return;
  if (team === undefined || units < least || units < 2) serially(kernel, units, args);
  else team.run(kernel, units, 0, args);
}

/**
 * As {@link launch}, for units that are rows, planes, blocks.
 * @param cost of a unit, about: how many elements it reads or writes, as many times as it does so; 8 products count as one
 */
export function launchUnits<A extends number[]>(kernel: Kernel<A>, units: number, cost: number, ...args: A): void;
export function launchUnits(kernel: AnyKernel, units: number, cost: number, ...args: number[]): void {
  if (shapeOnly.on) return;
  if (team === undefined || units * cost < least || units < 2) serially(kernel, units, args);
  else team.run(kernel, units, 0, args);
}

/**
 * As {@link launchUnits}, for kernels whose last argument is a workspace, which each thread needs for itself.
 * @param step bytes from one thread's workspace to the next one's
 */
export function launchWorking<A extends number[]>(
  kernel: Kernel<A>,
  units: number,
  cost: number,
  step: number,
  ...args: A
): void;
export function launchWorking(kernel: AnyKernel, units: number, cost: number, step: number, ...args: number[]): void {
  if (shapeOnly.on) return;
  if (team === undefined || units * cost < least || units < 2) serially(kernel, units, args);
  else team.run(kernel, units, step, args);
}

/** As {@link launchUnits}, in one piece: for the rare launch whose units are not independent. */
export function launchWhole<A extends number[]>(kernel: Kernel<A>, units: number, _cost: number, ...args: A): void {
  if (units > 0 && !shapeOnly.on) kernel(...args, 0, units);
}
