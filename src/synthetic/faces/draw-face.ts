import { soften } from "../painting/blur.js";
import { type Colour, hsv } from "../painting/colour.js";
import type { Dice } from "../painting/dice.js";
import { frame } from "../painting/frame.js";
import { box } from "../painting/outline.js";
import { Painting, type Pen } from "../painting/painting.js";
import { type Appearance, appearanceOf } from "./appearance.js";
import type { Traits } from "./attributes.js";
import { eyebrows, eyes, glasses, mouth, nose } from "./features.js";
import { beard, fringe, hat, longHair } from "./hair.js";
import { clothes, ears, headOutline, neck, skinDetails, skull } from "./head.js";

/** Width and height of a face, in pixels. */
export const FACE_SIZE = 256;

/** Draws a face: bytes [256, 256, 3]. */
export function drawFace(dice: Dice, traits: Traits): Uint8Array<ArrayBuffer> {
  const painting = new Painting(FACE_SIZE, FACE_SIZE);
  const half = FACE_SIZE / 2;
  background(painting.pen(frame({ x: half, y: half, scale: half })), dice.fork());
  const place = frame({
    x: half * dice.between(0.94, 1.06),
    y: half * dice.between(0.98, 1.08),
    scale: half * dice.between(0.94, 1.04),
    turns: dice.between(-0.012, 0.012),
    scaleX: dice.sign(),
  });
  const pen = painting.pen(place);
  const face = appearanceOf(dice.fork(), traits, headOutline(dice.fork(), traits));
  for (const part of PARTS) part(pen, dice.fork(), face);
  if (traits.Blurry) soften(painting, 5);
  const [gain, warmth] = [dice.between(0.88, 1.08), dice.between(-0.02, 0.02)];
  painting.adjust(gain, [warmth, 0, -warmth]);
  painting.addNoise(dice, 0.015, 0.01);
  return painting.bytes();
}

/** The parts of a face, from back to front. */
const PARTS: readonly ((pen: Pen, dice: Dice, face: Appearance) => void)[] = [
  longHair,
  neck,
  clothes,
  ears,
  skull,
  skinDetails,
  beard,
  nose,
  mouth,
  eyes,
  eyebrows,
  glasses,
  fringe,
  hat,
];

/** Draws a blurred wall. */
function background(pen: Pen, dice: Dice): void {
  const colour = (): Colour => hsv(dice.unit(), dice.between(0.05, 0.45), dice.between(0.2, 0.95));
  pen.fill(box(-1, -1, 1, 1), { from: [dice.bell(), -1], to: [dice.bell(), 1], start: colour(), end: colour() });
  for (let i = dice.below(5); i > 0; i--) {
    const [x, y] = [dice.between(-1, 1), dice.between(-1, 1)];
    pen.glow(x, y, dice.between(0.3, 0.9), dice.between(0.3, 0.9), colour(), { opacity: 0.7 });
  }
}
