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

/**
 * Runs a kernel (`kernel(out…, in…, scalars…, sizes…, [work], begin, end)`) over all of its output units: the one place
 * where kernels start. A unit is written by exactly one call and its arithmetic does not depend on the range, so cutting
 * [0, units) into pieces changes no bit.
 */
export function launch<A extends number[]>(
  kernel: (...args: [...A, number, number]) => void,
  units: number,
  ...args: A
): void {
  if (units <= grain) {
    if (units > 0) kernel(...args, 0, units);
    return;
  }
  for (let begin = 0; begin < units; begin += grain) kernel(...args, begin, Math.min(begin + grain, units));
}
