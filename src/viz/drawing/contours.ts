import { contours } from "d3-contour";
import type { Box } from "./downsample.js";
import type { Area } from "./figure.js";

/** Values at the points of a grid over a box, row by row from the lower left corner. @internal */
export type Field = { values: Float64Array; columns: number; rows: number; box: Box };

/** The rings around the region where the field is above `level`, in units of the axes. */
function regionAbove({ values, columns, rows, box }: Field, level: number): Float64Array[] {
  const [region] = contours().size([columns, rows]).thresholds([level])(Array.from(values));
  const between = (low: number, high: number, at: number, count: number): number => {
    const part = (at - 0.5) / (count - 1); // d3 puts the grid points in the middle of cells
    return part >= 1 ? high : low + (high - low) * Math.max(0, part);
  };
  return region!.coordinates
    .flat()
    .map((ring) =>
      Float64Array.from(
        ring.flatMap(([x, y]) => [between(box.left, box.right, x!, columns), between(box.low, box.high, y!, rows)]),
      ),
    );
}

/** The parts of a ring that do not run along the sides of the box. */
function inner(ring: Float64Array, { left, right, low, high }: Box): Float64Array[] {
  const onSide = (i: number): boolean =>
    ring[i] === left || ring[i] === right || ring[i + 1] === low || ring[i + 1] === high;
  const parts: number[][] = [[]];
  for (let i = 0; i < ring.length; i += 2) {
    parts.at(-1)!.push(ring[i]!, ring[i + 1]!);
    if (i + 3 < ring.length && onSide(i) && onSide(i + 2)) parts.push([]);
  }
  return parts.filter((part) => part.length > 2).map((part) => Float64Array.from(part));
}

/**
 * For each level, the area where the field is above it. The areas overlap, so higher values look stronger.
 * @internal
 */
export function areasAbove(field: Field, levels: readonly number[], colour: number, opacity: number): Area[] {
  return levels
    .map((level) => ({ rings: regionAbove(field, level), colour, opacity }))
    .filter(({ rings }) => rings.length > 0);
}

/** The lines where the field equals `level`. @internal */
export const edgesAt = (field: Field, level: number): Float64Array[] =>
  regionAbove(field, level).flatMap((ring) => inner(ring, field.box));
