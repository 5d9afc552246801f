/** Colours of pictures in one colour scheme. */
export type Palette = {
  background: string;
  text: string;
  /** Ticks, notes. */
  muted: string;
  /** Lines of the grid. */
  grid: string;
  /** Colours of classes and series, in order; people who see few colours tell them apart. */
  series: readonly string[];
};

/** Light, dark, or as whoever looks at the picture has chosen for the screen. */
export type Theme = "light" | "dark" | "auto";

/** Okabe and Ito's colours with two more; on dark the darker ones are lighter. */
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

/** Text in pictures: the system's own font in a page, the one that PNGs are drawn with elsewhere. */
export const FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', sans-serif";

const pairs = (light: Palette, dark: Palette): [string, string][] => [
  [light.background, dark.background],
  [light.text, dark.text],
  [light.muted, dark.muted],
  [light.grid, dark.grid],
  ...light.series.map((colour, i): [string, string] => [colour, dark.series[i]!]),
];

/**
 * A light SVG that turns dark where the screen is dark: its colours are attributes, and a rule of a style sheet (which
 * outweighs attributes) for each colour of the palette puts the dark one in its place. What knows no such rules draws
 * it light.
 * @param svg drawn with colours of `palettes.light` as `fill` and `stroke` attributes
 * @param also further pairs of a light and a dark colour
 */
export function followScheme(svg: string, also: readonly (readonly [string, string])[] = []): string {
  const rules = [...pairs(palettes.light, palettes.dark), ...also].flatMap(([light, dark]) =>
    ["fill", "stroke"].map((attribute) => `.follows [${attribute}="${light}"]{${attribute}:${dark}}`),
  );
  const used = rules.filter((rule) => svg.includes(/\[(.*)\]/.exec(rule)![1]!));
  const style = `<style>@media (prefers-color-scheme:dark){${used.join("")}}</style>`;
  return svg.replace(/<svg\b([^>]*)>/, (_, attributes: string) => `<svg class="follows"${attributes}>${style}`);
}
