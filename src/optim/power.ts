/** Splits a double into two halves whose products are exact (Veltkamp). */
function split(x: number): [number, number] {
  const scaled = 134217729 * x; // 2^27 + 1
  const high = scaled - (scaled - x);
  return [high, x - high];
}

/** (a + b)(c + d) to about 106 bits, as an unevaluated sum (Dekker). */
function product(a: number, b: number, c: number, d: number): [number, number] {
  const p = a * c;
  const [a1, a2] = split(a);
  const [c1, c2] = split(c);
  const error = a2 * c2 - (p - a1 * c1 - a2 * c1 - a1 * c2) + (a * d + b * c);
  const high = p + error;
  return [high, error - (high - p)];
}

/**
 * base^n for whole n ≥ 0, by squaring in double-double: within one rounding of the true value, so equal to C's pow but
 * for rare last bits, and the same on every host, which Math.pow is not.
 */
export function power(base: number, n: number): number {
  let [high, low] = [1, 0];
  let [b, c] = [base, 0];
  for (let k = n; k > 0; k = Math.floor(k / 2)) {
    if (k % 2 === 1) [high, low] = product(high, low, b, c);
    [b, c] = product(b, c, b, c);
  }
  return high;
}
