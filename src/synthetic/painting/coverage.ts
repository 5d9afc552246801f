/** A part of a painting. */
export type Area = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };

/** A rectangle around a shape, and for each of its pixels the share that the shape covers, from 0 to 1. */
export type Coverage = Area & {
  /** Row by row; a row begins every `width + EDGE` elements. The array may be longer. */
  readonly share: Float64Array;
};

/** Elements after the last pixel of each row, which take the changes of edges there. */
export const EDGE = 2;

/**
 * The share of each pixel that polygons cover: exact, except where polygons overlap inside one pixel. Every edge adds
 * to each row that it crosses by how much it changes the coverage to its right; running sums along the rows then give
 * the coverage. All polygons are followed in the same direction, so that overlaps add up to more than 1, which is cut
 * to 1.
 *
 * @param share memory for the result, (width + EDGE) · height of the area; new when left out
 */
export function cover(
  polygons: readonly (readonly number[])[],
  area: Area,
  share = new Float64Array((area.width + EDGE) * area.height),
): Coverage {
  const [left, right] = extent(polygons, 0, area.left, area.left + area.width);
  const [top, bottom] = extent(polygons, 1, area.top, area.top + area.height);
  const [width, height] = [right - left, bottom - top];
  share.fill(0, 0, height * (width + EDGE));
  if (width > 0 && height > 0) {
    for (const polygon of polygons) addPolygon(share, width, height, polygon, left, top);
    sumRows(share, width, height);
  }
  return { left, top, width, height, share };
}

/** The pixels from the smallest to the largest x (axis 0) or y (axis 1), within [start, end). */
function extent(
  polygons: readonly (readonly number[])[],
  axis: 0 | 1,
  start: number,
  end: number,
): [from: number, to: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const polygon of polygons) {
    for (let i = axis; i < polygon.length; i += 2) {
      if (polygon[i]! < low) low = polygon[i]!;
      if (polygon[i]! > high) high = polygon[i]!;
    }
  }
  const from = Math.min(end, Math.max(start, Math.floor(low)));
  return [from, Math.max(from, Math.min(end, Math.ceil(high)))];
}

function addPolygon(
  changes: Float64Array,
  width: number,
  height: number,
  points: readonly number[],
  left: number,
  top: number,
): void {
  const n = points.length;
  const sign = signedArea(points) < 0 ? -1 : 1;
  for (let i = 0; i < n; i += 2) {
    const j = i + 2 === n ? 0 : i + 2;
    const x0 = points[i]! - left;
    const y0 = points[i + 1]! - top;
    const x1 = points[j]! - left;
    const y1 = points[j + 1]! - top;
    if (y0 < y1) addEdge(changes, width, height, x0, y0, x1, y1, sign);
    else if (y1 < y0) addEdge(changes, width, height, x1, y1, x0, y0, -sign);
  }
}

/** Twice the area; negative for a polygon of the opposite direction. */
function signedArea(points: readonly number[]): number {
  let sum = 0;
  for (let i = 0, j = points.length - 2; i < points.length; j = i, i += 2) {
    sum += points[j]! * points[i + 1]! - points[i]! * points[j + 1]!;
  }
  return sum;
}

/** Adds an edge that goes down from (x0, y0) to (x1, y1), row by row. */
function addEdge(
  changes: Float64Array,
  width: number,
  height: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  sign: number,
): void {
  const slope = (x1 - x0) / (y1 - y0);
  const end = Math.min(height, Math.ceil(y1));
  for (let y = Math.max(0, Math.floor(y0)); y < end; y++) {
    const from = Math.max(y, y0);
    const to = Math.min(y + 1, y1);
    const a = x0 + (from - y0) * slope;
    const b = x0 + (to - y0) * slope;
    addPiece(changes, y * (width + EDGE), width, Math.min(a, b), Math.max(a, b), (to - from) * sign);
  }
}

/** Adds a piece of an edge within one row, from x = a to b ≥ a. A part to the left of the area counts at its border. */
function addPiece(changes: Float64Array, row: number, width: number, a: number, b: number, h: number): void {
  if (a >= width) return;
  if (b <= 0) {
    changes[row]! += h;
    return;
  }
  const perUnit = b > a ? h / (b - a) : 0;
  if (a < 0) changes[row]! -= a * perUnit;
  const [from, to] = [Math.max(0, a), Math.min(width, b)];
  addRow(changes, row, from, to, b > a ? (to - from) * perUnit : h);
}

/** Adds a piece of an edge of height `h` within one row and the area, from x = a to b ≥ a. */
function addRow(changes: Float64Array, row: number, a: number, b: number, h: number): void {
  const first = Math.floor(a);
  if (b <= first + 1) {
    const right = (a + b) / 2 - first; // the share of the pixel to the left of the edge
    changes[row + first]! += h * (1 - right);
    changes[row + first + 1]! += h * right;
    return;
  }
  // covered(x) is the part of [0, x) × the row to the right of the piece, divided by h; pixels get its 2nd
  // differences.
  const scale = 1 / (2 * (b - a));
  const last = Math.ceil(b);
  let before = 0;
  let change = 0;
  for (let x = first; x <= last; x++) {
    const edge = x + 1;
    const covered = edge >= b ? edge - (a + b) / 2 : (edge - a) * (edge - a) * scale;
    const share = covered - before;
    changes[row + x]! += h * (share - change);
    before = covered;
    change = share;
  }
}

/** Replaces changes by their running sums along each row, cut to [0, 1]. */
function sumRows(share: Float64Array, width: number, height: number): void {
  for (let y = 0; y < height; y++) {
    const row = y * (width + EDGE);
    let sum = 0;
    for (let i = row; i < row + width; i++) {
      sum += share[i]!;
      share[i] = Math.min(1, Math.abs(sum));
    }
  }
}
