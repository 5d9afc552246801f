/** Small pictures, enlarged without smoothing. */
import { h } from "./dom.js";

/** A canvas of width × height pixels; the stylesheet sets its size on the page. */
export function pixels(width: number, height: number, label: string): HTMLCanvasElement {
  return h("canvas", { width, height, class: "pixels", role: "img", "aria-label": label });
}

/** Draws bytes [height, width, 3]. */
export function paintRgb(canvas: HTMLCanvasElement, rgb: Uint8Array): void {
  const { width, height } = canvas;
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    image.data.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
    image.data[4 * i + 3] = 255;
  }
  canvas.getContext("2d")!.putImageData(image, 0, 0);
}

/** Draws numbers [3, height, width]; the smallest becomes 0, the largest 255. */
export function paintPlanes(canvas: HTMLCanvasElement, planes: Float32Array): void {
  const { width, height } = canvas;
  const size = width * height;
  let [low, high] = [Infinity, -Infinity];
  for (const value of planes) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const scale = 255 / (high - low || 1);
  const rgb = new Uint8Array(3 * size);
  for (let i = 0; i < size; i++) for (let c = 0; c < 3; c++) rgb[3 * i + c] = (planes[c * size + i]! - low) * scale;
  paintRgb(canvas, rgb);
}
