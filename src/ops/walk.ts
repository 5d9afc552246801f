import type { Shape } from "../base/shape.js";

/**
 * Dims of a walk over two tensors, merged wherever both step through neighbouring dims as through one; those of size 1 left out.
 * `longest` bounds what a merged dim may have: what is left is cut into rows for threads.
 */
export type Walk = { shape: number[]; a: number[]; b: number[] };

export function mergedWalk(shape: Shape, a: Shape, b: Shape, longest = Number.POSITIVE_INFINITY): Walk {
  const walk: Walk = { shape: [], a: [], b: [] };
  for (let i = 0; i < shape.length; i++) {
    const size = shape[i]!;
    if (size === 1) continue;
    const last = walk.shape.length - 1;
    const merges = last >= 0 && walk.a[last] === a[i]! * size && walk.b[last] === b[i]! * size;
    if (merges && walk.shape[last]! * size <= longest) {
      walk.shape[last]! *= size;
      walk.a[last] = a[i]!;
      walk.b[last] = b[i]!;
    } else {
      walk.shape.push(size);
      walk.a.push(a[i]!);
      walk.b.push(b[i]!);
    }
  }
  return walk;
}
