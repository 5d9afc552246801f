import { checkOptionNames } from "../../base/options.js";
import { sealed } from "../../base/signature.js";
import type { Image } from "../../formats/image/image.js";
import { encodePng } from "../../formats/image/png.js";
import { encodeBase64 } from "../../platform/host.js";
import type { Drawing } from "../drawing/drawing.js";
import { Picture } from "../drawing/picture.js";
import { type PixelOptions, type Pixels, pixelsOf } from "../drawing/pixels.js";
import { documentOf, label, shorten } from "../drawing/svg-parts.js";
import type { TextOptions } from "../drawing/text-plot.js";
import type { Size } from "../picture/svg.js";
import type { Palette } from "../picture/theme.js";

/** Options of {@link imshow}. */
export type ImshowOptions = PixelOptions & { title?: string };

const PAD = 12;
const TITLE = 15;
/** Small images are enlarged to about this width. */
const WIDTH = 480;
/** Letters from dark to bright, for terminals without colours. */
const SHADES = " .:-=+*#%@";

/** The image as large as fits, with sharp pixels. */
function imageSvg(image: Image, source: string, title: string, page: Size, palette: Palette): string {
  const top = PAD + (title === "" ? 0 : TITLE + 8);
  const scale = Math.min((page.width - 2 * PAD) / image.width, (page.height - top - PAD) / image.height);
  const [width, height] = [Math.max(1, scale * image.width), Math.max(1, scale * image.height)];
  const left = (page.width - width) / 2;
  const place = `x="${left.toFixed(1)}" y="${top}" width="${width.toFixed(1)}" height="${height.toFixed(1)}"`;
  const sharp = `style="image-rendering:pixelated"`;
  return documentOf(page, palette, [
    ...(title === ""
      ? []
      : [
          label(shorten(title, page.width - 2 * PAD, TITLE), {
            x: PAD,
            y: PAD + TITLE / 2,
            size: TITLE,
            fill: palette.text,
            bold: true,
          }),
        ]),
    `<image ${place} ${sharp} href="${source}"/>`,
  ]);
}

/** The nearest of a terminal's 256 colours: 16 + 36·r + 6·g + b with r, g, b from 0 to 5. */
function terminalColour({ data, width }: Image, x: number, y: number): number {
  const at = 3 * (y * width + x);
  const step = (value: number): number => Math.round(value / 51);
  return 16 + 36 * step(data[at]!) + 6 * step(data[at + 1]!) + step(data[at + 2]!);
}

/** A letter shows two pixels: the upper one is the colour of its upper half block, the lower one its background. */
function imageText(image: Image, title: string, { width, height, color }: Required<TextOptions>): string {
  const rows = Math.max(1, height - (title === "" ? 0 : 1));
  const scale = Math.min(1, width / image.width, (2 * rows) / image.height);
  const [columns, lines] = [
    Math.max(1, Math.floor(image.width * scale)),
    Math.max(1, Math.floor((image.height * scale) / 2)),
  ];
  const source = (i: number, size: number, of: number): number =>
    Math.min(size - 1, Math.floor(((i + 0.5) * size) / of));
  const out = title === "" ? [] : [title.slice(0, width)];
  for (let j = 0; j < lines; j++) {
    let line = "";
    for (let i = 0; i < columns; i++) {
      const x = source(i, image.width, columns);
      const [upper, lower] = [source(2 * j, image.height, 2 * lines), source(2 * j + 1, image.height, 2 * lines)];
      if (color) {
        line += `\x1b[38;5;${terminalColour(image, x, upper)};48;5;${terminalColour(image, x, lower)}m▀`;
      } else {
        const at = 3 * (upper * image.width + x);
        const bright = (image.data[at]! + image.data[at + 1]! + image.data[at + 2]!) / 765;
        line += SHADES[Math.min(SHADES.length - 1, Math.floor(bright * SHADES.length))];
      }
    }
    out.push(color ? `${line}\x1b[39;49m` : line.trimEnd());
  }
  return out.join("\n");
}

/**
 * An image, with a square for each pixel. Small images are enlarged.
 *
 * @param image a tensor [H, W], [1, H, W] (grey) or [3, H, W] with numbers in [0, 1] (uint8: 0 to 255), or an
 * {@link Image}
 * @param options `valueRange: [-1, 1]` for images normalised to that range, or `normalize` to stretch the numbers from
 * the smallest to the largest; title
 * @throws ShapeError for other shapes; ValueError for numbers outside the range, NaN and infinities
 * @example
 * ```ts
 * import { rand } from "simdgrad";
 * import { imshow, makeGrid } from "simdgrad/viz";
 * imshow(makeGrid(rand([4, 3, 32, 32])), { title: "Noise" }).svg();
 * ```
 */
export const imshow = sealed("imshow", 2, (image: Pixels, options: ImshowOptions = {}): Picture => {
  const op = "imshow";
  checkOptionNames<ImshowOptions>(op, options, { normalize: true, valueRange: true, title: true });
  const { title = "", ...range } = options;
  const pixels = pixelsOf(op, image, range);
  const enlarged = Math.max(1, Math.round(WIDTH / pixels.width));
  const above = title === "" ? 0 : TITLE + 8;
  let source: string | undefined;
  const drawing: Drawing = {
    op,
    size: {
      width: Math.max(120, Math.min(2000, enlarged * pixels.width)) + 2 * PAD,
      height: Math.max(40, Math.min(2000, enlarged * pixels.height)) + 2 * PAD + above,
    },
    label: `${title === "" ? "image" : title}: ${pixels.width} × ${pixels.height} pixels`,
    svg: (size, palette) => {
      source ??= `data:image/png;base64,${encodeBase64(encodePng(pixels))}`;
      return imageSvg(pixels, source, title, size, palette);
    },
    text: (options) => imageText(pixels, title, options),
  };
  return new Picture(drawing);
});
