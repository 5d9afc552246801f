import type { Dice } from "./dice.js";

/** Red, green and blue, each from 0 to 1. */
export type Colour = readonly [red: number, green: number, blue: number];

const clip = (x: number): number => Math.min(1, Math.max(0, x));

/** The colour of a code 0xrrggbb, as in web pages. */
export function hex(code: number): Colour {
  return [(code >> 16) / 255, ((code >> 8) & 255) / 255, (code & 255) / 255];
}

/** a + (b − a) · t. */
export function mix(a: Colour, b: Colour, t: number): Colour {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

/** c · factor, clipped to 1: darker for a factor below 1, else brighter. */
export function shade(c: Colour, factor: number): Colour {
  return [clip(c[0] * factor), clip(c[1] * factor), clip(c[2] * factor)];
}

/** A colour near c: all channels change by up to `amount` together, and each by up to half of it on its own. */
export function vary(dice: Dice, c: Colour, amount: number): Colour {
  const all = dice.between(-amount, amount);
  const near = (x: number): number => clip(x + all + dice.between(-amount, amount) / 2);
  return [near(c[0]), near(c[1]), near(c[2])];
}

/** The colour of a hue, saturation and value, each from 0 to 1. */
export function hsv(hue: number, saturation: number, value: number): Colour {
  const channel = (offset: number): number => {
    const k = (offset + hue * 6) % 6;
    return value * (1 - saturation * clip(Math.min(k, 4 - k)));
  };
  return [channel(5), channel(3), channel(1)];
}

/** The perceived brightness of a colour, from 0 to 1. */
export function luminance(c: Colour): number {
  return 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2];
}
