import type { Shape } from "../../base/shape.js";

/** The dims of two operands, merged: the sizes, and the strides of each. */
export type MergedDims = { shape: number[]; a: number[]; b: number[] };

/**
 * `shape` without dims of size 1, and with neighbouring dims i, i + 1 merged where stride[i] = stride[i + 1]·shape[i +
 * 1] holds for both operands: none to more than `longest` elements, so that threads have rows to share.
 */
export function mergeDims(shape: Shape, a: Shape, b: Shape, longest = Number.POSITIVE_INFINITY): MergedDims {
  const merged: MergedDims = { shape: [], a: [], b: [] }; // innermost dim first
  for (let i = shape.length - 1; i >= 0; i--) {
    const size = shape[i]!;
    if (size === 1) continue;
    const last = merged.shape.length - 1;
    const whole = merged.shape.at(-1) ?? 0;
    const merges = last >= 0 && a[i]! === merged.a[last]! * whole && b[i]! === merged.b[last]! * whole;
    if (merges && size * whole <= longest) {
      merged.shape[last] = size * whole;
    } else {
      merged.shape.push(size);
      merged.a.push(a[i]!);
      merged.b.push(b[i]!);
    }
  }
  for (const list of [merged.shape, merged.a, merged.b]) list.reverse();
  return merged;
}
