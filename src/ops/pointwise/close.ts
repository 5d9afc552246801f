import { anyNumber, boolean, define } from "../../base/signature.js";
import { tensorKind } from "../../tensor/kinds.js";
import type { Tensor } from "../../tensor/tensor.js";
import { cast, detach } from "../layout/copy.js";
import { countTrue, eq, isfinite, isnan, le } from "./compare.js";
import { logicalAnd, logicalOr } from "./where.js";
import { zip } from "./zip.js";

/** Tolerances of {@link isclose} and {@link allclose}. */
export type CloseOptions = {
  /** Allowed difference relative to |b|; 1e-5 when left out. */
  rtol?: number;
  /** Allowed absolute difference; 1e-8 when left out. */
  atol?: number;
  /** Whether NaN equals NaN; false when left out. */
  equalNan?: boolean;
};

const magnitude = (x: Tensor): Tensor => zip("maximum", x, zip("mul", x, -1));

/**
 * Where |a - b| <= atol + rtol·|b|, computed in float64, as torch.isclose.
 * @see https://pytorch.org/docs/stable/generated/torch.isclose.html
 */
export const isclose = define(
  "isclose",
  { input: tensorKind, other: tensorKind, rtol: anyNumber, atol: anyNumber, equalNan: boolean },
  (input: Tensor, other: Tensor, rtol: number = 1e-5, atol: number = 1e-8, equalNan: boolean = false): Tensor => {
    const [x, y] = [cast(detach(input), "float64"), cast(detach(other), "float64")];
    const difference = magnitude(zip("sub", x, y));
    const near = le(difference, zip("add", zip("mul", magnitude(y), rtol), atol));
    const close = logicalOr(eq(x, y), logicalAnd(near, isfinite(difference)));
    return equalNan ? logicalOr(close, logicalAnd(isnan(x), isnan(y))) : close;
  },
);

/**
 * Whether {@link isclose} holds everywhere, as torch.allclose.
 * @see https://pytorch.org/docs/stable/generated/torch.allclose.html
 */
export const allclose = define(
  "allclose",
  { input: tensorKind, other: tensorKind, rtol: anyNumber, atol: anyNumber, equalNan: boolean },
  (input: Tensor, other: Tensor, rtol: number = 1e-5, atol: number = 1e-8, equalNan: boolean = false): boolean => {
    const close = isclose(input, other, rtol, atol, equalNan);
    return countTrue(close) === close.numel;
  },
);
