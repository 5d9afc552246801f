import { ValueError } from "../../base/errors.js";
import { checkOptionNames } from "../../base/options.js";
import { shown } from "../../base/signature.js";
import { Tensor } from "../../methods.js";
import { shortNumber } from "../drawing/number-text.js";
import {
  type HistoryJson,
  historyFromCsv,
  historyToCsv,
  numberFromJson,
  numberToJson,
  type Row,
} from "./history-files.js";

/** A point in a training: a number, or several such as epoch and batch. */
export type Step = number | readonly number[];

/** The values of one name over the steps at which it was logged. */
export type Metric = {
  name: string;
  /** Positions on the x axis: the step; of several numbers the first plus a fraction from the rest. */
  steps: readonly number[];
  values: readonly number[];
  /** The name of the steps, such as "epoch". */
  stepName: string;
};

/** Options of {@link History}. */
export type HistoryOptions = {
  /** The name of the steps in axes and in `progress()` ("step"). */
  stepName?: string;
};

/**
 * The log of a training, as HiddenLayer's History: losses, accuracies, rates by step. Charts take its metrics.
 * @example
 * ```ts
 * import { Canvas, History } from "simdgrad/viz";
 * const history = new History({ stepName: "epoch" });
 * history.log(0, { trainLoss: 0.7, validLoss: 0.72 });
 * history.log(1, { trainLoss: 0.5, validLoss: 0.61 });
 * history.progress(); // "epoch 1  trainLoss 0.5000  validLoss 0.6100"
 * const canvas = new Canvas();
 * canvas.drawPlot([history.get("trainLoss"), history.get("validLoss")]);
 * ```
 */
export class History {
  readonly #rows: Row[] = [];
  readonly #byStep = new Map<string, Row>();
  readonly #names: string[] = [];
  /** The name of the steps. */
  readonly stepName: string;

  /** @param args options: the name of the steps */
  constructor(...args: [options?: HistoryOptions]) {
    const [options = {}] = args;
    if (args.length > 1)
      throw new ValueError("History", `expected options alone, got ${args.length as number} arguments`);
    checkOptionNames<HistoryOptions>("History", options, { stepName: true });
    this.stepName = options.stepName ?? "step";
  }

  /**
   * Logs numbers at a step. A second call for a step adds its numbers, and replaces those of the same name.
   * @param step a number, or several such as [epoch, batch]: the same count in each call
   * @param metrics numbers, or tensors of one element, by name; NaN and infinities are kept, and are gaps in charts
   * @throws ValueError for other values, and for another count of step numbers; then nothing is logged
   */
  log(step: Step, metrics: Readonly<Record<string, number | Tensor>>): void {
    const at = typeof step === "number" ? [step] : Array.from(step ?? []);
    const before = this.#rows[0]?.step.length ?? at.length;
    if (at.length === 0 || at.length !== before || !at.every(Number.isFinite)) {
      throw new ValueError("History.log", `expected a step of ${before} finite numbers, as before, got ${step}`);
    }
    if (typeof metrics !== "object" || metrics === null || metrics instanceof Tensor) {
      throw new ValueError("History.log", `expected numbers by name, got ${shown(metrics)}`, "Write { loss: … }");
    }
    const values = Object.entries(metrics).map(([name, value]): [string, number] => [name, numberOf(name, value)]);
    const key = at.join();
    let row = this.#byStep.get(key);
    if (row === undefined) {
      row = { step: at, values: new Map() };
      this.#rows.push(row);
      this.#byStep.set(key, row);
    }
    for (const [name, value] of values) {
      if (!this.#names.includes(name)) this.#names.push(name);
      row.values.set(name, value);
    }
  }

  /** The names of all metrics, in the order of their first call. */
  get names(): string[] {
    return [...this.#names];
  }

  /**
   * One metric with its steps. While the history is empty, every name gives an empty metric.
   * @throws ValueError for a name that was not logged, unless the history is empty
   */
  get(name: string): Metric {
    if (this.#names.length > 0 && !this.#names.includes(name)) {
      const names = this.#names.map((known) => JSON.stringify(known)).join(", ");
      throw new ValueError("History.get", `expected one of ${names}, got ${JSON.stringify(name)}`);
    }
    const rows = this.#rows.filter(({ values }) => values.has(name));
    const position = this.#positions();
    return {
      name,
      steps: rows.map(({ step }) => position(step)),
      values: rows.map(({ values }) => values.get(name)!),
      stepName: this.stepName,
    };
  }

  /** Maps a step to its place on the axis: [2, 500] with 1000 batches is 2.5. */
  #positions(): (step: readonly number[]) => number {
    const parts = this.#rows[0]?.step.length ?? 1;
    if (parts === 1) return ([step]) => step!;
    const sizes = Array.from(
      { length: parts },
      (_, k) => this.#rows.reduce((most, { step }) => Math.max(most, step[k]!), 0) + 1,
    );
    return (step) => step.reduceRight((rest, part, k) => (k === parts - 1 ? part : part + rest / sizes[k + 1]!), 0);
  }

  /** The last step in one line: `epoch 10  trainLoss 0.4321  validLoss 0.4512`. Empty before the first step. */
  progress(): string {
    const last = this.#rows.at(-1);
    if (last === undefined) return "";
    const values = [...last.values].map(([name, value]) => `${name} ${shortNumber(value)}`);
    return [`${this.stepName} ${last.step.join(":")}`, ...values].join("  ");
  }

  /** A CSV table (RFC 4180): a line of names, then a line for each step; a cell is empty if a value is missing. */
  toCSV(): string {
    return historyToCsv(this.stepName, this.#names, this.#rows);
  }

  /** Plain data, so that JSON.stringify(history) works. NaN and infinities are strings. */
  toJSON(): HistoryJson {
    return {
      stepName: this.stepName,
      rows: this.#rows.map(({ step, values }) => ({
        step: [...step],
        values: Object.fromEntries([...values].map(([name, value]) => [name, numberToJson(value)])),
      })),
    };
  }

  /**
   * A history from the result of {@link toJSON}, as data or as text.
   * @throws ValueError for anything else
   */
  static fromJSON(json: HistoryJson | string): History {
    const data = (typeof json === "string" ? parseJson(json) : json) as Partial<HistoryJson> | null;
    if (typeof data?.stepName !== "string" || !Array.isArray(data.rows)) {
      throw new ValueError("History.fromJSON", "expected { stepName, rows } as toJSON gives, got something else");
    }
    const history = new History({ stepName: data.stepName });
    for (const row of data.rows as (Partial<HistoryJson["rows"][number]> | null)[]) {
      const numbers = Object.entries(row?.values ?? {}).map(([name, value]) => [name, numberFromJson(value)] as const);
      const odd = numbers.find(([, value]) => value === undefined);
      if (odd !== undefined || row?.step === undefined || row.values === undefined) {
        const problem = `expected rows of { step, values } with numbers, got ${JSON.stringify(row)}`;
        throw new ValueError("History.fromJSON", problem);
      }
      history.log(row.step, Object.fromEntries(numbers as [string, number][]));
    }
    return history;
  }

  /**
   * A history from the result of {@link toCSV}.
   * @throws ValueError for lines of different lengths, and for cells that are no numbers
   */
  static fromCSV(csv: string): History {
    const { stepName, rows } = historyFromCsv(csv);
    const history = new History({ stepName });
    for (const { step, values } of rows) history.log(step, Object.fromEntries(values));
    return history;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ValueError("History.fromJSON", `cannot read the text: ${error instanceof Error ? error.message : error}`);
  }
}

function numberOf(name: string, value: number | Tensor): number {
  if (typeof value === "number") return value;
  if (value instanceof Tensor && value.numel === 1) return value.item();
  const got = value instanceof Tensor ? `a tensor of ${value.numel}` : shown(value);
  throw new ValueError("History.log", `expected ${name} as a number or a tensor of one element, got ${got}`);
}
