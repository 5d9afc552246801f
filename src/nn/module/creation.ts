let clock = 0;
const times = new WeakMap<object, number>();

/** Notes that a parameter or a module is made now. */
export function stamp(made: object): void {
  times.set(made, ++clock);
}

/** When it was made: later ones have higher numbers. */
export function timeOf(made: object): number {
  return times.get(made) ?? 0;
}
