import type { Size } from "../picture/svg.js";
import type { Palette } from "../picture/theme.js";
import type { ChartOption } from "./echarts.js";
import type { TextOptions } from "./text-plot.js";

/** What a picture shows, before it is drawn anywhere. @internal */
export interface Drawing {
  /** The function that the user called, for errors. */
  readonly op: string;
  /** Where nobody asks for another. */
  readonly size: Size;
  /** What it shows in words, for those who do not see it. */
  readonly label: string;
  /** An SVG document in the colours of a palette. */
  svg(size: Size, palette: Palette): string;
  /** The same for a page, with tooltips. Drawings without it are shown there as the SVG. */
  option?(size: Size, palette: Palette): ChartOption;
  /** Lines of text. */
  text(options: Required<TextOptions>): string;
}
