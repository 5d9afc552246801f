import type { Dice } from "./dice.js";

/** Red, green and blue, each from 0 to 1. */
export type Colour = readonly [red: number, green: number, blue: number];

const clip = (x: number): number => Math.min(1, Math.max(0, x));

/** A colour as a web page writes it: 0xrrggbb. */
export function hex(code: number): Colour {
  return [(code >> 16) / 255, ((code >> 8) & 255) / 255, (code & 255) / 255];
}

/** From a (t = 0) to b (t = 1). */
export function mix(a: Colour, b: Colour, t: number): Colour {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

/** Darker (factor < 1) or brighter. */
export function shade(c: Colour, factor: number): Colour {
  return [clip(c[0] * factor), clip(c[1] * factor), clip(c[2] * factor)];
}

/** A colour near another: each channel, and all of them together, off by up to `amount`. */
export function vary(dice: Dice, c: Colour, amount: number): Colour {
  const all = dice.between(-amount, amount);
  const near = (x: number): number => clip(x + all + dice.between(-amount, amount) / 2);
  return [near(c[0]), near(c[1]), near(c[2])];
}

/** Hue, saturation and value, each from 0 to 1. */
export function hsv(hue: number, saturation: number, value: number): Colour {
  const channel = (offset: number): number => {
    const k = (offset + hue * 6) % 6;
    return value * (1 - saturation * clip(Math.min(k, 4 - k)));
  };
  return [channel(5), channel(3), channel(1)];
}

/** How bright a colour looks, from 0 to 1. */
export function luminance(c: Colour): number {
  return 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2];
}
