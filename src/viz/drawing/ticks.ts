/** The axis of a chart: its range and its ticks. */
export type ChartAxis = {
  min: number;
  max: number;
  /** The distance between ticks, which are multiples of it. */
  step: number;
  ticks: readonly number[];
  /** The label of a number on the axis. */
  format: (value: number) => string;
};

/** Options of {@link axisFor}. */
type AxisOptions = {
  /** The number of steps that fit, about. */
  steps: number;
  /** The axis begins and ends at the data, not at the ticks around it. */
  tight?: boolean;
  /** Ticks at whole numbers only. */
  whole?: boolean;
};

const LARGEST = 1e300; // differences of larger numbers can overflow

/** 10^k, correctly rounded: the last digit of Math.pow differs between engines. */
const power = (k: number): number => Number(`1e${k}`);

const exponentOf = (x: number): number => Number(x.toExponential().split("e")[1]);

/** The smallest 1, 2 or 5 times a power of ten that is at least `raw`. */
function niceStep(raw: number): number {
  const k = exponentOf(raw);
  const factor = [1, 2, 5].find((f) => f * power(k) >= raw * (1 - 1e-9));
  return factor === undefined ? power(k + 1) : Number(`${factor}e${k}`);
}

/** Writes `0.25`, `1200`, `3e-7`, with as many digits as the step needs. */
function formatter(step: number, most: number): (value: number) => string {
  const digits = exponentOf(step);
  if (most >= 1e6 || step < 1e-4) {
    const precision = (value: number): number => Math.min(20, Math.max(0, exponentOf(value) - digits));
    const exponential = (value: number): string =>
      value
        .toExponential(precision(value))
        .replace("e+", "e")
        .replace(/\.?0+e/, "e");
    return (value) => (Math.abs(value) < step / 2 ? "0" : exponential(value));
  }
  const decimals = Math.max(0, -digits);
  return (value) => (Math.abs(value) < step / 2 ? 0 : value).toFixed(decimals);
}

/** A range of positive length: around the number if all are equal, [0, 1] without data. */
function widen(low: number, high: number): [low: number, high: number] {
  if (low > high) return [0, 1]; // no data
  if (low < high) return [Math.max(low, -LARGEST), Math.min(high, LARGEST)];
  const around = low === 0 ? 1 : Math.abs(low) / 10;
  return [low - around, high + around];
}

/** An axis for numbers from `low` to `high`, or for none (`low` above `high`). */
export function axisFor(low: number, high: number, { steps, tight = false, whole = false }: AxisOptions): ChartAxis {
  const [from, to] = whole && low === high ? [low - 1, high + 1] : widen(low, high);
  const wanted = (to - from) / Math.max(1, steps);
  const step = Math.max(niceStep(wanted), whole ? 1 : 0);
  const slack = 1e-9;
  const [first, last] = [Math.ceil(from / step - slack), Math.floor(to / step + slack)];
  const [start, end] = tight ? [first, last] : [Math.floor(from / step + slack), Math.ceil(to / step - slack)];
  const format = formatter(step, Math.max(Math.abs(from), Math.abs(to)));
  const ticks = Array.from({ length: Math.min(200, end - start + 1) }, (_, i) => (start + i) * step);
  return { min: tight ? from : start * step, max: tight ? to : end * step, step, ticks, format };
}
