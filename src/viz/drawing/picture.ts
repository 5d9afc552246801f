import { ValueError } from "../../base/errors.js";
import { columnsOf, hasColour } from "../../platform/terminal.js";
import { pictureFormat, rasterise, savePicture } from "../picture/save-picture.js";
import { labelled, writable } from "../picture/svg.js";
import { followScheme, palettes, type Theme } from "../picture/theme.js";
import type { Drawing } from "./drawing.js";
import { mountDrawing } from "./mount-drawing.js";
import type { TextOptions } from "./text-plot.js";

/** Options of {@link Picture.svg}. */
export type SvgOptions = {
  /** In CSS pixels. Each kind of picture has its own default size. */
  width?: number;
  height?: number;
  /** "light" (the default), "dark", or "auto", which follows the viewer's screen. */
  theme?: Theme;
};

/** Options of {@link Picture.png}. */
export type PngOptions = Omit<SvgOptions, "theme"> & {
  /** "light" (the default) or "dark". */
  theme?: "light" | "dark";
  /** Pixels per CSS pixel (2). */
  scale?: number;
};

/** A picture in a page. */
export type Live = {
  /** Shows another picture in the same place, at the next frame. */
  update(picture: Picture): void;
  /** Removes the picture from the page. */
  dispose(): void;
};

const LEAST = 40;
const MOST = 8192;

function checkSize(op: string, name: string, value: number): number {
  if (Number.isFinite(value) && value >= LEAST && value <= MOST) return Math.round(value);
  throw new ValueError(op, `expected ${name} of ${LEAST} to ${MOST} pixels, got ${value}`);
}

/**
 * A chart or an image, to show as SVG, as PNG, in a file, in a page or in a terminal. It holds copies of its numbers,
 * so you may free the tensors that it was made from.
 * @example
 * ```ts
 * import { F } from "simdgrad";
 * import { plotFunction } from "simdgrad/viz";
 * const picture = plotFunction(F.sigmoid, -10, 10);
 * picture.svg({ width: 390, height: 260, theme: "dark" }); // <svg …>
 * console.log(picture.text());
 * ```
 */
export class Picture {
  /** @internal */
  readonly drawing: Drawing;

  /** @internal */
  constructor(drawing: Drawing) {
    this.drawing = drawing;
  }

  /** A description of the picture in words. */
  get label(): string {
    return this.drawing.label;
  }

  /**
   * An SVG document.
   * @param options width and height in CSS pixels, and the theme
   * @throws ValueError for a width or height outside 40 to 8192
   */
  svg(options: SvgOptions = {}): string {
    return this.#svg(`${this.drawing.op}.svg`, options);
  }

  #svg(op: string, { width, height, theme = "light" }: SvgOptions): string {
    const { size, label } = this.drawing;
    if (!["light", "dark", "auto"].includes(theme)) {
      throw new ValueError(op, `expected the theme "light", "dark" or "auto", got ${theme}`);
    }
    const to = {
      width: checkSize(op, "a width", width ?? size.width),
      height: checkSize(op, "a height", height ?? size.height),
    };
    const svg = writable(labelled(this.drawing.svg(to, palettes[theme === "dark" ? "dark" : "light"]), label));
    return theme === "auto" ? followScheme(svg) : svg;
  }

  /**
   * The bytes of a PNG file. In Node the first call is slow, because it loads a renderer; texts are in DejaVu Sans.
   * @param options width, height and theme as for {@link svg}, and `scale`: pixels per CSS pixel
   */
  async png(options: PngOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    const op = `${this.drawing.op}.png`;
    return rasterise(this.#svg(op, options), { scale: options.scale ?? 2 }, op);
  }

  /**
   * Writes an SVG or a PNG file; the ending of the path says which. On any failure the file stays as it was.
   * @throws ValueError for another ending, FileError when the file cannot be written
   */
  async save(path: string, options: SvgOptions & { scale?: number } = {}): Promise<void> {
    const op = `${this.drawing.op}.save`;
    pictureFormat(op, path);
    await savePicture(op, path, this.#svg(op, options), { scale: options.scale ?? 2 });
  }

  /**
   * Draws into an element of a page. The picture follows the element's width, its height if it has one, and the page's
   * colour scheme.
   * @param options a fixed theme instead of the page's
   * @returns a handle that replaces or removes the picture
   * @example
   * ```ts no-run
   * import { History, linePlot } from "simdgrad/viz";
   * const history = new History();
   * const live = linePlot([history.get("loss")]).mount(document.body);
   * history.log(1, { loss: 0.5 });
   * live.update(linePlot([history.get("loss")]));
   * ```
   */
  mount(element: HTMLElement, options: { theme?: Theme } = {}): Live {
    const mounted = mountDrawing(this.drawing, element, options.theme ?? "auto");
    return { update: ({ drawing }) => mounted.update(drawing), dispose: () => mounted.dispose() };
  }

  /**
   * Lines of text for a terminal.
   * @param options `width` in columns (the terminal's, or 80), `height` in lines (20), and `color` (whether the
   * terminal has colours; false when NO_COLOR is set)
   * @throws ValueError for less than one column or line
   */
  text(options: TextOptions = {}): string {
    const { width = columnsOf() ?? 80, height = 20, color = hasColour() } = options;
    if (!(width >= 1 && height >= 1)) {
      throw new ValueError(
        `${this.drawing.op}.text`,
        `expected at least a column and a line, got ${width} × ${height}`,
      );
    }
    return this.drawing.text({ width, height, color });
  }

  /** What console.log shows in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.text();
  }
}
