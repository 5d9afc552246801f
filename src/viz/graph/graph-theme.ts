import { escapeXml, writable } from "../picture/svg.js";
import { FONT, followScheme, type Theme } from "../picture/theme.js";

/** The colour of each role, in the light and in the dark theme. */
const PAIRS = {
  background: ["#ffffff", "#0d1117"],
  text: ["#1f2328", "#e6edf3"],
  muted: ["#59636e", "#9198a1"],
  border: ["#8c959f", "#6e7681"],
  data: ["#f6f8fa", "#161b22"],
  weighted: ["#ddeefb", "#10304a"],
  norm: ["#ece5fb", "#322559"],
  activation: ["#fdebd3", "#422a0b"],
  pool: ["#d9f2e6", "#0d3527"],
  dropout: ["#f7e1ee", "#451e36"],
  other: ["#eaeef2", "#21262d"],
  parameter: ["#add8e6", "#1b4b63"],
  operation: ["#d3d3d3", "#30363d"],
  saved: ["#ffa500", "#7a4a00"],
  output: ["#caff70", "#35541a"],
  base: ["#a2cd5a", "#24401a"],
} as const;

/** What a colour is for. */
export type Role = keyof typeof PAIRS;

/** Light colours, by role: those of DOT text. */
export const colour = Object.fromEntries(Object.entries(PAIRS).map(([role, [light]]) => [role, light])) as Record<
  Role,
  string
>;

/** Fonts as text of an attribute. None is wider than DejaVu Sans, whose widths Graphviz calculates with. */
const FONTS = FONT.replaceAll('"', "&quot;");

/**
 * Graphviz's SVG in the colours of a theme, with title and description for screen readers, and without identifiers that
 * other pictures of a page could have too.
 */
export function themed(svg: string, title: string, description: string, theme: Theme): string {
  const body = svg
    .slice(svg.indexOf("<svg"))
    .replace(/<!--[\s\S]*?-->\n?/g, "")
    .replace(/<title>[\s\S]*?<\/title>\n?/g, "")
    .replace(/(<(?:g|a)) id="[^"]*"/g, "$1")
    .replace(/font-family="[^"]*"/g, `font-family="${FONTS}"`)
    .replace(/ xml:space="preserve"/g, "");
  const text = (value: string): string => escapeXml(writable(value));
  const named = body.replace(
    /<svg width="([\d.]+)pt" height="([\d.]+)pt"([^>]*)>/,
    (_, width: string, height: string, rest: string) =>
      `<svg role="img" aria-label="${text(title)}" width="${width}" height="${height}"${rest}>\n` +
      `<title>${text(title)}</title>\n<desc>${text(description)}</desc>\n`,
  );
  if (theme === "auto") return followScheme(named, Object.values(PAIRS));
  if (theme === "light") return named;
  const dark = new Map<string, string>(Object.values(PAIRS));
  return named.replace(
    /(fill|stroke)="(#[0-9a-f]{6})"/g,
    (_, name: string, light: string) => `${name}="${dark.get(light) ?? light}"`,
  );
}
