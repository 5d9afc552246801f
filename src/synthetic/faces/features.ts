import { type Colour, hsv, mix, shade } from "../painting/colour.js";
import type { Dice } from "../painting/dice.js";
import { blob, ellipse, mirrored, polygon, smooth, stroke, union } from "../painting/outline.js";
import type { Pen } from "../painting/painting.js";
import type { Appearance } from "./appearance.js";

const BLACK: Colour = [0.05, 0.04, 0.04];

/** Narrow eyes are slits. Makeup colours the lids and lengthens the lashes. Without Attractive one eye is higher. */
export function eyes(pen: Pen, dice: Dice, { traits, skin }: Appearance): void {
  const iris = hsv(dice.pick([0.06, 0.07, 0.3, 0.58]), 0.55, dice.between(0.25, 0.65));
  const lid = hsv(dice.pick([0.6, 0.75, 0.85, 0.5]), 0.6, 0.5);
  const open = traits.Narrow_Eyes ? 0.026 : 0.068;
  const uneven = traits.Attractive ? 0 : dice.sign() * dice.between(0.015, 0.035);
  for (const side of [-1, 1]) {
    const eye = pen.inner(side * 0.21, -0.06 + (side > 0 ? uneven : 0), 1, { scaleX: side });
    const shape = blob([
      -0.12,
      0.015,
      -0.05,
      -open * 0.85,
      0.03,
      -open,
      0.12,
      -0.01,
      0.04,
      open * 0.75,
      -0.05,
      open * 0.7,
    ]);
    if (traits.Heavy_Makeup) {
      eye.fill(blob([-0.13, 0, -0.06, -0.12, 0.06, -0.14, 0.19, -0.06, 0.12, 0.01]), lid, { opacity: 0.75 });
    }
    eye.glow(0, 0, 0.18, 0.12, shade(skin, 0.6), { opacity: traits.Heavy_Makeup ? 0.2 : 0.5 });
    eye.fill(shape, [0.95, 0.94, 0.93]);
    eye.fill(ellipse(0.005, -0.005, 0.056), iris, { clip: shape });
    eye.fill(ellipse(0.005, -0.005, 0.027), BLACK, { clip: shape });
    eye.fill(ellipse(0.022, -0.022, 0.011), [1, 1, 1], { clip: shape });
    const lash = smooth([-0.12, 0.015, -0.05, -open * 0.9, 0.03, -open * 1.05, 0.13, -0.015]);
    eye.fill(stroke(lash, 0.016, traits.Heavy_Makeup ? 0.04 : 0.02), BLACK);
    if (traits.Heavy_Makeup) {
      const lashes = [0.05, 0.09, 0.13].map((x) => stroke([x, -open * 0.7, x + 0.05, -open - 0.05], 0.016, 0.008));
      eye.fill(union(...lashes), BLACK);
    }
  }
}

/** Arched brows have a high peak, others are flat. Bushy brows are nearly three times as thick. */
export function eyebrows(pen: Pen, dice: Dice, { traits, brow }: Appearance): void {
  const peak = traits.Arched_Eyebrows ? 0.11 : 0.015;
  const inner = -0.19 + dice.between(-0.01, 0.01);
  const line = smooth([0.09, inner, 0.2, inner - peak * 0.75, 0.28, inner - peak, 0.37, inner + 0.03]);
  const thick = traits.Bushy_Eyebrows ? 0.085 : 0.032;
  pen.fill(mirrored(stroke(line, thick, thick * 0.5)), brow, { opacity: 0.92 });
  if (!traits.Bushy_Eyebrows) return;
  const hairs = [0.1, 0.15, 0.2, 0.25, 0.3].map((x) => stroke([x, inner, x + 0.03, inner - 0.075], 0.014, 0.006));
  pen.fill(mirrored(union(...hairs)), shade(brow, 0.7));
}

/** Big noses are broad and long. Pointy noses are narrow, with a bright ridge and a dark tip. */
export function nose(pen: Pen, _dice: Dice, { traits, skin }: Appearance): void {
  const { Big_Nose, Pointy_Nose } = traits;
  const half = Big_Nose ? 0.18 : Pointy_Nose ? 0.065 : 0.11;
  const tip = Big_Nose ? 0.24 : Pointy_Nose ? 0.23 : 0.18;
  const dark = shade(skin, 0.6);
  pen.glow(half * 0.5, tip - 0.12, half * 0.9, 0.22, dark, { opacity: 0.45 });
  pen.glow(0, tip - 0.12, half * 0.45, 0.22, mix(skin, [1, 0.96, 0.92], 0.4), { opacity: Pointy_Nose ? 0.9 : 0.4 });
  if (Pointy_Nose) {
    pen.fill(polygon([-0.035, -0.02, -half, tip - 0.04, 0, tip + 0.05, 0.01, -0.02]), mix(skin, [1, 0.96, 0.92], 0.3), {
      opacity: 0.6,
    });
    pen.fill(stroke([-half, tip - 0.03, 0, tip + 0.05, half, tip - 0.03], 0.02), dark);
    return;
  }
  pen.glow(0, tip - 0.01, half * 1.1, half * 0.85, mix(skin, [0.9, 0.45, 0.35], 0.35), {
    opacity: Big_Nose ? 0.9 : 0.5,
  });
  pen.fill(mirrored(stroke(smooth([half * 0.75, tip - 0.09, half, tip - 0.02, half * 0.7, tip + 0.02]), 0.018)), dark);
  pen.fill(mirrored(ellipse(half * 0.45, tip + 0.015, half * 0.25, 0.02)), shade(skin, 0.35));
}

/** A smile lifts the corners of the lips. An open mouth shows teeth. Big lips are twice as thick; lipstick is red. */
export function mouth(pen: Pen, dice: Dice, { traits, skin }: Appearance): void {
  const { Smiling, Mouth_Slightly_Open, Big_Lips, Wearing_Lipstick } = traits;
  const natural = mix(skin, [0.7, 0.32, 0.3], 0.45);
  const painted = hsv(dice.pick([0.94, 0.97, 0.99]), dice.between(0.75, 0.95), dice.between(0.55, 0.85));
  const lips = Wearing_Lipstick ? painted : shade(natural, 0.95);
  const half = (Smiling ? 0.26 : 0.18) + dice.between(-0.01, 0.01);
  const lift = Smiling ? 0.085 : -0.01;
  const gap = Mouth_Slightly_Open ? 0.045 : 0;
  const thick = Big_Lips ? 0.075 : 0.035;
  const m = pen.inner(0, 0.39, 1);
  const [top, bottom] = [-gap, gap + lift * 0.35];
  const upper = [-half, -lift, -half * 0.4, top - thick, 0, top - thick * 0.75, half * 0.4, top - thick, half, -lift];
  const lower = [half * 0.5, bottom + thick * 0.9, 0, bottom + thick * 1.3, -half * 0.5, bottom + thick * 0.9];
  const outer = blob([...upper, ...lower]);
  m.glow(0, bottom + thick + 0.06, 0.14, 0.05, shade(skin, 0.6), { opacity: 0.5 });
  m.fill(outer, { from: [0, -0.1], to: [0, 0.12], start: shade(lips, 0.85), end: shade(lips, 1.1) });
  if (Mouth_Slightly_Open) {
    const hole = blob([
      -half * 0.8,
      -lift * 0.8,
      0,
      top,
      half * 0.8,
      -lift * 0.8,
      half * 0.45,
      bottom,
      0,
      bottom + 0.015,
      -half * 0.45,
      bottom,
    ]);
    m.fill(hole, [0.25, 0.05, 0.06]);
    m.fill(ellipse(0, top + 0.005 - lift * 0.2, half * 0.7, 0.04), [0.97, 0.96, 0.93], { clip: hole });
  } else {
    m.fill(stroke(smooth([-half, -lift, 0, bottom * 0.8, half, -lift]), 0.016), shade(lips, 0.4));
  }
  if (Smiling) {
    const dimple = stroke(smooth([half + 0.02, -lift - 0.05, half + 0.05, -lift, half + 0.03, -lift + 0.05]), 0.016);
    m.fill(mirrored(dimple), shade(skin, 0.55), { opacity: 0.8 });
  }
}

export function glasses(pen: Pen, dice: Dice, { traits }: Appearance): void {
  if (!traits.Eyeglasses) return;
  const rim = dice.chance(0.7) ? BLACK : hsv(dice.unit(), 0.6, 0.4);
  const tint = dice.chance(0.25) ? 0.75 : 0.12;
  const [rx, ry] = [0.18, dice.between(0.12, 0.16)];
  const lens = mirrored(ellipse(0.21, -0.04, rx, ry));
  pen.fill(lens, tint > 0.5 ? BLACK : [0.9, 0.95, 1], { opacity: tint });
  const ring: number[] = [];
  const circle = ellipse(0.21, -0.04, rx, ry)[0]!;
  ring.push(...circle, circle[0]!, circle[1]!);
  pen.fill(mirrored(stroke(ring, 0.03)), rim);
  pen.fill(
    union(
      stroke(smooth([-0.04, -0.06, 0, -0.085, 0.04, -0.06]), 0.03),
      mirrored(stroke([0.38, -0.07, 0.52, -0.09], 0.03)),
    ),
    rim,
  );
}
