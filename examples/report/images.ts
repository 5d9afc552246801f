/** Images of the report, as PNGs with sharp pixels. */
import type { Tensor } from "simdgrad";
import { encodePng } from "simdgrad/data";
import { makeGrid } from "simdgrad/viz";
import { type Html, html } from "./html.js";

/** A figure of images in a grid. */
export async function imageFigure(
  images: readonly Tensor[],
  grid: { nrow: number; padding: number; valueRange: [number, number] },
  alt: string,
  caption: string | Html,
): Promise<Html> {
  const src = await pngUri(makeGrid([...images], { ...grid, normalize: true }));
  return html`<figure><img class="pixels" src="${src}" alt="${alt}"><figcaption>${caption}</figcaption></figure>`;
}

/** An image [c, h, w] with values in [0, 1] as the data URI of a PNG. */
async function pngUri(image: Tensor): Promise<string> {
  const [channels = 0, height = 0, width = 0] = image.shape;
  const values = image.permute(1, 2, 0).contiguous().toTypedArray();
  const data = Uint8Array.from(values, (value) => Math.round(Math.min(1, Math.max(0, value)) * 255));
  const png = await encodePng({ data, width, height, channels });
  return `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
}
