import { direction, type Outline, type Point } from "./outline.js";

/** An affine map of points: x' = a·x + c·y + e, y' = b·x + d·y + f. */
export type Frame = {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
};

/** The position, size and turn of a drawing. Its origin moves to (x, y); a negative `scaleX` mirrors it. */
type Placement = { x: number; y: number; scale: number; turns?: number; scaleX?: number; scaleY?: number };

/** The frame that scales, then turns (clockwise; 1 is a full turn), then moves. */
export function frame({ x, y, scale, turns = 0, scaleX = 1, scaleY = 1 }: Placement): Frame {
  const [cos, sin] = direction(turns);
  const [sx, sy] = [scale * scaleX, scale * scaleY];
  return { a: cos * sx, b: sin * sx, c: -sin * sy, d: cos * sy, e: x, f: y };
}

/** The map that applies `inner`, then `outer`. */
export function within(outer: Frame, inner: Frame): Frame {
  const [e, f] = apply(outer, [inner.e, inner.f]);
  return {
    a: outer.a * inner.a + outer.c * inner.b,
    b: outer.b * inner.a + outer.d * inner.b,
    c: outer.a * inner.c + outer.c * inner.d,
    d: outer.b * inner.c + outer.d * inner.d,
    e,
    f,
  };
}

/** Maps a point. */
export function apply({ a, b, c, d, e, f }: Frame, [x, y]: Point): Point {
  return [a * x + c * y + e, b * x + d * y + f];
}

/** Maps an outline. */
export function placed(outline: Outline, { a, b, c, d, e, f }: Frame): number[][] {
  return outline.map((points) => {
    const out: number[] = [];
    for (let i = 0; i < points.length; i += 2) {
      const x = points[i]!;
      const y = points[i + 1]!;
      out.push(a * x + c * y + e, b * x + d * y + f);
    }
    return out;
  });
}
