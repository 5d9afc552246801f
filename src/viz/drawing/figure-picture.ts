import type { Size } from "../picture/svg.js";
import type { Palette } from "../picture/theme.js";
import { chartSvg } from "./echarts.js";
import { optionOf } from "./echarts-option.js";
import type { Figure } from "./figure.js";
import { Picture } from "./picture.js";
import { plotText } from "./text-plot.js";

/** Charts over time are wide; charts with equal units are nearly square. */
const WIDE: Size = { width: 640, height: 400 };
const SQUARE: Size = { width: 560, height: 480 };

/** A figure as a picture. @internal */
export const figurePicture = (op: string, figure: Figure, label: string): Picture =>
  new Picture({
    op,
    size: figure.equal ? SQUARE : WIDE,
    label: figure.title === "" ? label : `${figure.title}: ${label}`,
    svg: (size: Size, palette: Palette) => chartSvg(optionOf(figure, size, palette, false), size),
    option: (size: Size, palette: Palette) => optionOf(figure, size, palette, true),
    text: (options) => plotText(figure, options),
  });
