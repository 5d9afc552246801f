/** A line chart of losses that grows during the training. */
import { linePlot } from "simdgrad/viz";
import { chart } from "../ui/chart.js";

/** The most points of a line. At this number, each two neighbours become one: more could not be told apart. */
const MOST = 400;

/** Means of equal numbers of values. */
export class Means {
  readonly steps: number[] = [];
  readonly values: number[] = [];
  private open: number[] = [];
  private count = 0;

  /** @param width the number of values in a mean at the start */
  constructor(private width: number) {}

  get last(): number | undefined {
    return this.values.at(-1);
  }

  push(value: number): void {
    this.count++;
    this.open.push(value);
    if (this.open.length < this.width) return;
    this.steps.push(this.count);
    this.values.push(this.open.reduce((a, b) => a + b, 0) / this.width);
    this.open = [];
    if (this.values.length >= MOST) this.halve();
  }

  private halve(): void {
    for (let i = 0; i < MOST / 2; i++) {
      this.values[i] = (this.values[2 * i]! + this.values[2 * i + 1]!) / 2;
      this.steps[i] = this.steps[2 * i + 1]!;
    }
    this.values.length = this.steps.length = MOST / 2;
    this.width *= 2;
  }
}

/** Milliseconds between two drawings. A line changes slowly, and drawing it takes most of a frame. */
const REST = 200;

type LossChart = { element: HTMLElement; draw(series: Record<string, Means>): void };

export function lossChart(xLabel: string): LossChart {
  const plot = chart("loss");
  let latest: Record<string, Means> = {};
  let drawn = -REST;
  let waiting = false;

  const show = (): void => {
    waiting = false;
    drawn = performance.now();
    const lines = Object.entries(latest).map(([name, { values, steps }]) => ({ name, values, steps }));
    plot.show(linePlot(lines, { xLabel, yLabel: "loss" }));
  };
  return {
    element: plot.element,
    draw(series) {
      latest = series;
      if (waiting) return;
      waiting = true;
      setTimeout(show, Math.max(0, drawn + REST - performance.now()));
    },
  };
}
