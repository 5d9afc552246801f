import { type Colour, hsv, shade, vary } from "../painting/colour.js";
import type { Dice } from "../painting/dice.js";
import { blob, box, ellipse, mirrored, polygon, stroke, union } from "../painting/outline.js";
import type { Pen } from "../painting/painting.js";

// Each vehicle is drawn in the square from (-1, -1) to (1, 1), and faces right. Those on the ground end at y ≈ 0.55.

const TYRE: Colour = [0.08, 0.08, 0.09];
const HUB: Colour = [0.65, 0.66, 0.68];
const GLASS: Colour = [0.2, 0.27, 0.33];

/** A colour of paint: white, grey, black or any strong colour. */
function lacquer(dice: Dice): Colour {
  const grey = dice.pick([0.12, 0.45, 0.7, 0.93]);
  return dice.chance(0.4)
    ? vary(dice, [grey, grey, grey], 0.05)
    : hsv(dice.unit(), dice.between(0.6, 0.95), dice.between(0.45, 0.95));
}

function wheels(pen: Pen, y: number, radius: number, ...xs: readonly number[]): void {
  for (const x of xs) {
    pen.fill(ellipse(x, y, radius), TYRE);
    pen.fill(ellipse(x, y, radius * 0.5), HUB);
  }
}

/** The shadow of a vehicle on the ground. */
function shadow(pen: Pen, y: number): void {
  pen.glow(0, y, 1.1, 0.2, [0, 0, 0], { opacity: 0.6 });
}

export function automobile(pen: Pen, dice: Dice): void {
  shadow(pen, 0.5);
  const paint = lacquer(dice);
  if (dice.chance(0.12)) automobileFront(pen, dice, paint);
  else automobileSide(pen, dice, paint);
}

function automobileSide(pen: Pen, dice: Dice, paint: Colour): void {
  const roof = dice.between(-0.42, -0.28);
  const [rear, front] = [dice.between(-0.75, -0.5), dice.between(0.15, 0.3)];
  const cabin = [rear - 0.15, 0.02, rear + 0.12, roof, front - 0.1, roof, front + 0.25, 0.02];
  pen.fill(polygon(cabin), shade(paint, 0.9));
  const glass = vary(dice, GLASS, 0.12);
  pen.fill(polygon([rear, -0.02, rear + 0.17, roof + 0.08, -0.22, roof + 0.08, -0.22, -0.02]), glass);
  pen.fill(polygon([-0.14, -0.02, -0.14, roof + 0.08, front - 0.13, roof + 0.08, front + 0.12, -0.02]), glass);
  const body = [-0.97, 0.1, -0.85, -0.04, 0.3, -0.03, 0.85, 0.06, 0.98, 0.2, 0.95, 0.38, -0.95, 0.38];
  pen.fill(polygon(body), { from: [0, -0.05], to: [0, 0.4], start: shade(paint, 1.15), end: shade(paint, 0.6) });
  pen.fill(ellipse(0.9, 0.15, 0.08, 0.06), [1, 0.95, 0.7]);
  pen.fill(box(-0.97, 0.08, -0.88, 0.18), [0.8, 0.1, 0.1]);
  wheels(pen, 0.38, dice.between(0.19, 0.24), -0.56, 0.56);
}

function automobileFront(pen: Pen, dice: Dice, paint: Colour): void {
  pen.fill(mirrored(box(0.42, 0.2, 0.7, 0.56)), TYRE);
  pen.fill(polygon([-0.72, -0.05, -0.48, -0.5, 0.48, -0.5, 0.72, -0.05]), shade(paint, 0.85));
  pen.fill(polygon([-0.58, -0.06, -0.4, -0.42, 0.4, -0.42, 0.58, -0.06]), vary(dice, GLASS, 0.12));
  const hood = { from: [0, -0.1], to: [0, 0.42], start: shade(paint, 1.2), end: shade(paint, 0.65) } as const;
  pen.fill(blob([-0.8, 0.02, 0, -0.12, 0.8, 0.02, 0.82, 0.36, 0, 0.42, -0.82, 0.36]), hood);
  pen.fill(box(-0.36, 0.12, 0.36, 0.26), [0.1, 0.1, 0.11]);
  pen.fill(mirrored(ellipse(0.58, 0.14, 0.14, 0.1)), [1, 0.97, 0.82]);
  pen.fill(box(-0.2, 0.3, 0.2, 0.38), [0.9, 0.9, 0.85]);
}

export function truck(pen: Pen, dice: Dice): void {
  shadow(pen, 0.58);
  const cab = lacquer(dice);
  if (dice.chance(0.12)) truckFront(pen, dice, cab);
  else truckSide(pen, dice, cab);
}

function truckSide(pen: Pen, dice: Dice, paint: Colour): void {
  const top = dice.between(-0.8, -0.6);
  const cargo = dice.chance(0.5) ? lacquer(dice) : vary(dice, [0.85, 0.85, 0.83], 0.1);
  pen.fill(box(-0.95, 0.3, 0.95, 0.42), [0.15, 0.15, 0.16]);
  const bed = { from: [0, top], to: [0, 0.3], start: shade(cargo, 1.1), end: shade(cargo, 0.75) } as const;
  if (dice.chance(0.75)) pen.fill(box(-0.98, top, 0.38, 0.32), bed);
  else pen.fill(polygon([-0.98, -0.25, -0.85, 0.3, 0.3, 0.3, 0.4, -0.45]), bed);
  for (let x = -0.9; x < 0.3; x += 0.22) pen.fill(box(x, top + 0.05, x + 0.09, 0.26), shade(cargo, 0.45));
  const cabTop = dice.between(-0.5, -0.35);
  pen.fill(polygon([0.44, 0.36, 0.44, cabTop, 0.78, cabTop, 0.95, -0.02, 0.97, 0.36]), paint);
  pen.fill(polygon([0.54, -0.05, 0.54, cabTop + 0.1, 0.74, cabTop + 0.1, 0.86, -0.05]), vary(dice, GLASS, 0.1));
  pen.fill(box(0.9, 0.12, 1, 0.22), [1, 0.95, 0.7]);
  wheels(pen, 0.42, 0.19, -0.72, -0.3, 0.66);
}

function truckFront(pen: Pen, dice: Dice, paint: Colour): void {
  const cargo = vary(dice, [0.8, 0.8, 0.78], 0.15);
  pen.fill(mirrored(box(0.34, 0.3, 0.62, 0.62)), TYRE);
  pen.fill(box(-0.66, -0.95, 0.66, 0.3), cargo);
  pen.fill(box(-0.6, -0.7, 0.6, 0.45), {
    from: [0, -0.7],
    to: [0, 0.5],
    start: shade(paint, 1.1),
    end: shade(paint, 0.7),
  });
  pen.fill(polygon([-0.52, -0.15, -0.48, -0.58, 0.48, -0.58, 0.52, -0.15]), vary(dice, GLASS, 0.1));
  pen.fill(box(-0.34, -0.02, 0.34, 0.26), [0.12, 0.12, 0.13]);
  for (let y = 0.03; y < 0.25; y += 0.09) pen.fill(box(-0.34, y, 0.34, y + 0.03), HUB);
  pen.fill(mirrored(box(0.4, 0.14, 0.56, 0.28)), [1, 0.97, 0.82]);
  pen.fill(box(-0.66, 0.34, 0.66, 0.46), HUB);
  pen.fill(mirrored(box(0.64, -0.5, 0.78, -0.25)), TYRE);
}

export function airplane(pen: Pen, dice: Dice): void {
  const grey = dice.pick([0.95, 0.85, 0.6, 0.3]);
  const paint = dice.chance(0.75) ? vary(dice, [grey, grey, grey], 0.05) : lacquer(dice);
  if (dice.chance(0.15)) airplaneAbove(pen.inner(0, 0, 1, { turns: dice.between(-0.2, 0.2) }), dice, paint);
  else airplaneSide(pen, dice, paint);
}

function airplaneSide(pen: Pen, dice: Dice, paint: Colour): void {
  const trim = lacquer(dice);
  const dark = shade(paint, 0.65);
  pen.fill(polygon([0.1, -0.08, -0.2, -0.42, -0.36, -0.42, -0.2, -0.05]), dark);
  pen.fill(polygon([-0.6, -0.1, -0.95, -0.62, -0.72, -0.62, -0.38, -0.1]), trim);
  const body = [-0.95, -0.12, -0.3, -0.17, 0.6, -0.16, 0.95, 0.02, 0.6, 0.14, -0.3, 0.13];
  pen.fill(blob(body), { from: [0, -0.17], to: [0, 0.15], start: shade(paint, 1.15), end: shade(paint, 0.6) });
  pen.fill(polygon([-0.7, -0.08, -1, -0.2, -0.98, -0.12, -0.58, -0.02]), dark);
  if (dice.chance(0.6)) pen.fill(box(-0.6, -0.06, 0.55, -0.02), GLASS, { opacity: 0.8 });
  pen.fill(polygon([0.66, -0.13, 0.84, -0.06, 0.66, -0.05]), GLASS);
  pen.fill(polygon([0.22, 0.04, -0.35, 0.52, -0.52, 0.52, -0.18, 0.04]), shade(paint, 0.8));
  pen.fill(ellipse(0.02, 0.27, 0.14, 0.07), dark);
}

function airplaneAbove(pen: Pen, dice: Dice, paint: Colour): void {
  const sweep = dice.between(0.1, 0.45);
  const wing = polygon([0.25, 0.05, 0.2 - sweep, 0.95, 0.03 - sweep, 0.95, -0.15, 0.05]);
  const tail = polygon([-0.62, 0.03, -0.88, 0.36, -0.98, 0.36, -0.85, 0.03]);
  const engines = union(ellipse(0.12 - sweep / 3, 0.4, 0.12, 0.05), ellipse(0.12 - sweep / 3, -0.4, 0.12, 0.05));
  pen.fill(engines, shade(paint, 0.45));
  pen.fill(union(wing, tail), shade(paint, 0.75));
  pen.inner(0, 0, 1, { scaleY: -1 }).fill(union(wing, tail), shade(paint, 0.9));
  pen.fill(blob([-0.98, 0, -0.3, -0.12, 0.6, -0.12, 0.97, 0, 0.6, 0.12, -0.3, 0.12]), paint);
  pen.fill(ellipse(0.74, 0, 0.08, 0.06), GLASS);
  pen.fill(stroke([-0.95, 0, -0.6, 0], 0.06), lacquer(dice));
}

export function ship(pen: Pen, dice: Dice): void {
  if (dice.chance(0.2)) sailboat(pen, dice);
  else steamer(pen, dice);
  pen.fill(ellipse(0, 0.5, 1, 0.07), [0.9, 0.93, 0.95], { opacity: 0.55 });
}

function steamer(pen: Pen, dice: Dice): void {
  const paint = lacquer(dice);
  const white = vary(dice, [0.92, 0.92, 0.9], 0.06);
  const funnel = lacquer(dice);
  const [left, right] = [dice.between(-0.75, -0.5), dice.between(0.1, 0.45)];
  for (let x = left + 0.15; x < right - 0.2; x += 0.4) pen.fill(box(x, -0.62, x + 0.2, -0.2), funnel);
  pen.fill(stroke([right - 0.05, -0.1, right - 0.05, -0.85], 0.05), [0.25, 0.22, 0.2]);
  pen.fill(box(left, -0.15, right + 0.2, 0.12), shade(white, 0.9));
  pen.fill(box(left + 0.1, -0.36, right, -0.13), white);
  for (let x = left + 0.14; x < right - 0.08; x += 0.18) pen.fill(box(x, -0.29, x + 0.09, -0.2), GLASS);
  pen.fill(polygon([-0.95, 0.08, 1, 0.02, 0.74, 0.5, -0.82, 0.5]), paint);
  pen.fill(polygon([-0.86, 0.38, 0.82, 0.36, 0.74, 0.5, -0.82, 0.5]), shade(paint, 0.5));
}

function sailboat(pen: Pen, dice: Dice): void {
  const cloth = dice.chance(0.7) ? vary(dice, [0.95, 0.94, 0.9], 0.05) : lacquer(dice);
  pen.fill(stroke([-0.02, 0.3, -0.02, -0.97], 0.05), [0.3, 0.22, 0.16]);
  const main = blob([0.04, -0.92, 0.35, -0.4, 0.66, 0.16, 0.04, 0.2], 3);
  pen.fill(main, { from: [0, 0], to: [0.7, 0], start: cloth, end: shade(cloth, 0.75) });
  pen.fill(polygon([-0.08, -0.8, -0.08, 0.18, -0.6, 0.18]), shade(cloth, 0.85));
  const paint = lacquer(dice);
  pen.fill(polygon([-0.72, 0.24, 0.85, 0.22, 0.62, 0.5, -0.52, 0.5]), paint);
}
