import { ValueError } from "../../base/errors.js";
import { type ArgumentsOf, anyNumber, define } from "../../base/signature.js";
import { type PadMode, pad } from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { sizeKind } from "../../ops/layout/sizes.js";
import { Module } from "../module/module.js";

/** One width for all sides, or a pair for each dim, the last dim first: [left, right, top, bottom]. */
export type Padding = number | readonly number[];

/** Checks widths and makes pairs of them, as F.pad takes them. */
function pairsOf(name: string, padding: Padding, dims: number): readonly number[] {
  const pairs = typeof padding === "number" ? Array<number>(2 * dims).fill(padding) : [...padding];
  if (pairs.length === 2 * dims && pairs.every(Number.isInteger)) return pairs;
  const got = typeof padding === "number" ? padding : `[${padding.join(", ")}]`;
  throw new ValueError(name, `expected a whole number or ${2 * dims} of them, got ${got}`);
}

/** The call of a layer that pads `dims` dims. */
function padCall(name: string, dims: number) {
  return define(name, { padding: sizeKind }, (padding: Padding) => pairsOf(name, padding, dims));
}

/** The call of a layer that pads `dims` dims with a constant. */
function constantPadCall(name: string, dims: number) {
  return define(
    name,
    { padding: sizeKind, value: anyNumber },
    (padding: Padding, value: number) => [pairsOf(name, padding, dims), "constant", value] as const,
  );
}

const constantPad1dCall = constantPadCall("ConstantPad1d", 1);
const constantPad2dCall = constantPadCall("ConstantPad2d", 2);
const zeroPad2dCall = padCall("ZeroPad2d", 2);
const reflectionPad1dCall = padCall("ReflectionPad1d", 1);
const reflectionPad2dCall = padCall("ReflectionPad2d", 2);
const replicationPad1dCall = padCall("ReplicationPad1d", 1);
const replicationPad2dCall = padCall("ReplicationPad2d", 2);

/** Pads the last dims of an input, with or without a batch dim. */
abstract class PadLayer extends Module {
  constructor(
    /** Pairs as F.pad takes them. */
    readonly padding: readonly number[],
    readonly mode: PadMode,
    readonly value = 0,
  ) {
    super();
  }

  override forward(x: Tensor): Tensor {
    return pad(x, this.padding, this.mode, this.value);
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
  constructor(...args: ArgumentsOf<typeof constantPad1dCall>) {
    super(...constantPad1dCall(...args));
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
  constructor(...args: ArgumentsOf<typeof constantPad2dCall>) {
    super(...constantPad2dCall(...args));
  }

  override extraRepr(): string {
    return `padding=${super.extraRepr()}, value=${this.value}`;
  }
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
  constructor(...args: ArgumentsOf<typeof zeroPad2dCall>) {
    super(zeroPad2dCall(...args), "constant");
  }
}

/**
 * Mirrors [C, L] or [N, C, L] at its ends, as torch.nn.ReflectionPad1d.
 * @param padding one width for both sides, or [left, right], each less than L
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ReflectionPad1d.html
 */
export class ReflectionPad1d extends PadLayer {
  constructor(...args: ArgumentsOf<typeof reflectionPad1dCall>) {
    super(reflectionPad1dCall(...args), "reflect");
  }
}

/**
 * Mirrors [C, H, W] or [N, C, H, W] at its edges, as torch.nn.ReflectionPad2d.
 * @param padding one width for all sides, or [left, right, top, bottom], each less than the size
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ReflectionPad2d.html
 */
export class ReflectionPad2d extends PadLayer {
  constructor(...args: ArgumentsOf<typeof reflectionPad2dCall>) {
    super(reflectionPad2dCall(...args), "reflect");
  }
}

/**
 * Repeats the first and last elements of [C, L] or [N, C, L], as torch.nn.ReplicationPad1d.
 * @param padding one width for both sides, or [left, right]
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ReplicationPad1d.html
 */
export class ReplicationPad1d extends PadLayer {
  constructor(...args: ArgumentsOf<typeof replicationPad1dCall>) {
    super(replicationPad1dCall(...args), "replicate");
  }
}

/**
 * Repeats the edges of [C, H, W] or [N, C, H, W], as torch.nn.ReplicationPad2d.
 * @param padding one width for all sides, or [left, right, top, bottom]
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ReplicationPad2d.html
 */
export class ReplicationPad2d extends PadLayer {
  constructor(...args: ArgumentsOf<typeof replicationPad2dCall>) {
    super(replicationPad2dCall(...args), "replicate");
  }
}
