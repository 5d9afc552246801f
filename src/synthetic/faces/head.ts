import { type Colour, hsv, mix, shade, vary } from "../painting/colour.js";
import type { Dice } from "../painting/dice.js";
import {
  blob,
  ellipse,
  mirrored,
  type Outline,
  polygon,
  smooth,
  stroke,
  symmetric,
  union,
} from "../painting/outline.js";
import type { Pen } from "../painting/painting.js";
import type { Appearance } from "./appearance.js";
import type { Traits } from "./attributes.js";

/** The outline of the head. Men have broad jaws, chubby faces full cheeks; oval faces are long and narrow. */
export function headOutline(dice: Dice, { Male, Chubby, Oval_Face, Double_Chin }: Traits): Outline {
  const full = Chubby ? 0.09 : Double_Chin ? 0.03 : 0;
  const cheek = (Oval_Face ? 0.43 : 0.49) + full * 0.8 + dice.between(-0.01, 0.01);
  const jaw = (Male ? 0.41 : 0.36) + full - (Oval_Face ? 0.07 : 0);
  const chin = (Male ? 0.2 : 0.13) + full - (Oval_Face ? 0.03 : 0);
  const low = Oval_Face ? 0.71 : 0.62;
  const side = [0.22, -0.63, 0.42, -0.42, cheek, -0.1, cheek - 0.02, 0.15, jaw, 0.38, chin, low - 0.05];
  return blob(symmetric([0, -0.66], side, [0, low]), 8);
}

export function neck(pen: Pen, _dice: Dice, { traits, skin }: Appearance): void {
  const half = (traits.Male ? 0.33 : 0.23) + (traits.Chubby ? 0.08 : 0);
  const shape = blob([-half, 0.3, half, 0.3, half, 0.8, half + 0.25, 1.15, -half - 0.25, 1.15, -half, 0.8]);
  pen.fill(shape, { from: [0, 0.5], to: [0, 1], start: shade(skin, 0.62), end: shade(skin, 0.95) });
}

/** Clothes leave the throat bare. A necktie comes with a white shirt and a jacket; a necklace lies on the skin. */
export function clothes(pen: Pen, dice: Dice, { traits }: Appearance): void {
  const cloth = hsv(dice.unit(), dice.between(0.1, 0.7), dice.between(0.15, 0.85));
  const wide = traits.Male ? 0.95 : 0.78;
  const shoulders = [-1.3, 1.3, -wide, 0.98, -0.36, 0.82, 0, 1.25, 0.36, 0.82, wide, 0.98, 1.3, 1.3];
  if (traits.Wearing_Necktie) {
    const suit = vary(dice, [0.18, 0.19, 0.24], 0.08);
    pen.fill(polygon(shoulders), suit);
    pen.fill(polygon([-0.36, 0.72, 0, 0.9, 0.36, 0.72, 0.3, 1.2, -0.3, 1.2]), [0.95, 0.95, 0.96]);
    pen.fill(mirrored(polygon([0.28, 0.74, 0.5, 0.86, 0.24, 1.2, 0.12, 1.2])), shade(suit, 0.75));
    const silk = hsv(dice.unit(), 0.8, dice.between(0.4, 0.75));
    pen.fill(polygon([-0.1, 0.84, 0.1, 0.84, 0.06, 0.93, 0.14, 1.2, -0.14, 1.2, -0.06, 0.93]), silk);
    pen.fill(stroke([-0.06, 0.93, 0.06, 0.93], 0.015), shade(silk, 0.5));
  } else {
    pen.fill(polygon(shoulders), { from: [0, 0.8], to: [0, 1.1], start: shade(cloth, 1.1), end: shade(cloth, 0.7) });
  }
  if (traits.Wearing_Necklace) necklace(pen, dice);
}

function necklace(pen: Pen, dice: Dice): void {
  const beads = smooth([-0.3, 0.74, -0.2, 0.87, 0, 0.94, 0.2, 0.87, 0.3, 0.74], 5);
  const metal: Colour = dice.pick<Colour>([
    [0.98, 0.85, 0.35],
    [0.96, 0.96, 0.98],
    [0.75, 0.1, 0.2],
    [0.1, 0.45, 0.6],
  ]);
  const chain: Outline[] = [];
  for (let i = 0; i < beads.length; i += 2) chain.push(ellipse(beads[i]!, beads[i + 1]!, 0.032));
  pen.fill(stroke(beads, 0.02), shade(metal, 0.5));
  pen.fill(union(...chain), metal);
  pen.fill(ellipse(0, 0.985, 0.05, 0.06), shade(metal, 0.85));
}

export function ears(pen: Pen, dice: Dice, { traits, skin, hairLength }: Appearance): void {
  const x = (traits.Oval_Face ? 0.44 : 0.5) + (traits.Chubby ? 0.07 : 0);
  if (hairLength === 0) {
    pen.fill(mirrored(ellipse(x, 0.02, 0.08, 0.14)), shade(skin, 0.85));
    pen.fill(mirrored(ellipse(x + 0.01, 0.02, 0.045, 0.09)), shade(skin, 0.65));
  }
  if (!traits.Wearing_Earrings) return;
  const gem = dice.chance(0.5) ? hsv(dice.unit(), 0.75, 0.9) : ([0.98, 0.88, 0.45] as const);
  const drop = dice.between(0.24, 0.32);
  pen.fill(mirrored(stroke([x + 0.03, 0.14, x + 0.03, drop], 0.025)), [0.95, 0.9, 0.7]);
  pen.fill(mirrored(ellipse(x + 0.03, drop + 0.04, 0.055, 0.075)), gem);
  pen.fill(mirrored(ellipse(x + 0.015, drop + 0.02, 0.015)), [1, 1, 1]);
}

/** The skin of the head, lit from above, with cheekbones, rosy cheeks and a double chin. */
export function skull(pen: Pen, _dice: Dice, { traits, skin, head }: Appearance): void {
  if (traits.Double_Chin) {
    const fold = blob([-0.36, 0.45, 0.36, 0.45, 0.32, 0.7, 0, 0.82, -0.32, 0.7]);
    pen.fill(fold, { from: [0, 0.6], to: [0, 0.82], start: shade(skin, 0.95), end: shade(skin, 0.72) });
    pen.glow(0, 0.68, 0.34, 0.1, shade(skin, 0.5), { opacity: 0.6 });
  }
  pen.fill(head, { from: [0, -0.6], to: [0, 0.7], start: shade(skin, 1.04), end: shade(skin, 0.88) });
  for (const side of [-1, 1]) {
    pen.glow(side * 0.52, 0.1, 0.22, 0.6, shade(skin, 0.6), { opacity: 0.5, clip: head });
    if (traits.High_Cheekbones) {
      pen.glow(side * 0.3, 0.1, 0.16, 0.09, mix(skin, [1, 0.96, 0.92], 0.45), { opacity: 0.8, clip: head });
      const hollow = stroke(smooth([side * 0.46, 0.14, side * 0.36, 0.26, side * 0.27, 0.34]), 0.05, 0.02);
      pen.fill(hollow, shade(skin, 0.62), { opacity: 0.5, clip: head });
    }
    if (traits.Rosy_Cheeks) pen.glow(side * 0.3, 0.18, 0.2, 0.17, [0.95, 0.3, 0.35], { opacity: 0.75, clip: head });
  }
}

/** Lines of age, spots on the skin, bags under the eyes. */
export function skinDetails(pen: Pen, dice: Dice, { traits, skin, head }: Appearance): void {
  const line = shade(skin, 0.58);
  if (!traits.Young) {
    const forehead = [-0.46, -0.39, -0.32].map((y) =>
      stroke(smooth([-0.24, y + 0.02, 0, y - 0.01, 0.24, y + 0.02]), 0.02),
    );
    const crow = [-0.1, -0.05, 0].map((y) => stroke([0.37, -0.04 + y * 0.3, 0.45, y], 0.016));
    const fold = stroke(smooth([0.13, 0.16, 0.21, 0.26, 0.24, 0.4]), 0.026, 0.014);
    pen.fill(union(...forehead, mirrored(union(...crow, fold))), line, { opacity: 0.9, clip: head });
  }
  if (!traits.Attractive) {
    for (let i = 9; i > 0; i--) {
      const [x, y, r] = [dice.between(-0.4, 0.4), dice.between(-0.35, 0.5), dice.between(0.01, 0.022)];
      const spot = mix(skin, dice.chance(0.5) ? [0.75, 0.2, 0.18] : [0.25, 0.13, 0.08], 0.55);
      pen.fill(ellipse(x, y, r), spot, { clip: head });
    }
  } else {
    pen.glow(0, -0.32, 0.3, 0.14, mix(skin, [1, 0.96, 0.92], 0.5), { opacity: 0.5, clip: head });
  }
  if (traits.Bags_Under_Eyes) {
    for (const x of [-0.21, 0.21]) {
      pen.glow(x, 0.06, 0.15, 0.07, shade(mix(skin, [0.4, 0.25, 0.4], 0.5), 0.6), { opacity: 0.8 });
      pen.fill(stroke(smooth([x - 0.11, 0.04, x, 0.1, x + 0.11, 0.04]), 0.014), line, { opacity: 0.8 });
    }
  }
}
