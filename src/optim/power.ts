/** The rounding error a·b − product, exactly: from halves whose products are exact (Veltkamp, Dekker). */
function lost(a: number, b: number, product: number): number {
  const a1 = 134217729 * a - (134217729 * a - a); // 2^27 + 1
  const b1 = 134217729 * b - (134217729 * b - b);
  const a2 = a - a1;
  const b2 = b - b1;
  return a2 * b2 - (product - a1 * b1 - a2 * b1 - a1 * b2);
}

/**
 * base^n for whole n ≥ 0, by squaring numbers of 106 bits (unevaluated sums of two doubles). The result is within one
 * rounding of the true value: equal to C's pow except for rare last bits, and the same on every host, unlike Math.pow.
 */
export function power(base: number, n: number): number {
  let high = 1;
  let low = 0;
  let b = base;
  let c = 0;
  for (let k = n; k > 0; k = Math.floor(k / 2)) {
    if (k % 2 === 1) {
      const product = high * b;
      const rest = lost(high, b, product) + (high * c + low * b);
      high = product + rest;
      low = rest - (high - product);
    }
    const square = b * b;
    const rest = lost(b, b, square) + 2 * b * c;
    b = square + rest;
    c = rest - (b - square);
  }
  return high;
}
