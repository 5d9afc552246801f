import { ValueError } from "../../base/errors.js";
import { checkOptionNames } from "../../base/options.js";
import { beforeExit, later, standardOutput, type Terminal } from "../../platform/terminal.js";
import type { Numbers } from "../drawing/chart-data.js";
import { type Composition, compositionOf, textOf } from "../drawing/composition.js";
import { mountStack } from "../drawing/mount-drawing.js";
import { shortNumber } from "../drawing/number-text.js";
import { Picture, type PngOptions, type SvgOptions } from "../drawing/picture.js";
import type { Pixels } from "../drawing/pixels.js";
import { Screen } from "../drawing/screen.js";
import type { TextOptions } from "../drawing/text-plot.js";
import { type HistogramOptions, histogram } from "./histogram.js";
import type { Metric } from "./history.js";
import { type ImshowOptions, imshow } from "./imshow.js";
import { type LinePlotOptions, linePlot } from "./line-plot.js";

/** Options of {@link Canvas}. */
export type CanvasOptions = {
  /** An element of a page that shows each frame. */
  element?: HTMLElement;
  /** A title above the pictures of each frame. */
  title?: string;
  /** In the terminal: the width in columns (100), at most that of the terminal. */
  width?: number;
  /** In the terminal: the height of each picture in lines (16). */
  height?: number;
  /** Where lines go: the standard output when left out (with `element`: nowhere); null for nowhere. */
  stream?: Terminal | null;
  /** Writes a line for each frame with a plot if the output cannot be redrawn: a file, a pipe, a log (true). */
  lines?: boolean;
};

/** Options of {@link Canvas.drawPlot}. */
export type DrawPlotOptions = LinePlotOptions & {
  /** Names in the legend, instead of the metrics' names. */
  labels?: readonly string[];
};

/** The most redraws of a terminal per second. */
const PER_SECOND = 20;

/**
 * Pictures that change while a program runs, as HiddenLayer's Canvas. In a terminal it redraws them in place, at most
 * 20 times a second, even in loops that never await; if the output is no terminal, it writes a line for each frame; in
 * a page it draws into an element. You can get the last frame as SVG and PNG.
 *
 * A canvas overwrites what others write to the terminal while it is open: write through {@link print}, or
 * {@link close} it first.
 * @example
 * ```ts
 * import { Canvas, History } from "simdgrad/viz";
 * const history = new History({ stepName: "epoch" });
 * const canvas = new Canvas({ title: "Training" });
 * for (let epoch = 0; epoch < 3; epoch++) {
 *   history.log(epoch, { trainLoss: 1 / (1 + epoch), validLoss: 1.2 / (1 + epoch) });
 *   canvas.frame(() => canvas.drawPlot([history.get("trainLoss"), history.get("validLoss")], { yLabel: "loss" }));
 * }
 * canvas.close();
 * canvas.svg(); // both lines
 * ```
 */
export class Canvas {
  readonly #options: CanvasOptions;
  readonly #screen: Screen | undefined;
  readonly #forget: () => void;
  #frame: Composition = { title: "", pictures: [], line: "" };
  #open: Composition | undefined;
  #waiting: (() => void) | undefined;
  #cancel: (() => void) | undefined;
  #drawnAt = -Infinity;
  #lastLine = "";
  #page: ReturnType<typeof mountStack> | undefined;

  /** @param args options: where and how to draw */
  constructor(...args: [options?: CanvasOptions]) {
    const [options = {}] = args;
    if (args.length > 1)
      throw new ValueError("Canvas", `expected options alone, got ${args.length as number} arguments`);
    const names = { element: true, title: true, width: true, height: true, stream: true, lines: true } as const;
    checkOptionNames<CanvasOptions>("Canvas", options, names);
    this.#options = options;
    const stream = options.stream === undefined && options.element === undefined ? standardOutput() : options.stream;
    this.#screen = stream ? new Screen(stream) : undefined;
    this.#forget = this.#screen?.live ? beforeExit(() => this.#finish()) : () => {};
  }

  /** Whether the canvas redraws a terminal in place. */
  get live(): boolean {
    return this.#screen?.live ?? false;
  }

  /**
   * Makes one frame of all pictures that a function draws, below each other. The canvas calls the function at once, or
   * a little later if frames come faster than it shows them; it then draws the last one only. Tensors that the function
   * reads must live until then: a scope must not free them.
   */
  frame(draw: () => void): void {
    this.#waiting = draw;
    const shown =
      this.live || this.#options.element !== undefined || (this.#screen !== undefined && this.#options.lines !== false);
    if (!shown) return; // the getters of the last frame draw it
    if (!this.live) this.#flush();
    else if (performance.now() - this.#drawnAt >= 1000 / PER_SECOND) this.#flush();
    else this.#cancel ??= later(1000 / PER_SECOND, () => this.#flush());
  }

  /**
   * Draws metrics as lines: as a frame of its own or, inside {@link frame}, as a part of that frame.
   * @param metrics one metric of a {@link History}, or several
   * @param options labels, title, labels of the axes, yRange
   */
  drawPlot(metrics: Metric | readonly Metric[], options: DrawPlotOptions = {}): void {
    const { labels, ...chart } = options;
    const list: readonly Metric[] = Array.isArray(metrics) ? metrics : [metrics as Metric];
    if (labels !== undefined && labels.length !== list.length) {
      throw new ValueError(
        "Canvas.drawPlot",
        `expected a label for each of ${list.length} metrics, got ${labels.length}`,
      );
    }
    const named = list.map((metric, i) => ({ ...metric, name: labels?.[i] ?? metric.name }));
    this.#draw(linePlot(named, chart), lineOf(named));
  }

  /** Draws an image, as {@link imshow}. */
  drawImage(image: Pixels, options: ImshowOptions = {}): void {
    this.#draw(imshow(image, options), "");
  }

  /** Draws a histogram, as {@link histogram}. */
  drawHist(values: Numbers | { readonly [name: string]: Numbers }, options: HistogramOptions = {}): void {
    this.#draw(histogram(values, options), "");
  }

  /** Draws any other picture. */
  draw(picture: Picture): void {
    this.#draw(picture, "");
  }

  /** Writes a line that stays, above the pictures. */
  print(line: string): void {
    this.#screen?.print(line);
  }

  /** The last frame as a picture. */
  get picture(): Picture {
    this.#flush();
    return new Picture(compositionOf(this.#frame));
  }

  /** The last frame as an SVG document. */
  svg(options: SvgOptions = {}): string {
    return this.picture.svg(options);
  }

  /** The last frame as the bytes of a PNG. */
  png(options: PngOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    return this.picture.png(options);
  }

  /** Writes the last frame to an SVG or PNG file; the ending of the path says which. */
  save(path: string, options: SvgOptions & { scale?: number } = {}): Promise<void> {
    return this.picture.save(path, options);
  }

  /** The last frame as lines of text. */
  text(options: TextOptions = {}): string {
    return this.picture.text(options);
  }

  /** Draws the last frame, which then stays: later output comes below it. New frames can follow. */
  close(): void {
    this.#finish();
    this.#forget();
  }

  /** Closes the canvas at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  #finish(): void {
    this.#flush();
    this.#screen?.leave();
  }

  #draw(picture: Picture, line: string): void {
    if (this.#open === undefined) {
      this.frame(() => this.#draw(picture, line));
      return;
    }
    this.#open.pictures.push(picture);
    this.#open.line = this.#open.line === "" ? line : this.#open.line;
  }

  /** Runs the function of the last frame and shows what it drew. */
  #flush(): void {
    const draw = this.#waiting;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#waiting = undefined;
    if (draw === undefined) return;
    const frame: Composition = { title: this.#options.title ?? "", pictures: [], line: "" };
    this.#open = frame;
    try {
      draw();
    } finally {
      this.#open = undefined;
    }
    this.#frame = frame;
    this.#drawnAt = performance.now();
    this.#showInPage();
    this.#showInTerminal();
  }

  #showInPage(): void {
    const { element, title = "" } = this.#options;
    if (element === undefined) return;
    this.#page ??= mountStack(element, title);
    this.#page.show(this.#frame.pictures.map(({ drawing }) => drawing));
  }

  #showInTerminal(): void {
    const screen = this.#screen;
    if (screen?.live) {
      const { columns, rows } = screen.size;
      // some terminals wrap after the last column
      const width = Math.max(10, Math.min(this.#options.width ?? 100, columns - 1));
      const height = this.#options.height ?? 16;
      screen.show(textOf(this.#frame, { width, height, color: screen.color, most: rows - 2 }));
    } else if (screen !== undefined && this.#options.lines !== false && this.#frame.line !== this.#lastLine) {
      screen.print(this.#frame.line);
      this.#lastLine = this.#frame.line;
    }
  }
}

/** The last values as a line: `epoch 10  trainLoss 0.4321  validLoss 0.4512`. */
function lineOf(metrics: readonly Metric[]): string {
  const [first] = metrics;
  const step = first?.steps.at(-1);
  if (step === undefined) return "";
  const values = metrics.filter(({ values }) => values.length > 0);
  return [
    `${first!.stepName} ${shortNumber(step)}`,
    ...values.map(({ name, values }) => `${name} ${shortNumber(values.at(-1)!)}`),
  ].join("  ");
}
