import { f64 } from "../runtime/kernels.js";

/** float64 functions of one number with the same bits in every engine; the host's `Math.log` and others differ. */
export const portable = {
  log: (x: number): number => f64().logOne(x),
  exp: (x: number): number => f64().expOne(x),
  erf: (x: number): number => f64().erfOne(x),
  sin: (x: number): number => f64().sinOne(x),
  cos: (x: number): number => f64().cosOne(x),
};

/** The x with erf(x) = y: Winitzki's approximation (3 digits), then Halley's method; a step triples the digits. */
export function erfInverse(y: number): number {
  if (!(Math.abs(y) < 1)) return Math.abs(y) === 1 ? y * Number.POSITIVE_INFINITY : Number.NaN;
  const a = 0.147;
  const l = portable.log((1 - y) * (1 + y));
  const t = 2 / (Math.PI * a) + l / 2;
  let x = Math.sign(y) * Math.sqrt(Math.sqrt(t * t - l / a) - t);
  for (let i = 0; i < 3; i++) {
    const step = (portable.erf(x) - y) * (Math.sqrt(Math.PI) / 2) * portable.exp(x * x);
    x -= step / (1 + x * step);
  }
  return x;
}
