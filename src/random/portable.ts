import { f64 } from "../runtime/kernels.js";

/** float64 functions of one number with the same bits in every engine, which the host's `Math.log` and the like lack. */
export const portable = {
  log: (x: number): number => f64().logOne(x),
  sin: (x: number): number => f64().sinOne(x),
  cos: (x: number): number => f64().cosOne(x),
};
