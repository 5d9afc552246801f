/**
 * Constants of the packer (../pack.ts, ../code.ts) and the decoder (index.ts): the first index of the probabilities of
 * each kind of decision, and how they adapt. asc and tsc both compile this file.
 */

/** Literal or match? By history (the kinds of the last three steps) and the byte before. */
export const IS_MATCH = 0;
/**
 * The number of histories. Kinds are 0 (literal), 1 (match), and 2 (match at one of the last four distances or near the
 * last one).
 */
export const HISTORIES = 27;
/** Is the distance one of the last four? By history. */
export const IS_REPEATED = 27 * 256;
/** Is it near the last one (NEAR in ../code.ts)? By history. */
export const IS_NEAR = IS_REPEATED + 32;
/** Which of the last four? */
export const WHICH = IS_NEAR + 32;
/** The number of probabilities for coding an integer. */
export const NUMBER = 1024;
export const DISTANCE = 8 * NUMBER;
export const DELTA = 9 * NUMBER;
/** Lengths, by kind. */
export const LENGTH = 10 * NUMBER;
/** Bytes, by the upper five bits of the byte before. */
export const LITERAL = 12 * NUMBER;
/** Bytes, by the byte that would continue the last match. P = (P of LITERAL + P of EXPECTED) / 2. */
export const EXPECTED = 20 * NUMBER;
/** The number of all probabilities. */
export const MODEL_SIZE = 84 * NUMBER;

/** Update n moves a probability towards the bit by the fraction 2 / (2 · min(n, LIMIT) + 3). */
export const LIMIT = 24;
