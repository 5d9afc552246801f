/**
 * Transposes 16 / sizeof<T>() vectors of 4- or 8-byte elements in registers: out[r][j] = x[j][r]; so and sx are the
 * bytes between rows.
 */
@inline
export function transposeVectors<T>(out: usize, so: usize, x: usize, sx: usize): void {
  transposeVectorsAt<T>(out, so, x, x + sx, x + 2 * sx, x + 3 * sx);
}

/** The same with an address for each row; of 8-byte elements there are two rows. */
@inline
export function transposeVectorsAt<T>(out: usize, so: usize, x0: usize, x1: usize, x2: usize, x3: usize): void {
  const a = v128.load(x0);
  const b = v128.load(x1);
  if (sizeof<T>() == 8) {
    v128.store(out, v128.shuffle<u64>(a, b, 0, 2));
    v128.store(out + so, v128.shuffle<u64>(a, b, 1, 3));
    return;
  }
  const c = v128.load(x2);
  const d = v128.load(x3);
  const low = v128.shuffle<u32>(a, b, 0, 4, 1, 5);
  const high = v128.shuffle<u32>(a, b, 2, 6, 3, 7);
  const lowNext = v128.shuffle<u32>(c, d, 0, 4, 1, 5);
  const highNext = v128.shuffle<u32>(c, d, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<u64>(low, lowNext, 0, 2));
  v128.store(out + so, v128.shuffle<u64>(low, lowNext, 1, 3));
  v128.store(out + 2 * so, v128.shuffle<u64>(high, highNext, 0, 2));
  v128.store(out + 3 * so, v128.shuffle<u64>(high, highNext, 1, 3));
}
