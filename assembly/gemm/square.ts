/** Transposes a square of LANES × LANES elements in registers: row i of the source becomes column i. */
@inline
export function square(to: usize, step: usize, from: usize, across: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + across);
  if (sizeof<real>() == 8) {
    v128.store(to, v128.shuffle<f64>(a, b, 0, 2));
    v128.store(to + step, v128.shuffle<f64>(a, b, 1, 3));
  } else {
    const c = v128.load(from + 2 * across);
    const d = v128.load(from + 3 * across);
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const AB = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const CD = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f64>(ab, cd, 0, 2));
    v128.store(to + step, v128.shuffle<f64>(ab, cd, 1, 3));
    v128.store(to + 2 * step, v128.shuffle<f64>(AB, CD, 0, 2));
    v128.store(to + 3 * step, v128.shuffle<f64>(AB, CD, 1, 3));
  }
}
