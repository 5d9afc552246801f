import { escapeXml, type Size, textWidth } from "../picture/svg.js";
import { FONT, type Palette } from "../picture/theme.js";

/** Where a text stands in an SVG, and how it looks. */
type Label = {
  x: number;
  y: number;
  size: number;
  fill: string;
  anchor?: "start" | "middle" | "end";
  bold?: boolean;
  /** Rotation in degrees around (x, y). */
  turn?: number;
};

const round = (value: number): number => Math.round(value * 10) / 10;

/** A text, vertically centred at y. @internal */
export function label(text: string, { x, y, size, fill, anchor = "start", bold = false, turn = 0 }: Label): string {
  const turned = turn === 0 ? "" : ` transform="rotate(${turn} ${round(x)} ${round(y)})"`;
  const weight = bold ? ` font-weight="bold"` : "";
  const place = `x="${round(x)}" y="${round(y + 0.35 * size)}" text-anchor="${anchor}"`;
  return `<text ${place} font-size="${size}" fill="${fill}"${weight}${turned}>${escapeXml(text)}</text>`;
}

/** A text cut to at most `width` pixels, with an ellipsis for the rest. @internal */
export function shorten(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) return text;
  return `${text.slice(0, Math.max(1, Math.floor(width / textWidth("m", size)) - 1))}…`;
}

/** An SVG document of the parts, on the background of the palette. @internal */
export function documentOf({ width, height }: Size, palette: Palette, parts: readonly string[]): string {
  const sizes = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${sizes} font-family="${FONT}">`,
    `<rect width="${width}" height="${height}" fill="${palette.background}"/>`,
    ...parts,
    "</svg>",
  ].join("\n");
}
