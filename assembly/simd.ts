export const LANES: i32 = 16 / sizeof<real>();
