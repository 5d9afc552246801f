import type { Shape } from "../../base/shape.js";

/** The dims of a walk over two tensors, and the strides of each. */
export type Walk = { shape: number[]; a: number[]; b: number[] };

/**
 * The walk over `shape`, without dims of size 1, and with neighbouring dims merged wherever both tensors step through them as
 * through one: none to more than `longest` elements, where threads are to share the rows.
 */
export function mergedWalk(shape: Shape, a: Shape, b: Shape, longest = Number.POSITIVE_INFINITY): Walk {
  const walk: Walk = { shape: [], a: [], b: [] };
  for (let i = shape.length - 1; i >= 0; i--) {
    const size = shape[i]!;
    if (size === 1) continue;
    const last = walk.shape.length - 1;
    const whole = walk.shape[last] ?? 0; // of what is merged so far, inner dims first
    const merges = last >= 0 && a[i]! === walk.a[last]! * whole && b[i]! === walk.b[last]! * whole;
    if (merges && size * whole <= longest) {
      walk.shape[last] = size * whole;
    } else {
      walk.shape.push(size);
      walk.a.push(a[i]!);
      walk.b.push(b[i]!);
    }
  }
  for (const list of [walk.shape, walk.a, walk.b]) list.reverse();
  return walk;
}
