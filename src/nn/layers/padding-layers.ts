import { ValueError } from "../../base/errors.js";
import { type PadMode, pad } from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { Module } from "../module/module.js";

/** One width for all sides, or a pair for each dim, the last dim first: [left, right, top, bottom]. */
export type Padding = number | readonly number[];

/** Pads the last dims of an input, with or without a batch dim. */
abstract class PadLayer extends Module {
  /** Pairs as F.pad takes them. */
  readonly padding: readonly number[];

  constructor(
    padding: Padding,
    dims: number,
    readonly mode: PadMode,
    readonly value = 0,
  ) {
    super();
    this.padding = typeof padding === "number" ? Array<number>(2 * dims).fill(padding) : [...padding];
    if (this.padding.length !== 2 * dims || !this.padding.every(Number.isInteger)) {
      const got = typeof padding === "number" ? padding : `[${padding.join(", ")}]`;
      throw new ValueError(this.constructor.name, `expected a whole number or ${2 * dims} of them, got ${got}`);
    }
  }

  override forward(x: Tensor): Tensor {
    return pad(x, this.padding, { mode: this.mode, value: this.value });
  }

  override extraRepr(): string {
    return `(${this.padding.join(", ")})`;
  }
}

/**
 * Puts a constant around the last dim, as torch.nn.ConstantPad1d.
 * @param padding one width for both sides, or [left, right]; negative widths cut off
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ConstantPad1d.html
 */
export class ConstantPad1d extends PadLayer {
  constructor(padding: Padding, value: number) {
    super(padding, 1, "constant", checkValue("ConstantPad1d", value));
  }

  override extraRepr(): string {
    return `padding=${super.extraRepr()}, value=${this.value}`;
  }
}

/**
 * Puts a constant around the last two dims, as torch.nn.ConstantPad2d.
 * @param padding one width for all sides, or [left, right, top, bottom]; negative widths cut off
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ConstantPad2d.html
 */
export class ConstantPad2d extends PadLayer {
  constructor(padding: Padding, value: number) {
    super(padding, 2, "constant", checkValue("ConstantPad2d", value));
  }

  override extraRepr(): string {
    return `padding=${super.extraRepr()}, value=${this.value}`;
  }
}

/** For callers without types: PyTorch has no default either. */
function checkValue(name: string, value: number): number {
  if (typeof value === "number") return value;
  throw new ValueError(name, `expected a value for the border, got ${String(value)}`);
}

/**
 * Puts zeros around the last two dims, as torch.nn.ZeroPad2d.
 * @param padding one width for all sides, or [left, right, top, bottom]; negative widths cut off
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ZeroPad2d.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.ZeroPad2d([1, 1, 2, 0]).forward(rand([4, 3, 8, 8])).shape; // [4, 3, 10, 10]
 * ```
 */
export class ZeroPad2d extends PadLayer {
  constructor(padding: Padding) {
    super(padding, 2, "constant");
  }
}

/**
 * Mirrors [C, L] or [N, C, L] at its ends, as torch.nn.ReflectionPad1d.
 * @param padding one width for both sides, or [left, right], each less than L
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ReflectionPad1d.html
 */
export class ReflectionPad1d extends PadLayer {
  constructor(padding: Padding) {
    super(padding, 1, "reflect");
  }
}

/**
 * Mirrors [C, H, W] or [N, C, H, W] at its edges, as torch.nn.ReflectionPad2d.
 * @param padding one width for all sides, or [left, right, top, bottom], each less than the size
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ReflectionPad2d.html
 */
export class ReflectionPad2d extends PadLayer {
  constructor(padding: Padding) {
    super(padding, 2, "reflect");
  }
}

/**
 * Repeats the first and last elements of [C, L] or [N, C, L], as torch.nn.ReplicationPad1d.
 * @param padding one width for both sides, or [left, right]
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ReplicationPad1d.html
 */
export class ReplicationPad1d extends PadLayer {
  constructor(padding: Padding) {
    super(padding, 1, "replicate");
  }
}

/**
 * Repeats the edges of [C, H, W] or [N, C, H, W], as torch.nn.ReplicationPad2d.
 * @param padding one width for all sides, or [left, right, top, bottom]
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ReplicationPad2d.html
 */
export class ReplicationPad2d extends PadLayer {
  constructor(padding: Padding) {
    super(padding, 2, "replicate");
  }
}
