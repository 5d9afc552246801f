/** How many elements of the build's type a 128-bit vector holds. */
export const LANES: i32 = 16 / sizeof<real>();

/** Bytes per element of the build's type. */
export const ITEM: usize = sizeof<real>();
