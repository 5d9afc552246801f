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
  /** In degrees, around its own place. */
  turn?: number;
};

const round = (value: number): number => Math.round(value * 10) / 10;

/** A text whose middle is at the height y. @internal */
export function label(text: string, { x, y, size, fill, anchor = "start", bold = false, turn = 0 }: Label): string {
  const turned = turn === 0 ? "" : ` transform="rotate(${turn} ${round(x)} ${round(y)})"`;
  const weight = bold ? ` font-weight="bold"` : "";
  const place = `x="${round(x)}" y="${round(y + 0.35 * size)}" text-anchor="${anchor}"`;
  return `<text ${place} font-size="${size}" fill="${fill}"${weight}${turned}>${escapeXml(text)}</text>`;
}

/** As much of a text as has room, with an ellipsis for the rest. @internal */
export function shorten(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) return text;
  return `${text.slice(0, Math.max(1, Math.floor(width / textWidth("m", size)) - 1))}…`;
}

/** A document around parts, on the background of a palette. @internal */
export function documentOf({ width, height }: Size, palette: Palette, parts: readonly string[]): string {
  const sizes = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${sizes} font-family="${FONT}">`,
    `<rect width="${width}" height="${height}" fill="${palette.background}"/>`,
    ...parts,
    "</svg>",
  ].join("\n");
}
