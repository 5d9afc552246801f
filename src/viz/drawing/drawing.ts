import type { Size } from "../picture/svg.js";
import type { Palette } from "../picture/theme.js";
import type { ChartOption } from "./echarts.js";
import type { TextOptions } from "./text-plot.js";

/** The content of a picture; it can be drawn in any size and palette. @internal */
export interface Drawing {
  /** The function that the user called, for errors. */
  readonly op: string;
  /** The size when the user gives none. */
  readonly size: Size;
  /** A description in words, for screen readers. */
  readonly label: string;
  /** An SVG document in the colours of a palette. */
  svg(size: Size, palette: Palette): string;
  /** The chart for a page, with tooltips. A page shows the SVG of drawings without it. */
  option?(size: Size, palette: Palette): ChartOption;
  /** Lines of text. */
  text(options: Required<TextOptions>): string;
}
