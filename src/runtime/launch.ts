import { SimdgradError } from "../base/errors.js";
import type { Counted } from "./kernels.js";
import { shapeOnly } from "./shape-only.js";
import { type AnyKernel, type Kernel, team } from "./team.js";

/** The most units of one kernel call. */
let grain = Number.POSITIVE_INFINITY;

/**
 * Limits kernel calls to `units` output units. No result depends on it, which the tests of every operation check.
 * @returns the limit before
 */
export function setGrain(units: number): number {
  const before = grain;
  grain = units;
  return before;
}

/**
 * The work, in elements, that repays waking other threads: tens of microseconds. Measured: relu of half as many gains
 * nothing.
 */
const WORTH = 1 << 17;
let least = WORTH;

/** For tests: workers run every job of two units or more, and the main thread none (or ends that). */
export function forceThreads(on: boolean): void {
  least = on ? 0 : WORTH;
  if (team) team.idle = on;
}

/**
 * kernel(...args, begin, end), spelled out for the usual numbers of arguments: for a spread that is not the last
 * argument, V8 builds an array by iteration, which takes five times as long as the call (100 ns instead of 20).
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

/**
 * Throws unless a kernel gets as many arguments as it has parameters, [begin, end) among them. Wasm takes any number: one
 * too many would shift the range, and the kernel would write outside of its tensors.
 */
function checkCount(kernel: Counted, args: readonly number[]): void {
  const parameters = kernel.parameters ?? kernel.length;
  if (parameters === args.length + 2) return;
  throw new SimdgradError("launch", `expected ${parameters - 2} arguments of a kernel, got ${args.length}`);
}

function serially(kernel: AnyKernel, units: number, args: readonly number[]): void {
  if (units <= grain) {
    if (units > 0) call(kernel, args, 0, units);
    return;
  }
  for (let begin = 0; begin < units; begin += grain) call(kernel, args, begin, Math.min(begin + grain, units));
}

/**
 * Runs a kernel (`kernel(out…, in…, scalars…, sizes…, [work], begin, end)`) over all of its output units; only this
 * file starts kernels that may be cut. Exactly one call writes a unit, and its arithmetic does not depend on the range,
 * so neither cutting [0, units) into pieces nor sharing it out to threads changes a bit. Units are elements here, or
 * cost about as much. No kernel starts in a run on shapes alone.
 */
export function launch<A extends number[]>(kernel: Kernel<A>, units: number, ...args: A): void;
export function launch(kernel: AnyKernel, units: number, ...args: number[]): void {
  if (shapeOnly.on) return;
  checkCount(kernel, args);
  if (team === undefined || units < least || units < 2) serially(kernel, units, args);
  else team.run(kernel, units, 0, args);
}

/**
 * As {@link launch}, for units that are rows, planes or blocks.
 * @param cost of a unit, about: the elements that it reads or writes, counted each time; 8 products count as one
 */
export function launchUnits<A extends number[]>(kernel: Kernel<A>, units: number, cost: number, ...args: A): void;
export function launchUnits(kernel: AnyKernel, units: number, cost: number, ...args: number[]): void {
  if (shapeOnly.on) return;
  checkCount(kernel, args);
  if (team === undefined || units * cost < least || units < 2) serially(kernel, units, args);
  else team.run(kernel, units, 0, args);
}

/**
 * As {@link launchUnits}, for kernels whose last argument is a workspace: each thread gets one of its own.
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
  checkCount(kernel, args);
  if (team === undefined || units * cost < least || units < 2) serially(kernel, units, args);
  else team.run(kernel, units, step, args);
}

/** As {@link launchUnits}, in one piece: for the rare launch whose units depend on each other. */
export function launchWhole<A extends number[]>(kernel: Kernel<A>, units: number, _cost: number, ...args: A): void {
  if (units === 0 || shapeOnly.on) return;
  checkCount(kernel, args);
  kernel(...args, 0, units);
}
