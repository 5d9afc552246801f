/**
 * What packer (../pack.ts, ../code.ts) and decoder (index.ts) agree on: where the probabilities of each kind of decision begin, and how they
 * learn. Read by asc and by tsc.
 */

/** Literal or match: by the kinds of the last three steps and the byte before. */
export const IS_MATCH = 0;
/** How many such histories there are; kinds are 0 (literal), 1 (match) and 2 (match at a distance used or nearly used before). */
export const HISTORIES = 27;
/** Is the distance one of the last four? By history. */
export const IS_REPEATED = 27 * 256;
/** Is it close to the last one? By history. */
export const IS_NEAR = IS_REPEATED + 32;
/** Which of the last four. */
export const WHICH = IS_NEAR + 32;
/** Numbers take so many probabilities. */
export const NUMBER = 1024;
export const DISTANCE = 8 * NUMBER;
export const DELTA = 9 * NUMBER;
/** Lengths, by kind. */
export const LENGTH = 10 * NUMBER;
/** Bytes, by the upper five bits of the byte before. */
export const LITERAL = 12 * NUMBER;
/** Bytes, by the byte that would have come had the last match gone on. Averaged with those of LITERAL. */
export const EXPECTED = 20 * NUMBER;
/** How many probabilities there are. */
export const MODEL_SIZE = 84 * NUMBER;

/** The n-th lesson moves a probability by 2 / (2n + 3) of what is missing, the LIMIT-th and later ones as the LIMIT-th. */
export const LIMIT = 24;
