/** An axis: what it shows, and where its ticks are. */
export type ChartAxis = {
  min: number;
  max: number;
  /** Between ticks, which are its multiples. */
  step: number;
  ticks: readonly number[];
  /** A number of the axis as its label. */
  format: (value: number) => string;
};

/** What an axis is made for. */
type AxisOptions = {
  /** About how many steps there is room for. */
  steps: number;
  /** Ends at the data, rather than at the ticks around it. */
  tight?: boolean;
  /** Whole numbers only. */
  whole?: boolean;
};

const LARGEST = 1e300; // beyond it, differences are infinite

/** 10 to the power k, exactly: the host's own power function differs in its last digit between engines. */
const power = (k: number): number => Number(`1e${k}`);

const exponentOf = (x: number): number => Number(x.toExponential().split("e")[1]);

/** 1, 2 or 5 times a power of ten, at least `raw`. */
function niceStep(raw: number): number {
  const k = exponentOf(raw);
  const factor = [1, 2, 5].find((f) => f * power(k) >= raw * (1 - 1e-9));
  return factor === undefined ? power(k + 1) : Number(`${factor}e${k}`);
}

/** `0.25`, `1200`, `3e-7`: as many digits as a step asks for. */
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

/** What to show where the data has no extent. */
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
