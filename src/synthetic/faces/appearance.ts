import { type Colour, hex, mix, vary } from "../painting/colour.js";
import type { Dice } from "../painting/dice.js";
import type { Outline } from "../painting/outline.js";
import type { Traits } from "./attributes.js";

/**
 * What the parts of a face have in common. They share the square from (-1, -1) to (1, 1), with the eyes at y = -0.06.
 */
export type Appearance = {
  traits: Traits;
  skin: Colour;
  hair: Colour;
  /** The colour of brows and beard. */
  brow: Colour;
  head: Outline;
  /** The length of the hair: 0 is short, 1 reaches below the shoulders. */
  hairLength: number;
};

const SKINS = [0xf0c8a8, 0xe4b48c, 0xd09a70, 0xb07a50, 0x8a5a3a, 0x6a432c].map(hex);
const PALE = hex(0xfbe9e0);
const HAIRS = { black: 0x16120f, blond: 0xdcb869, brown: 0x5a3820, grey: 0xaaa8a6 };
const OTHER_HAIRS = [0x8a3418, 0x9a6a3e, 0x70243a].map(hex);

/** Draws the colours and the hair's length for a face with these attributes. */
export function appearanceOf(dice: Dice, traits: Traits, head: Outline): Appearance {
  const skin = traits.Pale_Skin ? vary(dice, PALE, 0.02) : vary(dice, dice.pick(SKINS), 0.03);
  const hair = hairColour(dice, traits);
  const short = traits.Male ? dice.chance(0.9) : dice.chance(0.12);
  return {
    traits,
    skin,
    hair,
    brow: traits.Bald ? hex(HAIRS.brown) : mix(hair, [0.12, 0.08, 0.06], traits.Gray_Hair ? 0.1 : 0.45),
    head,
    hairLength: traits.Bald || short ? 0 : dice.between(0.4, 1),
  };
}

function hairColour(dice: Dice, traits: Traits): Colour {
  if (traits.Black_Hair) return vary(dice, hex(HAIRS.black), 0.02);
  if (traits.Blond_Hair) return vary(dice, hex(HAIRS.blond), 0.05);
  if (traits.Brown_Hair) return vary(dice, hex(HAIRS.brown), 0.03);
  if (traits.Gray_Hair) return vary(dice, hex(HAIRS.grey), 0.06);
  return vary(dice, dice.pick(OTHER_HAIRS), 0.03);
}
