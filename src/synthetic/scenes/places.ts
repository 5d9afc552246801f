import { type Colour, hex, luminance, mix, shade, vary } from "../painting/colour.js";
import type { Dice } from "../painting/dice.js";
import { box, ellipse, type Outline, type Point, polygon, stroke, union } from "../painting/outline.js";
import type { Pen } from "../painting/painting.js";

/** The background of a scene. */
export type Place =
  | "sky"
  | "sea"
  | "street"
  | "road"
  | "meadow"
  | "paddock"
  | "forest"
  | "bush"
  | "sand"
  | "snow"
  | "room"
  | "yard"
  | "pond";

const SKIES: readonly (readonly [top: Colour, bottom: Colour])[] = [
  [hex(0x2f6fc4), hex(0xa9cdee)],
  [hex(0x5b9be0), hex(0xdcebf5)],
  [hex(0x8d9aa8), hex(0xd8dcde)],
  [hex(0xb8c4cc), hex(0xf1f1ec)],
  [hex(0x46507a), hex(0xf0a56b)],
  [hex(0x1c2c50), hex(0x5c78a6)],
];
const GRASSES = [0x4f8a35, 0x6f9a3c, 0x93a04a, 0x3d6b2e, 0xa89a55].map(hex);
const SANDS = [0xd9c08c, 0xc2a06a, 0xb08458, 0x9a8064].map(hex);
const SNOWS = [0xe9eef3, 0xd3dbe6, 0xf4f2ee].map(hex);
const ROADS = [0x6a6a6e, 0x85837f, 0x4f5157, 0xa39e94].map(hex);
const WATERS = [0x2f6a96, 0x4a90a8, 0x3b5f66, 0x6d8796, 0x21486e].map(hex);
const MUDS = [0x5c4a33, 0x6f6138, 0x3f5a34, 0x4a6a6a].map(hex);
const LEAVES = [0x2f5a26, 0x3f7a30, 0x24421f, 0x6a8a3a, 0x7a6a30, 0xa8702c].map(hex);
const WALLS = [0xd8cfc0, 0xb8c4c8, 0xc8a890, 0x8a9a8c, 0xe6e2da, 0x9a7f8c].map(hex);
const FLOORS = [0x9a6b42, 0xb98d5e, 0x6b4a34, 0xb5aca2, 0x7c8794, 0xa85a4a].map(hex);

/** Paints a place into the square from (0, 0) to (1, 1). Returns the y at which its subject stands. */
export function paintPlace(pen: Pen, dice: Dice, place: Place): number {
  const horizon = dice.between(0.3, 0.65);
  switch (place) {
    case "sky":
      return sky(pen, dice, 1.3);
    case "sea":
      sky(pen, dice, horizon);
      return sea(pen, dice, horizon);
    case "street":
      sky(pen, dice, horizon);
      buildings(pen, dice, horizon);
      return street(pen, dice, horizon);
    case "road":
      sky(pen, dice, horizon);
      return street(pen, dice, horizon);
    case "paddock":
      sky(pen, dice, horizon);
      ground(pen, dice, horizon, dice.pick([...GRASSES, ...SANDS]), 6);
      fence(pen, dice, horizon);
      return Math.max(horizon + 0.12, 0.72);
    case "bush":
      return bush(pen, dice);
    case "meadow":
      sky(pen, dice, horizon);
      if (dice.chance(0.6)) thicket(pen, dice, horizon, 6);
      return ground(pen, dice, horizon, dice.pick(GRASSES), 14);
    case "forest":
      forest(pen, dice);
      return ground(pen, dice, horizon + 0.1, dice.pick(GRASSES), 8);
    case "sand":
      sky(pen, dice, horizon);
      return ground(pen, dice, horizon, dice.pick(SANDS), 6);
    case "snow":
      sky(pen, dice, horizon);
      if (dice.chance(0.5)) thicket(pen, dice, horizon, 4);
      return ground(pen, dice, horizon, dice.pick(SNOWS), 4);
    case "room":
      return room(pen, dice, horizon + 0.1);
    case "yard":
      return yard(pen, dice, horizon);
    case "pond":
      return pond(pen, dice);
  }
}

function sky(pen: Pen, dice: Dice, horizon: number): number {
  const [top, bottom] = dice.pick(SKIES);
  const amount = 0.06;
  const paint = {
    from: [0, 0],
    to: [0, horizon],
    start: vary(dice, top, amount),
    end: vary(dice, bottom, amount),
  } as const;
  pen.fill(box(0, 0, 1, Math.min(1, horizon)), paint);
  for (let i = dice.below(3); i > 0; i--) {
    const [x, y] = [dice.unit(), dice.between(0, horizon)];
    const white = dice.between(0.75, 1);
    for (let k = 0; k < 3; k++) {
      const width = dice.between(0.1, 0.3);
      const [dx, dy] = [dice.between(-0.15, 0.15), dice.between(-0.03, 0.03)];
      pen.glow(x + dx, y + dy, width, width * 0.45, [white, white, white], { opacity: dice.between(0.3, 0.8) });
    }
  }
  return 0.7;
}

/** Ground from the horizon down, with `marks` tufts or stones. */
function ground(pen: Pen, dice: Dice, horizon: number, base: Colour, marks: number): number {
  const near = vary(dice, base, 0.07);
  const far = mix(near, [0.75, 0.78, 0.75], dice.between(0, 0.35));
  pen.fill(box(0, horizon, 1, 1), { from: [0, horizon], to: [0, 1], start: far, end: near });
  for (let i = 0; i < marks; i++) {
    const [x, y] = [dice.unit(), dice.between(horizon, 1)];
    const to: Point = [x + dice.between(-0.04, 0.04), y - dice.between(0.02, 0.08)];
    pen.fill(stroke([x, y, ...to], 0.03, 0.01), shade(near, dice.between(0.7, 1.3)), { opacity: 0.6 });
  }
  return Math.max(horizon + 0.12, 0.72);
}

function sea(pen: Pen, dice: Dice, horizon: number): number {
  const near = vary(dice, dice.pick(WATERS), 0.06);
  const far = mix(near, [0.8, 0.85, 0.9], dice.between(0.1, 0.4));
  pen.fill(box(0, horizon, 1, 1), { from: [0, horizon], to: [0, 1], start: far, end: near });
  waves(pen, dice, horizon, 9);
  return Math.max(horizon + 0.1, 0.65);
}

function waves(pen: Pen, dice: Dice, top: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const [x, y, half] = [dice.unit(), dice.between(top, 1), dice.between(0.05, 0.2)];
    const white = dice.chance(0.6) ? 0.95 : 0.1;
    pen.fill(ellipse(x, y, half, 0.012), [white, white, white], { opacity: dice.between(0.15, 0.5) });
  }
}

function buildings(pen: Pen, dice: Dice, horizon: number): void {
  for (let x = dice.between(-0.2, 0); x < 1; ) {
    const [width, height] = [dice.between(0.12, 0.35), dice.between(0.2, horizon + 0.1)];
    const wall = vary(dice, dice.pick(WALLS), 0.15);
    pen.fill(box(x, horizon - height, x + width, horizon), wall);
    const windows: Outline[] = [];
    for (let y = horizon - height + 0.05; y < horizon - 0.05; y += 0.12) {
      for (let left = x + 0.03; left < x + width - 0.06; left += 0.1) windows.push(box(left, y, left + 0.05, y + 0.07));
    }
    pen.fill(union(...windows), shade(wall, dice.chance(0.7) ? 0.35 : 1.8));
    x += width + dice.between(0, 0.15);
  }
}

function street(pen: Pen, dice: Dice, horizon: number): number {
  const road = vary(dice, dice.pick(ROADS), 0.05);
  const verge = vary(dice, dice.chance(0.5) ? dice.pick(GRASSES) : shade(road, 1.2), 0.05);
  pen.fill(box(0, horizon, 1, 1), verge);
  const kerb = horizon + dice.between(0.02, 0.15);
  pen.fill(box(0, kerb, 1, 1), { from: [0, kerb], to: [0, 1], start: shade(road, 1.1), end: shade(road, 0.85) });
  if (dice.chance(0.6)) {
    const y = dice.between(kerb + 0.1, 1);
    const paint: Colour = dice.chance(0.7) ? [0.9, 0.9, 0.88] : [0.9, 0.75, 0.3];
    for (let x = dice.between(-0.3, 0); x < 1; x += 0.45) pen.fill(box(x, y, x + 0.25, y + 0.03), paint);
  }
  return Math.max(kerb + 0.1, 0.72);
}

/** Bushes and trees along the horizon. */
function thicket(pen: Pen, dice: Dice, horizon: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const colour = vary(dice, dice.pick(LEAVES), 0.06);
    const [x, rx, ry] = [dice.unit(), dice.between(0.06, 0.2), dice.between(0.05, 0.22)];
    pen.fill(ellipse(x, horizon - ry * 0.4, rx, ry), colour);
  }
}

/** Rails and posts. */
function fence(pen: Pen, dice: Dice, horizon: number): void {
  const wood = vary(dice, dice.chance(0.5) ? [0.92, 0.92, 0.9] : [0.3, 0.22, 0.16], 0.08);
  const step = dice.between(0.09, 0.13);
  const top = horizon + dice.between(-0.1, 0.05);
  for (let i = 0; i < 3; i++) pen.fill(box(0, top + i * step, 1, top + i * step + 0.035), wood);
  for (let x = dice.between(0, 0.4); x < 1; x += 0.4) pen.fill(box(x, top - 0.04, x + 0.05, top + 3 * step), wood);
}

/** Light leaves before a dark background, or dark leaves before a light one. */
function bush(pen: Pen, dice: Dice): number {
  const back = vary(dice, dice.pick([...LEAVES, ...LEAVES, [0.75, 0.85, 0.9] as const]), 0.08);
  pen.fill(box(0, 0, 1, 1), back);
  const leaf = dice.pick([...LEAVES, ...GRASSES]);
  const bright = luminance(back) < 0.4;
  for (let i = 0; i < 36; i++) {
    const [x, y, r] = [dice.unit(), dice.unit(), dice.between(0.04, 0.09)];
    pen.fill(
      ellipse(x, y, r, r * 0.45, dice.unit()),
      shade(vary(dice, leaf, 0.08), bright ? dice.between(1.2, 2.4) : dice.between(0.3, 0.8)),
    );
  }
  return 0.72;
}

/** Light trunks before dark leaves, or dark trunks before light leaves. */
function forest(pen: Pen, dice: Dice): void {
  const birch = dice.chance(0.5);
  const back = shade(vary(dice, dice.pick(LEAVES), 0.06), birch ? 0.8 : 2);
  pen.fill(box(0, 0, 1, 1), back);
  for (let i = 0; i < 6; i++) {
    const [x, y, r] = [dice.unit(), dice.between(0, 0.8), dice.between(0.1, 0.2)];
    pen.fill(ellipse(x, y, r, r * dice.between(0.5, 1), dice.unit()), vary(dice, back, 0.08), { opacity: 0.7 });
  }
  const bark = vary(dice, birch ? [0.88, 0.87, 0.83] : [0.16, 0.12, 0.09], 0.08);
  const step = dice.between(0.12, 0.17);
  for (let x = dice.between(0, step); x < 1; x += step + dice.between(-0.02, 0.04)) {
    const width = dice.between(0.045, 0.07);
    pen.fill(box(x, 0, x + width, 0.8), { from: [x, 0], to: [x + width, 0], start: bark, end: shade(bark, 0.7) });
  }
}

function room(pen: Pen, dice: Dice, edge: number): number {
  const wall = vary(dice, dice.pick(WALLS), 0.12);
  const floor = vary(dice, dice.pick(FLOORS), 0.08);
  pen.fill(box(0, 0, 1, edge), { from: [0, 0], to: [1, edge], start: wall, end: shade(wall, dice.between(0.65, 1)) });
  pen.fill(box(0, edge, 1, 1), { from: [0, edge], to: [0, 1], start: shade(floor, 0.85), end: floor });
  const dots: Outline[] = [];
  const step = dice.between(0.13, 0.18);
  const from = dice.between(0, step);
  for (let y = edge - from; y > 0; y -= step) {
    for (let x = from; x < 1; x += step) dots.push(ellipse(x, y, 0.035));
  }
  pen.fill(union(...dots), shade(wall, dice.chance(0.7) ? 0.5 : 1.6));
  if (dice.chance(0.3)) {
    const [x, y, w] = [dice.unit(), dice.between(0, edge * 0.5), dice.between(0.15, 0.4)];
    pen.fill(box(x - 0.03, y - 0.03, x + w + 0.03, y + w + 0.03), shade(wall, 0.7));
    pen.fill(box(x, y, x + w, y + w), vary(dice, [0.6, 0.7, 0.8], 0.25));
  }
  if (dice.chance(0.6)) {
    const [x, w, top] = [dice.between(-0.2, 0.7), dice.between(0.3, 0.9), edge - dice.between(0.05, 0.3)];
    const cloth = vary(dice, [0.5, 0.42, 0.42], 0.3);
    pen.fill(box(x, top, x + w, edge + 0.12), { from: [x, top], to: [x, 1], start: cloth, end: shade(cloth, 0.6) });
  }
  return Math.max(edge + 0.1, 0.72);
}

/** A brick wall behind a pavement. */
function yard(pen: Pen, dice: Dice, edge: number): number {
  const brick = vary(dice, dice.pick([0x9a4a38, 0x7a5a4a, 0xb5a08a, 0x6a6a70].map(hex)), 0.08);
  const mortar = dice.chance(0.7) ? mix(brick, [1, 1, 1], 0.7) : shade(brick, 0.35);
  pen.fill(box(0, 0, 1, edge), brick);
  const joints: Outline[] = [];
  let odd = false;
  for (let y = edge; y > -0.1; y -= 0.1) {
    joints.push(box(0, y - 0.03, 1, y));
    for (let x = odd ? 0.05 : -0.08; x < 1; x += 0.26) joints.push(box(x, y - 0.1, x + 0.03, y));
    odd = !odd;
  }
  pen.fill(union(...joints), mortar);
  return ground(pen, dice, edge, dice.pick([...ROADS, ...SANDS, ...GRASSES]), 5);
}

/** Water or mud from above, with leaves and blades of grass on it. */
function pond(pen: Pen, dice: Dice): number {
  const base = vary(dice, dice.pick(MUDS), 0.06);
  pen.fill(box(0, 0, 1, 1), { from: [dice.unit(), 0], to: [dice.unit(), 1], start: base, end: shade(base, 0.65) });
  for (let i = dice.below(9); i > 0; i--) {
    const leaf = vary(dice, dice.pick([...LEAVES, ...MUDS]), 0.08);
    const [x, y, r] = [dice.unit(), dice.unit(), dice.between(0.14, 0.3)];
    pen.fill(ellipse(x, y, r, r * dice.between(0.6, 0.8), dice.unit()), leaf, { opacity: 0.9 });
  }
  for (let i = dice.below(6); i > 0; i--) {
    const [x, y] = [dice.unit(), dice.unit()];
    const tip: Point = [x + dice.between(-0.1, 0.1), y - dice.between(0.2, 0.6)];
    const blade = polygon([x - 0.02, y, x + 0.02, y, ...tip]);
    pen.fill(blade, vary(dice, dice.pick(GRASSES), 0.08));
  }
  if (dice.chance(0.4)) waves(pen, dice, 0, 6);
  return 0.68;
}
