/** The colours of pictures in one colour scheme. */
export type Palette = {
  background: string;
  text: string;
  /** Ticks, notes. */
  muted: string;
  /** Grid lines. */
  grid: string;
  /** Colours of classes and series, in order; colour-blind people can tell them apart. */
  series: readonly string[];
};

/** Light, dark, or the setting of the viewer's screen ("auto"). */
export type Theme = "light" | "dark" | "auto";

/** Okabe and Ito's colours and two more. The dark palette has lighter shades of them. */
export const palettes: { readonly light: Palette; readonly dark: Palette } = {
  light: {
    background: "#ffffff",
    text: "#1f2328",
    muted: "#59636e",
    grid: "#d8dee4",
    series: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a63d2", "#6e7781"],
  },
  dark: {
    background: "#0d1117",
    text: "#e6edf3",
    muted: "#9198a1",
    grid: "#30363d",
    series: ["#3d9fdc", "#f07a2c", "#1fbf91", "#dd94bd", "#f0b429", "#7cc7f2", "#a98bea", "#9aa3ad"],
  },
};

/** The font of pictures: the system's in a page; DejaVu Sans where Node renders PNGs. */
export const FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', sans-serif";

const pairs = (light: Palette, dark: Palette): [string, string][] => [
  [light.background, dark.background],
  [light.text, dark.text],
  [light.muted, dark.muted],
  [light.grid, dark.grid],
  ...light.series.map((colour, i): [string, string] => [colour, dark.series[i]!]),
];

/**
 * A light SVG that turns dark on dark screens. Its colours are attributes; for each colour of the palette a CSS rule,
 * which overrides attributes, sets the dark colour. Programs without CSS draw it light.
 * @param svg drawn with colours of `palettes.light` as `fill` and `stroke` attributes
 * @param also more pairs of a light and a dark colour
 */
export function followScheme(svg: string, also: readonly (readonly [string, string])[] = []): string {
  const rules = [...pairs(palettes.light, palettes.dark), ...also].flatMap(([light, dark]) =>
    ["fill", "stroke"].map((attribute) => `.follows [${attribute}="${light}"]{${attribute}:${dark}}`),
  );
  const used = rules.filter((rule) => svg.includes(/\[(.*)\]/.exec(rule)![1]!));
  const style = `<style>@media (prefers-color-scheme:dark){${used.join("")}}</style>`;
  return svg.replace(/<svg\b([^>]*)>/, (_, attributes: string) => `<svg class="follows"${attributes}>${style}`);
}
