/**
 * What the packer (../pack.ts, ../code.ts) and the decoder (index.ts) agree on: where the probabilities of each kind of decision begin, and how
 * they adapt. Compiled by asc and by tsc.
 */

/** Literal or match: by the kinds of the last three steps and the byte before. */
export const IS_MATCH = 0;
/**
 * The number of histories; kinds are 0 (literal), 1 (match) and 2 (match at one of the last distances, or close to the
 * last).
 */
export const HISTORIES = 27;
/** Is the distance one of the last four? By history. */
export const IS_REPEATED = 27 * 256;
/** Is it close to the last one? By history. */
export const IS_NEAR = IS_REPEATED + 32;
/** Which of the last four. */
export const WHICH = IS_NEAR + 32;
/** The probabilities of a number. */
export const NUMBER = 1024;
export const DISTANCE = 8 * NUMBER;
export const DELTA = 9 * NUMBER;
/** Lengths, by kind. */
export const LENGTH = 10 * NUMBER;
/** Bytes, by the upper five bits of the byte before. */
export const LITERAL = 12 * NUMBER;
/** Bytes, by the byte with which the last match would go on. Averaged with those of LITERAL. */
export const EXPECTED = 20 * NUMBER;
/** How many probabilities there are. */
export const MODEL_SIZE = 84 * NUMBER;

/** Update n moves a probability by 2 / (2n + 3) of the way to the bit; from LIMIT on, by that of LIMIT. */
export const LIMIT = 24;
