import { portable } from "../../random/portable.js";

/** A point. y grows downwards, as in rows of pixels. */
export type Point = readonly [x: number, y: number];

/** Points one after the other: x0, y0, x1, y1 … */
export type Points = readonly number[];

/** Closed polygons; a point is inside the outline if it is inside one of them. Curves are polygons with short sides. */
export type Outline = readonly Points[];

const SIDES = 24;
let circlePoints: readonly Point[] | undefined;

/** SIDES points around the unit circle. */
function unitCircle(): readonly Point[] {
  circlePoints ??= Array.from({ length: SIDES }, (_, i) => direction(i / SIDES));
  return circlePoints;
}

/** The unit vector at an angle in turns, clockwise from the right: (1, 0) at 0 and (0, 1), downwards, at 1/4. */
export function direction(turns: number): Point {
  const angle = 2 * Math.PI * turns;
  return [portable.cos(angle), portable.sin(angle)];
}

/** A polygon through points. */
export function polygon(points: Points): Outline {
  return [points];
}

/** A rectangle by its left, top, right and bottom. */
export function box(left: number, top: number, right: number, bottom: number): Outline {
  return [[left, top, right, top, right, bottom, left, bottom]];
}

/** An ellipse by its centre and radii; `turns` turns it clockwise (1 is a full turn). */
export function ellipse(x: number, y: number, rx: number, ry = rx, turns = 0): Outline {
  const [cos, sin] = turns === 0 ? [1, 0] : direction(turns);
  const points: number[] = [];
  for (const [u, v] of unitCircle()) points.push(x + u * rx * cos - v * ry * sin, y + u * rx * sin + v * ry * cos);
  return [points];
}

/** A smooth closed curve through points: a Catmull–Rom spline, with `steps` sides from point to point. */
export function blob(points: Points, steps = 5): Outline {
  const n = points.length;
  const out: number[] = [];
  for (let i = 0; i < n; i += 2) addSpline(out, points, (i + n - 2) % n, i, (i + 2) % n, (i + 4) % n, steps);
  return [out];
}

/** The points of a smooth open curve through points. */
export function smooth(points: Points, steps = 5): Points {
  const last = points.length - 2;
  const out: number[] = [];
  for (let i = 0; i < last; i += 2) {
    addSpline(out, points, Math.max(0, i - 2), i, i + 2, Math.min(last, i + 4), steps);
  }
  out.push(points[last]!, points[last + 1]!);
  return out;
}

/** Adds the spline's points from p[b] (included) to p[c] (excluded), where a, b, c and d index four points in a row. */
function addSpline(out: number[], p: Points, a: number, b: number, c: number, d: number, steps: number): void {
  for (let k = 0; k < steps; k++) {
    const t = k / steps;
    const h = 0.5 * t;
    // The weights of the four points at t.
    const wa = h * (-1 + t * (2 - t));
    const wb = 1 + h * t * (-5 + 3 * t);
    const wc = h * (1 + t * (4 - 3 * t));
    const wd = h * t * (t - 1);
    for (let i = 0; i < 2; i++) out.push(wa * p[a + i]! + wb * p[b + i]! + wc * p[c + i]! + wd * p[d + i]!);
  }
}

/** A line through points with round ends and corners. Its width changes evenly from `width` to `endWidth`. */
export function stroke(points: Points, width: number, endWidth = width): Outline {
  const out: number[][] = [];
  const last = points.length - 2;
  for (let i = 0; i <= last; i += 2) {
    const r = (width + ((endWidth - width) * i) / last) / 2;
    out.push(disc(points[i]!, points[i + 1]!, r));
    if (i === last) break;
    const next = (width + ((endWidth - width) * (i + 2)) / last) / 2;
    out.push(side(points[i]!, points[i + 1]!, r, points[i + 2]!, points[i + 3]!, next));
  }
  return out;
}

/** An octagon in place of a circle, which is enough at the width of a line. */
function disc(x: number, y: number, r: number): number[] {
  const h = r * Math.SQRT1_2;
  return [x + r, y, x + h, y + h, x, y + r, x - h, y + h, x - r, y, x - h, y - h, x, y - r, x + h, y - h];
}

function side(x0: number, y0: number, r0: number, x1: number, y1: number, r1: number): number[] {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const length = Math.sqrt(dx * dx + dy * dy) || 1;
  const u = -dy / length;
  const v = dx / length;
  return [x0 + u * r0, y0 + v * r0, x1 + u * r1, y1 + v * r1, x1 - u * r1, y1 - v * r1, x0 - u * r0, y0 - v * r0];
}

/** The union of several outlines. */
export function union(...outlines: readonly Outline[]): Outline {
  return outlines.flat();
}

/** The outline and its mirror image at x = 0. */
export function mirrored(outline: Outline): Outline {
  return [...outline, ...outline.map((polygon) => polygon.map((value, i) => (i % 2 === 0 ? -value : value)))];
}

/** The points of a closed curve that is symmetric about x = 0: top, right side downwards, bottom, left side upwards. */
export function symmetric(top: Points, right: Points, bottom: Points): Points {
  const out = [...top, ...right, ...bottom];
  for (let i = right.length - 2; i >= 0; i -= 2) out.push(-right[i]!, right[i + 1]!);
  return out;
}
