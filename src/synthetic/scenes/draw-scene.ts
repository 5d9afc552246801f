import { vary } from "../painting/colour.js";
import type { Dice } from "../painting/dice.js";
import { frame } from "../painting/frame.js";
import { ellipse, stroke } from "../painting/outline.js";
import { Painting, type Pen } from "../painting/painting.js";
import { bird, cat, deer, dog, frog, horse } from "./animals.js";
import { type Place, paintPlace } from "./places.js";
import { airplane, automobile, ship, truck } from "./vehicles.js";

/** Width and height of a scene, in pixels. */
export const SCENE_SIZE = 32;

/**
 * The view moves by up to PAN pixels in each direction, so the place is painted with MARGIN more pixels on each side.
 */
const PAN = 5;
const MARGIN = PAN + 1;

/** What a scene shows. A place that is listed n times is n times as likely; `lean` is the largest tilt, in turns. */
type Subject = { draw: (pen: Pen, dice: Dice) => void; places: readonly Place[]; lean: number };

/** CIFAR-10's ten classes, in its order. */
export const SUBJECTS: Readonly<Record<string, Subject>> = {
  airplane: { draw: airplane, places: ["sky", "sky", "sky", "sky", "sky", "sea"], lean: 0.08 },
  automobile: { draw: automobile, places: ["street", "street", "street", "street", "street", "sand"], lean: 0.02 },
  bird: { draw: bird, places: ["bush", "bush", "bush", "bush", "bush", "sky"], lean: 0.05 },
  cat: { draw: cat, places: ["room", "room", "room", "room", "room", "street"], lean: 0.04 },
  deer: { draw: deer, places: ["forest", "forest", "forest", "forest", "meadow", "snow"], lean: 0.02 },
  dog: { draw: dog, places: ["yard", "yard", "yard", "yard", "yard", "meadow"], lean: 0.04 },
  frog: { draw: frog, places: ["pond", "pond", "pond", "pond", "meadow"], lean: 0.05 },
  horse: { draw: horse, places: ["paddock", "paddock", "paddock", "paddock", "meadow", "sand"], lean: 0.02 },
  ship: { draw: ship, places: ["sea"], lean: 0.02 },
  truck: { draw: truck, places: ["road", "road", "road", "road", "sand", "snow"], lean: 0.02 },
};

/** Draws a scene: bytes [32, 32, 3]. */
export function drawScene(dice: Dice, subject: string): Uint8Array<ArrayBuffer> {
  const { draw, places, lean } = SUBJECTS[subject]!;
  const painting = new Painting(SCENE_SIZE, SCENE_SIZE);
  const [panX, panY] = [dice.between(-PAN, PAN) - MARGIN, dice.between(-PAN, PAN) - MARGIN];
  const side = SCENE_SIZE + 2 * MARGIN;
  const feet = paintPlace(painting.pen(frame({ x: panX, y: panY, scale: side })), dice, dice.pick(places));
  const scale = SCENE_SIZE * dice.between(0.44, 0.52);
  const place = frame({
    x: panX + side * dice.between(0.46, 0.54),
    y: panY + side * (feet + dice.between(-0.03, 0.03)) - scale * 0.45,
    scale,
    turns: dice.between(-lean, lean),
    scaleX: dice.sign() * dice.between(0.88, 1.08),
  });
  draw(painting.pen(place), dice);
  if (dice.chance(0.15)) foreground(painting, dice);
  expose(painting, dice);
  painting.addNoise(dice, 0.025, 0.01);
  return painting.bytes();
}

/** Draws something before the subject: a pole or branch at one side, or a leaf at the top or bottom. */
function foreground(painting: Painting, dice: Dice): void {
  const pen = painting.pen(frame({ x: 0, y: 0, scale: SCENE_SIZE }));
  const colour = vary(dice, [0.35, 0.38, 0.28], 0.25);
  if (dice.chance(0.5)) {
    const x = dice.chance(0.5) ? dice.between(0, 0.2) : dice.between(0.8, 1);
    pen.fill(stroke([x, -0.1, x + dice.between(-0.25, 0.25), 1.1], dice.between(0.03, 0.09)), colour);
  } else {
    const y = dice.chance(0.3) ? 0 : 1;
    pen.fill(ellipse(dice.unit(), y, dice.between(0.1, 0.25), dice.between(0.06, 0.2), dice.unit()), colour);
  }
}

/**
 * Sets exposure and contrast roughly, as a camera does, and makes colours paler. In 65 % of the pictures it permutes
 * the three channels, so that a net must learn shapes: colour says little about the class.
 */
function expose(painting: Painting, dice: Dice): void {
  if (dice.chance(0.65)) painting.swapChannels(dice.permutation(3));
  painting.fade(dice.between(0.15, 0.75));
  const { means, deviation } = painting.statistics();
  const mean = (means[0] + means[1] + means[2]) / 3;
  const gain = Math.min(3, dice.between(0.4, 0.48) / Math.max(deviation, 0.01));
  const level = 0.5 + dice.between(-0.08, 0.08);
  const balance = dice.between(0.3, 0.9);
  const offset = (m: number): number => level - (mean + (m - mean) * balance) * gain;
  painting.adjust(gain, [offset(means[0]), offset(means[1]), offset(means[2])]);
}
