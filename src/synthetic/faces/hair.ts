import { hsv, mix, shade, vary } from "../painting/colour.js";
import type { Dice } from "../painting/dice.js";
import {
  blob,
  box,
  ellipse,
  mirrored,
  type Outline,
  type Points,
  smooth,
  stroke,
  symmetric,
  union,
} from "../painting/outline.js";
import type { Pen } from "../painting/painting.js";
import type { Appearance } from "./appearance.js";

/** Long hair falls behind the neck. Wavy hair has bulges at its sides, straight hair has straight sides. */
export function longHair(pen: Pen, dice: Dice, face: Appearance): void {
  const { traits, hair, hairLength } = face;
  if (hairLength === 0) return;
  const end = 0.35 + 0.6 * hairLength;
  const swing = traits.Wavy_Hair ? 0.07 : 0;
  const wide = 0.6 + (traits.Chubby ? 0.08 : 0);
  const side: number[] = [0.35, -0.72, 0.58, -0.45];
  const steps = 8;
  for (let i = 0; i <= steps; i++) {
    const bulge = (i % 2 === 0 ? -swing : swing) + (traits.Straight_Hair ? 0 : 0.05 * (i / steps));
    side.push(wide + bulge, -0.25 + ((end + 0.25) * i) / steps);
  }
  const outline = blob(symmetric([0, -0.82], side, [0, end]), 6);
  pen.fill(outline, { from: [0, -0.8], to: [0, end], start: shade(hair, 0.85), end: shade(hair, 0.6) });
  const strands: Outline[] = [];
  for (let x = 0.3; x < 0.7; x += 0.05) strands.push(strand(x + dice.between(-0.02, 0.02), -0.3, end, swing * 0.7));
  pen.fill(mirrored(union(...strands)), mix(hair, [1, 0.95, 0.85], 0.25), { opacity: sheen(traits), clip: outline });
}

/** The opacity of the strands, which are hardly visible in hair that is neither straight nor wavy. */
function sheen({ Straight_Hair, Wavy_Hair }: Appearance["traits"]): number {
  return Straight_Hair || Wavy_Hair ? 0.75 : 0.06;
}

/** A bundle of hairs from top to bottom, which swings to both sides of x. */
function strand(x: number, top: number, bottom: number, swing: number): Outline {
  const steps = 6;
  const points: number[] = [];
  for (let i = 0; i <= steps; i++) points.push(x + (i % 2 === 0 ? -swing : swing), top + ((bottom - top) * i) / steps);
  return stroke(smooth(points, 4), 0.022);
}

/**
 * The hair on the head. Bangs reach down to the brows; a receding hairline lies far back, and further at the temples.
 */
export function fringe(pen: Pen, dice: Dice, { traits, hair, skin, head, hairLength }: Appearance): void {
  if (traits.Bald) {
    pen.glow(-0.12, -0.5, 0.22, 0.12, mix(skin, [1, 1, 1], 0.8), { opacity: 0.8, clip: head });
    return;
  }
  const wide = hairLength > 0 ? 0.6 : 0.53;
  const low = hairLength > 0 ? 0.1 : traits.Sideburns ? 0 : -0.12;
  const line = traits.Receding_Hairline
    ? [0.47, -0.26, 0.36, -0.6, 0.18, -0.58]
    : [0.45, -0.2, 0.34, -0.36, 0.18, -0.42];
  const middle = traits.Receding_Hairline ? -0.52 : -0.44;
  const rise = dice.between(0.78, 0.86);
  const side = [0.3, -rise + 0.04, 0.5, -0.55, wide, -0.25, wide - 0.03, low, 0.45, low - 0.02, ...line];
  const cap = blob(symmetric([0, -rise], side, [0, middle]), 6);
  const light = { from: [0, -rise], to: [0, -0.2], start: shade(hair, 1.15), end: shade(hair, 0.8) } as const;
  pen.fill(cap, light);
  const top = traits.Bangs ? union(cap, bangs()) : cap;
  if (traits.Bangs) pen.fill(bangs(), light);
  const swing = traits.Wavy_Hair ? 0.035 : 0;
  const strands: Outline[] = [];
  for (let x = 0.03; x < 0.6; x += 0.065) strands.push(strand(x + dice.between(-0.01, 0.01), -0.85, 0.1, swing));
  pen.fill(mirrored(union(...strands)), mix(hair, [1, 0.95, 0.85], 0.3), { opacity: sheen(traits), clip: top });
  if (traits.Wavy_Hair) pen.fill(curls(wide, low), shade(hair, 0.95));
}

function bangs(): Outline {
  return blob([
    -0.46, -0.5, 0, -0.62, 0.46, -0.5, 0.45, -0.22, 0.3, -0.2, 0.15, -0.22, 0, -0.19, -0.15, -0.22, -0.3, -0.2, -0.45,
    -0.22,
  ]);
}

/** Bulges along the edge of wavy hair. */
function curls(wide: number, low: number): Outline {
  const places: Points = [
    0.12,
    -0.8,
    0.32,
    -0.73,
    0.48,
    -0.58,
    wide - 0.03,
    -0.38,
    wide,
    -0.17,
    wide - 0.01,
    low - 0.02,
  ];
  const outline: Outline[] = [];
  for (let i = 0; i < places.length; i += 2) outline.push(ellipse(places[i]!, places[i + 1]!, 0.085));
  return mirrored(union(...outline));
}

/** Draws stubble, sideburns, goatee and mustache, or a full beard. */
export function beard(pen: Pen, dice: Dice, { traits, brow, skin, head }: Appearance): void {
  const { Goatee, Mustache, Sideburns, No_Beard } = traits;
  if (traits["5_o_Clock_Shadow"]) {
    const jaw = blob([-0.5, 0.2, -0.24, 0.26, 0, 0.24, 0.24, 0.26, 0.5, 0.2, 0.4, 0.6, 0, 0.76, -0.4, 0.6]);
    pen.fill(jaw, mix(skin, [0.2, 0.22, 0.26], 0.6), { opacity: 0.6, clip: head });
  }
  if (No_Beard) return;
  if (Sideburns) pen.fill(mirrored(box(0.36, -0.25, 0.56, 0.34)), brow, { opacity: 0.92, clip: head });
  if (Goatee)
    pen.fill(blob([-0.17, 0.48, 0, 0.47, 0.17, 0.48, 0.17, 0.66, 0, 0.78, -0.17, 0.66]), brow, { opacity: 0.95 });
  if (Mustache) {
    pen.fill(
      blob([-0.27, 0.36, -0.15, 0.26, 0, 0.27, 0.15, 0.26, 0.27, 0.36, 0.14, 0.345, 0, 0.33, -0.14, 0.345]),
      brow,
    );
  }
  if (!(Sideburns || Goatee || Mustache)) fullBeard(pen, dice, head, brow);
}

function fullBeard(pen: Pen, dice: Dice, head: Outline, brow: Appearance["brow"]): void {
  const side = [0.18, 0.25, 0.32, 0.28, 0.42, -0.02, 0.58, -0.02, 0.5, 0.5, 0.25, 0.76];
  const shape = blob(symmetric([0, 0.27], side, [0, 0.8]));
  pen.fill(shape, vary(dice, brow, 0.02), { opacity: 0.92, clip: union(head, ellipse(0, 0.6, 0.3, 0.18)) });
}

/** A cap with a peak, or a hat with a brim. */
export function hat(pen: Pen, dice: Dice, { traits }: Appearance): void {
  if (!traits.Wearing_Hat) return;
  const felt = hsv(dice.unit(), dice.between(0.2, 0.85), dice.between(0.2, 0.9));
  const light = { from: [-0.5, 0], to: [0.5, 0], start: shade(felt, 1.1), end: shade(felt, 0.6) } as const;
  const rise = dice.between(0.95, 1.15);
  pen.fill(blob([-0.6, -0.38, -0.56, -rise + 0.15, 0, -rise, 0.56, -rise + 0.15, 0.6, -0.38, 0, -0.34]), light);
  pen.fill(box(-0.58, -0.52, 0.58, -0.42), shade(felt, 0.4));
  if (dice.chance(0.5)) pen.fill(ellipse(0, -0.38, 0.9, 0.1), light);
  else pen.fill(blob([-0.56, -0.44, 0, -0.46, 0.56, -0.44, 0.45, -0.28, 0, -0.22, -0.45, -0.28]), shade(felt, 0.75));
}
