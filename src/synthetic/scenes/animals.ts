import { type Colour, hex, hsv, mix, shade, vary } from "../painting/colour.js";
import type { Dice } from "../painting/dice.js";
import {
  blob,
  box,
  ellipse,
  mirrored,
  type Outline,
  type Point,
  polygon,
  smooth,
  stroke,
  union,
} from "../painting/outline.js";
import type { Pen } from "../painting/painting.js";

// Each animal is drawn in the square from (-1, -1) to (1, 1), and faces right or the viewer. Its feet are at y ≈ 0.8.

const BLACK: Colour = [0.05, 0.05, 0.06];
const COATS = [0x2b2622, 0x6b4a30, 0x9a6b3c, 0xc79a62, 0xe9e2d4, 0x8c8a88, 0xb5602a, 0x55504c].map(hex);
const DEERS = [0x8a5a32, 0xa8733f, 0x6f4a2e, 0xb98a5a].map(hex);
const FROGS = [0x4f9a35, 0x7ab53a, 0x3a6f3a, 0x7a6a3a, 0xb5862e, 0xc2502e].map(hex);

/** The body of an animal that stands on four legs, which reach down to y = 0.8. */
type Build = {
  coat: Colour;
  /** Half the length of the body. */
  length: number;
  /** Half the height of the body. */
  girth: number;
  /** The y of its middle. */
  middle: number;
  /** The width of a leg. */
  leg: number;
  hoof: Colour;
};

/** Draws legs and body. The legs on the far side are darker. */
function standing(pen: Pen, dice: Dice, { coat, length, girth, middle, leg, hoof }: Build): void {
  const stride = dice.between(-0.12, 0.12);
  pen.glow(0, 0.8, length * 1.5, 0.14, [0, 0, 0], { opacity: 0.55 });
  const limb = (x: number, swing: number, colour: Colour): void => {
    const knee: Point = [x + swing * 0.3, (middle + 0.8) / 2];
    const foot: Point = [x + swing, 0.78];
    pen.fill(stroke([x, middle, ...knee, ...foot], leg * 1.5, leg * 0.8), colour);
    pen.fill(stroke([...foot, foot[0] + leg * 0.5, 0.79], leg * 0.9), hoof);
  };
  const [back, front] = [-length * 0.78, length * 0.74];
  for (const x of [back, front]) limb(x + 0.1, -stride, shade(coat, 0.6));
  const body = blob([-1, -0.3, -0.55, -1, 0.5, -0.85, 1, -0.5, 0.8, 0.8, -0.2, 0.75, -0.85, 0.6]);
  const light = { from: [0, -1], to: [0, 1], start: shade(coat, 1.2), end: shade(coat, 0.7) } as const;
  pen.inner(0, middle, 1, { scaleX: length, scaleY: girth }).fill(body, light);
  for (const x of [back, front]) limb(x, stride, shade(coat, 0.9));
}

export function horse(pen: Pen, dice: Dice): void {
  const coat = vary(dice, dice.pick(COATS), 0.05);
  const mane = dice.chance(0.6) ? shade(coat, 0.35) : mix(coat, [0.95, 0.9, 0.8], 0.6);
  const graze = dice.chance(0.1);
  pen.fill(stroke(smooth([-0.55, -0.12, -0.75, 0.1, -0.78, 0.55]), 0.16, 0.08), mane);
  standing(pen, dice, { coat, length: 0.6, girth: 0.27, middle: 0.02, leg: 0.12, hoof: [0.12, 0.1, 0.1] });
  const poll: Point = graze ? [0.86, 0.25] : [0.72, dice.between(-0.75, -0.6)];
  const muzzle: Point = graze ? [0.86, 0.62] : [poll[0] + 0.24, poll[1] + 0.28];
  pen.fill(stroke([0.42, -0.02, ...poll], 0.42, 0.2), coat);
  pen.fill(stroke([0.3, -0.2, poll[0] - 0.1, poll[1] - 0.04], 0.14, 0.12), mane);
  pen.fill(stroke([...poll, ...muzzle], 0.22, 0.14), shade(coat, 1.05));
  pen.fill(stroke([...poll, poll[0] - 0.01, poll[1] - 0.17], 0.1, 0.03), shade(coat, 0.8));
  pen.fill(ellipse(poll[0] + 0.07, poll[1] + 0.04, 0.035), BLACK);
}

export function deer(pen: Pen, dice: Dice): void {
  const coat = vary(dice, dice.pick(DEERS), 0.06);
  const pale: Colour = mix(coat, [1, 0.97, 0.9], 0.75);
  pen.fill(ellipse(-0.55, -0.08, 0.12, 0.1), pale);
  standing(pen, dice, { coat, length: 0.5, girth: 0.19, middle: 0.04, leg: 0.07, hoof: BLACK });
  pen.fill(ellipse(-0.08, 0.16, 0.3, 0.05), pale, { opacity: 0.6 });
  if (dice.chance(0.3)) for (let x = -0.35; x < 0.3; x += 0.16) pen.fill(ellipse(x, -0.02, 0.035), pale);
  const head: Point = [0.55, dice.between(-0.5, -0.4)];
  pen.fill(stroke([0.38, 0.02, ...head], 0.26, 0.13), coat);
  pen.fill(stroke([...head, head[0] + 0.24, head[1] + 0.1], 0.18, 0.1), shade(coat, 1.05));
  pen.fill(ellipse(head[0] + 0.27, head[1] + 0.1, 0.04), BLACK);
  pen.fill(ellipse(head[0] + 0.05, head[1] - 0.03, 0.03), BLACK);
  pen.fill(stroke([...head, head[0] - 0.2, head[1] - 0.08], 0.1, 0.04), shade(coat, 0.75));
  if (dice.chance(0.85)) antlers(pen.inner(head[0], head[1] - 0.06, 1), vary(dice, [0.45, 0.33, 0.22], 0.1));
}

function antlers(pen: Pen, horn: Colour): void {
  for (const lean of [-1, 0.55]) {
    const beam = smooth([0, 0, lean * 0.3, -0.2, lean * 0.22, -0.48]);
    const tine = (x: number, y: number, dx: number): Outline => stroke([lean * x, y, lean * x + dx, y - 0.18], 0.05);
    pen.fill(union(stroke(beam, 0.06, 0.05), tine(0.22, -0.14, -0.1), tine(0.29, -0.26, 0.12)), horn);
  }
}

export function dog(pen: Pen, dice: Dice): void {
  const coat = vary(dice, dice.pick(COATS), 0.06);
  if (dice.chance(0.88)) dogFace(pen, dice, coat);
  else dogSide(pen, dice, coat);
}

function dogSide(pen: Pen, dice: Dice, coat: Colour): void {
  pen.fill(stroke(smooth([-0.5, 0.06, -0.75, -0.15, -0.8, -0.45]), 0.12, 0.06), coat);
  standing(pen, dice, { coat, length: 0.55, girth: 0.21, middle: 0.18, leg: 0.13, hoof: shade(coat, 0.7) });
  pen.fill(stroke([0.38, 0.12, 0.55, -0.25], 0.34, 0.26), coat);
  pen.fill(ellipse(0.56, -0.36, 0.26, 0.23), coat);
  pen.fill(stroke([0.66, -0.3, 0.93, -0.26], 0.2, 0.15), mix(coat, [1, 1, 0.95], 0.25));
  pen.fill(ellipse(0.98, -0.31, 0.06, 0.05), BLACK);
  pen.fill(ellipse(0.66, -0.42, 0.04), BLACK);
  pen.fill(blob([0.42, -0.55, 0.54, -0.45, 0.5, -0.1, 0.36, -0.08, 0.32, -0.35]), shade(coat, 0.55));
  if (dice.chance(0.5)) pen.fill(stroke([0.36, -0.1, 0.62, -0.04], 0.07), hsv(dice.unit(), 0.8, 0.8));
}

/** A head from the front: hanging ears, a long light muzzle with a big nose, and in half of the pictures a tongue. */
function dogFace(pen: Pen, dice: Dice, coat: Colour): void {
  const muzzle = mix(coat, [1, 0.97, 0.92], dice.between(0.3, 0.8));
  pen.fill(blob([-0.55, 0.9, -0.45, 0.3, 0.45, 0.3, 0.55, 0.9]), shade(coat, 0.8));
  pen.fill(blob([-0.56, -0.3, -0.4, -0.68, 0, -0.76, 0.4, -0.68, 0.56, -0.3, 0.42, 0.3, 0, 0.55, -0.42, 0.3]), coat);
  const ear = [0.36, -0.68, 0.66, -0.58, 0.86, -0.05, 0.74, 0.34, 0.54, 0.1, 0.5, -0.3];
  pen.fill(mirrored(blob(ear)), shade(coat, dice.between(0.4, 0.7)));
  if (dice.chance(0.4)) pen.fill(ellipse(0.24, -0.24, 0.2, 0.24), shade(coat, 0.5));
  if (dice.chance(0.5)) pen.fill(stroke([0, -0.7, 0, -0.1], 0.08, 0.25), muzzle);
  pen.fill(mirrored(ellipse(0.24, -0.2, 0.09)), BLACK);
  if (dice.chance(0.5)) pen.fill(blob([-0.12, 0.4, 0.12, 0.4, 0.12, 0.78, -0.12, 0.78]), [0.9, 0.45, 0.5]);
  pen.fill(ellipse(0, 0.2, 0.34, 0.34), muzzle);
  pen.fill(stroke([0, 0.15, 0, 0.38], 0.05), BLACK);
  pen.fill(stroke(smooth([-0.22, 0.36, 0, 0.42, 0.22, 0.36]), 0.05), BLACK);
  pen.fill(ellipse(0, 0.06, 0.17, 0.13), BLACK);
}

export function cat(pen: Pen, dice: Dice): void {
  const coat = vary(dice, dice.pick(COATS), 0.06);
  if (dice.chance(0.88)) catFace(pen.inner(0, 0.08, 0.95), dice, coat);
  else catSitting(pen, dice, coat);
}

/** A head from the front: pointed ears, big coloured eyes with slits, whiskers, a small pink nose. */
function catFace(pen: Pen, dice: Dice, coat: Colour): void {
  const dark = shade(coat, 0.55);
  const light = mix(coat, [1, 1, 1], 0.5);
  pen.fill(blob([-0.6, 1, -0.5, 0.3, 0.5, 0.3, 0.6, 1]), shade(coat, 0.8));
  pen.fill(mirrored(polygon([0.18, -0.55, 0.66, -1, 0.76, -0.15])), coat);
  pen.fill(mirrored(polygon([0.36, -0.52, 0.6, -0.82, 0.66, -0.3])), [0.85, 0.55, 0.55]);
  pen.fill(ellipse(0, 0, 0.78, 0.62), coat);
  if (dice.chance(0.6)) {
    for (const x of [-0.2, 0, 0.2]) pen.fill(stroke([x, -0.58, x * 0.8, -0.32], 0.09, 0.05), dark);
    pen.fill(mirrored(union(stroke([0.74, 0, 0.5, 0.04], 0.08), stroke([0.68, 0.22, 0.48, 0.18], 0.08))), dark);
  }
  const iris = hsv(dice.between(0.12, 0.55), 0.7, 0.9);
  pen.fill(mirrored(ellipse(0.32, -0.08, 0.19, 0.16, 0.96)), iris);
  pen.fill(mirrored(ellipse(0.32, -0.08, 0.06, 0.15)), BLACK);
  pen.fill(mirrored(ellipse(0.14, 0.34, 0.19, 0.15)), light);
  pen.fill(polygon([-0.1, 0.16, 0.1, 0.16, 0, 0.29]), [0.9, 0.5, 0.52]);
  const whisker = union(stroke([0.3, 0.3, 1, 0.2], 0.035), stroke([0.3, 0.36, 0.98, 0.44], 0.035));
  pen.fill(mirrored(whisker), [0.97, 0.97, 0.97], { opacity: 0.85 });
}

function catSitting(pen: Pen, dice: Dice, coat: Colour): void {
  pen.glow(0, 0.8, 0.8, 0.16, [0, 0, 0], { opacity: 0.55 });
  const dark = shade(coat, 0.55);
  pen.fill(stroke(smooth([-0.35, 0.68, -0.78, 0.6, -0.86, 0.1, -0.66, -0.12]), 0.15, 0.11), shade(coat, 0.85));
  const side = { from: [-0.5, 0], to: [0.5, 0], start: shade(coat, 0.75), end: shade(coat, 1.1) } as const;
  pen.fill(blob([-0.5, 0.6, -0.38, 0.1, 0.05, -0.25, 0.4, 0, 0.42, 0.76, -0.35, 0.8]), side);
  if (dice.chance(0.6)) {
    for (const y of [0.05, 0.22, 0.4]) pen.fill(stroke([-0.42 + y * 0.1, y + 0.1, -0.1, y], 0.07, 0.03), dark);
  }
  pen.inner(0.2, 0, 1).fill(mirrored(stroke([0.14, 0.2, 0.14, 0.76], 0.16, 0.14)), coat);
  catFace(pen.inner(0.18, -0.4, 0.5), dice, coat);
}

export function frog(pen: Pen, dice: Dice): void {
  const skin = vary(dice, dice.pick(FROGS), 0.07);
  const belly = mix(skin, [0.95, 0.93, 0.75], 0.65);
  pen.glow(0, 0.62, 1.1, 0.22, [0, 0, 0], { opacity: 0.5 });
  const thigh = blob([0.45, 0.2, 0.85, 0.05, 0.98, 0.4, 0.7, 0.62, 0.4, 0.55]);
  pen.fill(mirrored(thigh), shade(skin, 0.75));
  pen.fill(mirrored(stroke([0.75, 0.58, 0.4, 0.68, 0.8, 0.72], 0.12, 0.08)), shade(skin, 0.6));
  const back = { from: [0, -0.5], to: [0, 0.6], start: shade(skin, 1.15), end: shade(skin, 0.8) } as const;
  pen.fill(
    blob([-0.62, 0.3, -0.6, -0.15, -0.3, -0.38, 0.3, -0.38, 0.6, -0.15, 0.62, 0.3, 0.3, 0.62, -0.3, 0.62]),
    back,
  );
  pen.fill(ellipse(0, 0.38, 0.42, 0.24), belly);
  pen.fill(mirrored(stroke([0.42, 0.35, 0.46, 0.7, 0.6, 0.74], 0.13, 0.08)), shade(skin, 0.9));
  if (dice.chance(0.5)) {
    for (let i = 0; i < 5; i++)
      pen.fill(ellipse(dice.between(-0.45, 0.45), dice.between(-0.28, 0), 0.07), shade(skin, 0.5));
  }
  pen.fill(mirrored(ellipse(0.36, -0.4, 0.22)), shade(skin, 1.05));
  pen.fill(mirrored(ellipse(0.37, -0.42, 0.15)), vary(dice, [0.92, 0.8, 0.35], 0.08));
  pen.fill(mirrored(ellipse(0.37, -0.42, 0.09, 0.07)), BLACK);
  pen.fill(stroke(smooth([-0.54, 0.02, -0.3, 0.14, 0.3, 0.14, 0.54, 0.02]), 0.05), shade(skin, 0.35));
}

export function bird(pen: Pen, dice: Dice): void {
  const dull = dice.chance(0.5);
  const plumage = dull
    ? vary(dice, dice.pick(COATS), 0.08)
    : hsv(dice.unit(), dice.between(0.6, 0.9), dice.between(0.5, 0.9));
  if (dice.chance(0.15)) birdFlying(pen, dice, plumage);
  else birdPerched(pen, dice, plumage);
}

function birdPerched(pen: Pen, dice: Dice, plumage: Colour): void {
  const belly = mix(
    plumage,
    dice.pick<Colour>([
      [1, 1, 0.95],
      [0.9, 0.5, 0.2],
      [0.95, 0.85, 0.4],
    ]),
    0.7,
  );
  const horn: Colour = dice.pick<Colour>([
    [0.9, 0.6, 0.15],
    [0.15, 0.13, 0.12],
    [0.85, 0.35, 0.2],
  ]);
  pen.fill(union(stroke([-0.05, 0.4, -0.02, 0.8], 0.06), stroke([0.14, 0.4, 0.16, 0.8], 0.06)), horn);
  if (dice.chance(0.6)) pen.fill(box(-1.4, 0.78, 1.4, 0.9), vary(dice, [0.38, 0.27, 0.18], 0.1));
  pen.fill(polygon([-0.4, 0.05, -0.98, 0.42, -0.9, 0.56, -0.3, 0.35]), shade(plumage, 0.6));
  pen.fill(blob([-0.5, 0.25, -0.2, -0.2, 0.25, -0.4, 0.5, -0.1, 0.38, 0.35, 0, 0.54]), belly);
  pen.fill(ellipse(0.34, -0.42, 0.28), plumage);
  pen.fill(polygon([0.56, -0.52, 0.98, -0.38, 0.56, -0.28]), horn);
  const wing = [-0.72, 0.36, -0.3, -0.18, 0.2, -0.22, 0.24, 0.1, -0.15, 0.34];
  pen.fill(blob(wing), { from: [0.2, -0.2], to: [-0.6, 0.4], start: plumage, end: shade(plumage, 0.55) });
  pen.fill(ellipse(0.43, -0.47, 0.085), [0.95, 0.95, 0.9]);
  pen.fill(ellipse(0.44, -0.47, 0.055), BLACK);
}

function birdFlying(pen: Pen, dice: Dice, plumage: Colour): void {
  const lift = dice.between(0.35, 0.85);
  const wing = (side: number, colour: Colour): void => {
    const tip: Point = [side * 0.75 - 0.1, -lift];
    pen.fill(
      blob([0.2, -0.02, side * 0.4 + 0.1, -lift * 0.75, ...tip, side * 0.3 - 0.15, -lift * 0.3, -0.2, 0.05]),
      colour,
    );
  };
  wing(1, shade(plumage, 0.6));
  pen.fill(polygon([-0.3, 0, -0.85, -0.06, -0.8, 0.2, -0.3, 0.14]), shade(plumage, 0.7));
  pen.fill(blob([-0.45, 0.08, 0, -0.1, 0.5, -0.06, 0.35, 0.2, -0.1, 0.24]), mix(plumage, [1, 1, 1], 0.35));
  pen.fill(ellipse(0.5, -0.04, 0.16), plumage);
  pen.fill(polygon([0.62, -0.1, 0.88, 0, 0.62, 0.05]), [0.92, 0.62, 0.15]);
  pen.fill(ellipse(0.54, -0.08, 0.045), BLACK);
  wing(-1, plumage);
}
