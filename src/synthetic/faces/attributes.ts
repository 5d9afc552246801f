import type { Dice } from "../painting/dice.js";

/** CelebA's 40 attributes, in its order. */
export const ATTRIBUTES = [
  "5_o_Clock_Shadow",
  "Arched_Eyebrows",
  "Attractive",
  "Bags_Under_Eyes",
  "Bald",
  "Bangs",
  "Big_Lips",
  "Big_Nose",
  "Black_Hair",
  "Blond_Hair",
  "Blurry",
  "Brown_Hair",
  "Bushy_Eyebrows",
  "Chubby",
  "Double_Chin",
  "Eyeglasses",
  "Goatee",
  "Gray_Hair",
  "Heavy_Makeup",
  "High_Cheekbones",
  "Male",
  "Mouth_Slightly_Open",
  "Mustache",
  "Narrow_Eyes",
  "No_Beard",
  "Oval_Face",
  "Pale_Skin",
  "Pointy_Nose",
  "Receding_Hairline",
  "Rosy_Cheeks",
  "Sideburns",
  "Smiling",
  "Straight_Hair",
  "Wavy_Hair",
  "Wearing_Earrings",
  "Wearing_Hat",
  "Wearing_Lipstick",
  "Wearing_Necklace",
  "Wearing_Necktie",
  "Young",
] as const;

export type Attribute = (typeof ATTRIBUTES)[number];

/** Which attributes a face has. */
export type Traits = Record<Attribute, boolean>;

/** For attributes that depend on sex alone: their share among women and among men, roughly as in CelebA. */
const SHARES = {
  Arched_Eyebrows: [0.4, 0.08],
  Big_Lips: [0.29, 0.17],
  Big_Nose: [0.11, 0.41],
  Blurry: [0.05, 0.05],
  Bushy_Eyebrows: [0.08, 0.23],
  Double_Chin: [0.025, 0.085],
  Eyeglasses: [0.03, 0.12],
  Heavy_Makeup: [0.66, 0.003],
  Narrow_Eyes: [0.12, 0.11],
  Pale_Skin: [0.055, 0.025],
  Rosy_Cheeks: [0.11, 0.004],
  Smiling: [0.54, 0.4],
  Wearing_Earrings: [0.31, 0.02],
  Wearing_Hat: [0.03, 0.075],
  Wearing_Necklace: [0.2, 0.015],
  Young: [0.86, 0.65],
} as const satisfies Partial<Record<Attribute, readonly [women: number, men: number]>>;

/** Draws the attributes of a face. None contradicts another, and none is hidden by another. */
export function drawTraits(dice: Dice): Traits {
  const traits = Object.fromEntries(ATTRIBUTES.map((name) => [name, false])) as Traits;
  traits.Male = dice.chance(0.417);
  for (const name of Object.keys(SHARES) as (keyof typeof SHARES)[]) {
    traits[name] = dice.chance(SHARES[name][traits.Male ? 1 : 0]);
  }
  drawHair(traits, dice);
  drawBeard(traits, dice);
  const { Male, Young, Smiling, Heavy_Makeup, Double_Chin, Big_Nose } = traits;
  traits.Chubby = dice.chance(Double_Chin ? 0.6 : 0.035);
  traits.Oval_Face = !traits.Chubby && dice.chance(Male ? 0.24 : 0.33);
  traits.Pointy_Nose = !Big_Nose && dice.chance(Male ? 0.25 : 0.4);
  traits.High_Cheekbones = dice.chance(Smiling ? 0.78 : 0.15);
  traits.Mouth_Slightly_Open = dice.chance(Smiling ? 0.7 : 0.28);
  traits.Bags_Under_Eyes = dice.chance((Male ? 0.22 : 0.08) + (Young ? 0 : 0.2));
  traits.Wearing_Lipstick = dice.chance(Heavy_Makeup ? 0.97 : Male ? 0.004 : 0.47);
  traits.Wearing_Necktie = Male && dice.chance(0.17);
  const charm = 0.25 + (Young ? 0.35 : 0) + (Male ? -0.2 : 0.12) - (traits.Chubby ? 0.3 : 0);
  traits.Attractive = dice.chance(charm);
  return traits;
}

/** Draws the attributes of the hair. A hat hides hairline and bangs, and a bald head has none of them. */
function drawHair(traits: Traits, dice: Dice): void {
  const { Male, Young, Wearing_Hat } = traits;
  traits.Bald = Male && !Wearing_Hat && dice.chance(Young ? 0.03 : 0.11);
  if (traits.Bald) return;
  const grey = dice.chance(Young ? 0.005 : 0.17);
  const colour = dice.unit();
  traits.Gray_Hair = grey;
  traits.Black_Hair = !grey && colour < 0.27;
  traits.Brown_Hair = !grey && colour >= 0.27 && colour < 0.5;
  traits.Blond_Hair = !grey && colour >= 0.5 && colour < (Male ? 0.53 : 0.74);
  const form = dice.unit();
  traits.Straight_Hair = form < 0.22;
  traits.Wavy_Hair = form >= 0.22 && form < (Male ? 0.36 : 0.67);
  if (Wearing_Hat) return;
  traits.Receding_Hairline = dice.chance((Male ? 0.12 : 0.03) + (Young ? 0 : 0.1));
  traits.Bangs = !traits.Receding_Hairline && dice.chance(Male ? 0.09 : 0.22);
}

/**
 * Draws the attributes of the beard. A man without No_Beard has a goatee, a mustache, sideburns or several of them;
 * with none of them he has a full beard.
 */
function drawBeard(traits: Traits, dice: Dice): void {
  traits.No_Beard = !traits.Male || dice.chance(0.6);
  if (traits.No_Beard) {
    traits["5_o_Clock_Shadow"] = traits.Male && dice.chance(0.3);
    return;
  }
  traits.Goatee = dice.chance(0.37);
  traits.Mustache = dice.chance(0.26);
  traits.Sideburns = dice.chance(0.33);
  const full = !(traits.Goatee || traits.Mustache || traits.Sideburns);
  traits["5_o_Clock_Shadow"] = !full && dice.chance(0.3);
}
