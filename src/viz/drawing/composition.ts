import type { Size } from "../picture/svg.js";
import type { Palette } from "../picture/theme.js";
import type { Drawing } from "./drawing.js";
import type { Picture } from "./picture.js";
import { documentOf, label, shorten } from "./svg-parts.js";
import type { TextOptions } from "./text-plot.js";

/** Pictures below each other, with a title. @internal */
export type Composition = {
  title: string;
  pictures: Picture[];
  /** The line that a log gets instead of the pictures. */
  line: string;
};

const TITLE = 17;
const PAD = 12;
const HEAD = TITLE + PAD + 4;
const EMPTY: Size = { width: 640, height: 200 };

/** All pictures in one document. Each gets a part of the height in proportion to its own height. */
function stackedSvg({ title, pictures }: Composition, page: Size, palette: Palette): string {
  const head = title === "" ? 0 : HEAD;
  const own = pictures.reduce((sum, { drawing }) => sum + drawing.size.height, 0);
  const parts: string[] = [];
  if (title !== "") {
    const text = shorten(title, page.width - 2 * PAD, TITLE);
    parts.push(label(text, { x: PAD, y: PAD + TITLE / 2, size: TITLE, fill: palette.text, bold: true }));
  }
  let y = head;
  for (const { drawing } of pictures) {
    const height = Math.max(40, Math.floor((drawing.size.height * (page.height - head)) / own));
    parts.push(drawing.svg({ width: page.width, height }, palette).replace("<svg ", `<svg y="${y}" `));
    y += height;
  }
  return documentOf(page, palette, parts);
}

/** Several pictures as one drawing. @internal */
export function compositionOf(composition: Composition): Drawing {
  const { title, pictures } = composition;
  const sizes = pictures.map(({ drawing }) => drawing.size);
  const size = {
    width: Math.max(...sizes.map(({ width }) => width), 0) || EMPTY.width,
    height: (sizes.reduce((sum, { height }) => sum + height, 0) || EMPTY.height) + (title === "" ? 0 : HEAD),
  };
  return {
    op: "Canvas",
    size,
    label:
      [title, ...pictures.map((picture) => picture.label)].filter((text) => text !== "").join("; ") ||
      "an empty canvas",
    svg: (page, palette) => stackedSvg(composition, page, palette),
    text: (options) => textOf(composition, { ...options, most: Number.MAX_SAFE_INTEGER }).join("\n"),
  };
}

/** At most `most` lines of text. @internal */
export function textOf({ title, pictures }: Composition, options: Required<TextOptions> & { most: number }): string[] {
  const { width, color, most } = options;
  const head = title === "" ? [] : [title.slice(0, width)];
  const each = Math.min(options.height, Math.floor((most - head.length) / Math.max(1, pictures.length)));
  return [...head, ...pictures.flatMap(({ drawing }) => drawing.text({ width, height: each, color }).split("\n"))];
}
