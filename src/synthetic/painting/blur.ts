import type { Painting } from "./painting.js";

/**
 * Blurs a picture nearly as a Gaussian does: three times the mean of 2·radius + 1 pixels along rows, then along
 * columns.
 */
export function soften(painting: Painting, radius: number): void {
  const { width, height, pixels } = painting;
  for (let pass = 0; pass < 3; pass++) {
    for (let y = 0; y < height; y++) meanAlong(pixels, y * width * 3, 3, width, radius);
    for (let x = 0; x < width; x++) meanAlong(pixels, x * 3, width * 3, height, radius);
  }
}

/**
 * Replaces each of `count` pixels, `step` values apart, by the mean of its neighbours. Beyond the ends the end pixels
 * repeat.
 */
function meanAlong(pixels: Float32Array, start: number, step: number, count: number, radius: number): void {
  const line = new Float64Array(count);
  const at = (i: number): number => line[Math.min(count - 1, Math.max(0, i))]!;
  for (let channel = start; channel < start + 3; channel++) {
    for (let i = 0; i < count; i++) line[i] = pixels[channel + i * step]!;
    let sum = 0;
    for (let i = -radius; i <= radius; i++) sum += at(i);
    for (let i = 0; i < count; i++) {
      pixels[channel + i * step] = sum / (2 * radius + 1);
      sum += at(i + radius + 1) - at(i - radius);
    }
  }
}
