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
  if (units > 0) kernel(...args, 0, units);
}
