import { describe, expect, it } from "vitest";
import { soften } from "../../../src/synthetic/painting/blur.js";
import { type Coverage, cover, EDGE } from "../../../src/synthetic/painting/coverage.js";
import { Dice } from "../../../src/synthetic/painting/dice.js";
import { apply, frame, placed, within } from "../../../src/synthetic/painting/frame.js";
import { blob, box, ellipse, mirrored, polygon, stroke, union } from "../../../src/synthetic/painting/outline.js";
import { Painting } from "../../../src/synthetic/painting/painting.js";

const AREA = { left: 0, top: 0, width: 40, height: 30 };
const white = [1, 1, 1] as const;

/** The covered part of a pixel. */
function shareAt({ left, top, width, height, share }: Coverage, x: number, y: number): number {
  const inside = x >= left && x < left + width && y >= top && y < top + height;
  return inside ? share[(y - top) * (width + EDGE) + x - left]! : 0;
}

function total(coverage: Coverage): number {
  let sum = 0;
  for (let y = 0; y < 30; y++) for (let x = 0; x < 40; x++) sum += shareAt(coverage, x, y);
  return sum;
}

describe("cover", () => {
  it("gives each pixel its exact share of a rectangle", () => {
    const coverage = cover(box(3.25, 4.5, 6.75, 6), AREA);
    expect([2, 3, 4, 6, 7].map((x) => shareAt(coverage, x, 5))).toEqual([0, 0.75, 1, 0.75, 0]);
    expect([3, 4, 5, 6].map((y) => shareAt(coverage, 5, y))).toEqual([0, 0.5, 1, 0]);
    expect(shareAt(coverage, 3, 4)).toBe(0.375);
  });

  it("gives triangles of every slope their area, whichever way round", () => {
    const dice = new Dice(0, 0, 0);
    for (let i = 0; i < 200; i++) {
      const [x0, y0, x1, y1, x2, y2] = Array.from({ length: 6 }, (_, k) => dice.between(0, k % 2 === 0 ? 40 : 30));
      const area = Math.abs((x1! - x0!) * (y2! - y0!) - (x2! - x0!) * (y1! - y0!)) / 2;
      const points = [x0!, y0!, x1!, y1!, x2!, y2!];
      expect(total(cover([points], AREA))).toBeCloseTo(area, 9);
      expect(total(cover([[...points.slice(2), ...points.slice(0, 2)]], AREA))).toBeCloseTo(area, 9);
      expect(total(cover([[x0!, y0!, x2!, y2!, x1!, y1!]], AREA))).toBeCloseTo(area, 9);
    }
  });

  it("sees only what lies in its area", () => {
    const whole = cover(ellipse(20, 15, 30, 20), AREA);
    expect([whole.left, whole.top, whole.width, whole.height]).toEqual([0, 0, 40, 30]);
    expect(shareAt(whole, 20, 15)).toBe(1);
    const disc = cover(ellipse(12, 14, 9, 7, 0.1), AREA);
    const part = cover(ellipse(12, 14, 9, 7, 0.1), { left: 10, top: 9, width: 5, height: 30 });
    for (let x = 10; x < 15; x++) {
      for (let y = 9; y < 25; y++) expect(shareAt(part, x, y)).toBeCloseTo(shareAt(disc, x, y), 9);
    }
    for (const [x, y] of [
      [-20, 5],
      [60, 5],
      [5, -20],
      [5, 60],
    ] as const) {
      expect(total(cover(box(x, y, x + 3, y + 3), AREA))).toBe(0);
    }
    expect(total(cover([], AREA))).toBe(0);
  });

  it("counts what overlaps once", () => {
    const overlap = union(box(2, 2, 10, 10), box(10, 2, 6, 12), mirrored(box(-10, 2, -2, 10)));
    expect(total(cover(overlap, AREA))).toBeCloseTo(64 + 8, 9);
  });
});

describe("outlines", () => {
  it("have the area of what they are called", () => {
    expect(total(cover(ellipse(20, 15, 12, 8, 0.2), AREA)) / (Math.PI * 12 * 8)).toBeCloseTo(1, 1);
    expect(total(cover(stroke([5, 5, 25, 5], 4), AREA))).toBeCloseTo(20 * 4 + 8 * Math.SQRT2, 9);
    const points = [8, 5, 30, 6, 28, 24, 6, 22];
    expect(total(cover(blob(points), AREA))).toBeGreaterThan(total(cover(polygon(points), AREA)));
  });

  it("go where their frame puts them", () => {
    const outer = frame({ x: 10, y: 5, scale: 2, turns: 0.25 });
    const [x, y] = apply(outer, [3, 1]);
    expect(x).toBeCloseTo(8, 12);
    expect(y).toBeCloseTo(11, 12);
    const inner = within(outer, frame({ x: 1, y: 2, scale: 3, scaleX: -1 }));
    const [u, v] = apply(outer, [1 - 3 * 4, 2 + 3 * 5]);
    const [moved] = placed([[4, 5]], inner);
    expect(moved![0]).toBeCloseTo(u, 12);
    expect(moved![1]).toBeCloseTo(v, 12);
  });
});

describe("a painting", () => {
  const plain = frame({ x: 0, y: 0, scale: 1 });
  const red = (painting: Painting, x: number, y: number): number => painting.pixels[(y * painting.width + x) * 3]!;

  it("mixes paint by coverage and opacity, within a clip", () => {
    const painting = new Painting(8, 8);
    painting.pen(plain).fill(box(0, 0, 4.5, 8), white, { opacity: 0.5, clip: box(0, 2, 8, 8) });
    expect([red(painting, 3, 4), red(painting, 4, 4), red(painting, 5, 4), red(painting, 3, 1)]).toEqual([
      0.5, 0.25, 0, 0,
    ]);
  });

  it("paints gradients from point to point", () => {
    const painting = new Painting(8, 1);
    painting.pen(plain).fill(box(0, 0, 8, 1), { from: [2, 0], to: [6, 0], start: [0, 0, 0], end: white });
    expect(Array.from({ length: 8 }, (_, x) => red(painting, x, 0))).toEqual([0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1]);
  });

  it("lets spots glow most at their centre, and nothing beyond their radii", () => {
    const painting = new Painting(21, 21);
    painting.pen(frame({ x: 10.5, y: 10.5, scale: 1, turns: 0.1, scaleX: -1 })).glow(0, 0, 6, 3, white);
    expect(red(painting, 10, 10)).toBe(1);
    expect(red(painting, 12, 10)).toBeLessThan(1);
    expect([red(painting, 2, 10), red(painting, 10, 2)]).toEqual([0, 0]);
  });

  it("blurs without making light", () => {
    const painting = new Painting(31, 31);
    painting.pen(plain).fill(box(15, 15, 16, 16), white);
    soften(painting, 2);
    const sum = painting.pixels.reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(3, 4);
    expect(red(painting, 15, 15)).toBeLessThan(0.1);
    expect(red(painting, 17, 15)).toBeCloseTo(red(painting, 15, 13), 6);
  });
});
