import type { Colour } from "./colour.js";
import { type Coverage, cover, EDGE } from "./coverage.js";
import type { Dice } from "./dice.js";
import { apply, type Frame, frame, placed, within } from "./frame.js";
import type { Outline, Point } from "./outline.js";

/** A colour that changes evenly along a line: `start` at `from` and before it, `end` at `to` and after it. */
type Gradient = { from: Point; to: Point; start: Colour; end: Colour };

/** What fills a shape. */
type Paint = Colour | Gradient;

/** `opacity` is from 0 to 1; nothing is painted outside of `clip`, an outline in the same frame. */
type FillOptions = { opacity?: number; clip?: Outline | undefined };

/** A picture that is being painted: pixels [height, width, 3], from 0 to 1. */
export class Painting {
  readonly pixels: Float32Array<ArrayBuffer>;
  private readonly shapeMemory: Float64Array<ArrayBuffer>;
  private readonly clipMemory: Float64Array<ArrayBuffer>;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.pixels = new Float32Array(width * height * 3);
    this.shapeMemory = new Float64Array((width + EDGE) * height);
    this.clipMemory = new Float64Array((width + EDGE) * height);
  }

  /** The pixels that an outline covers, within `clip`. The next call overwrites the result. */
  cover(polygons: Outline, clip?: Outline): Coverage {
    const { width, height } = this;
    const coverage = cover(polygons, { left: 0, top: 0, width, height }, this.shapeMemory);
    if (clip !== undefined) intersect(coverage, cover(clip, coverage, this.clipMemory));
    return coverage;
  }

  /** A pen whose coordinates a frame maps to pixels. */
  pen(place: Frame): Pen {
    return new Pen(this, place);
  }

  /** Adds noise: up to ±brightness to all channels of a pixel together, and up to ±colour to each on its own. */
  addNoise(dice: Dice, brightness: number, colour: number): void {
    const { pixels } = this;
    for (let i = 0; i < pixels.length; i += 3) {
      const bits = dice.bits();
      const all = brightness * ((bits & 255) / 127.5 - 1) - colour;
      pixels[i]! += all + (colour * ((bits >>> 8) & 255)) / 127.5;
      pixels[i + 1]! += all + (colour * ((bits >>> 16) & 255)) / 127.5;
      pixels[i + 2]! += all + (colour * (bits >>> 24)) / 127.5;
    }
  }

  /** pixels · gain + offsets, with one offset for each channel. */
  adjust(gain: number, offsets: Colour): void {
    const { pixels } = this;
    for (let i = 0; i < pixels.length; i += 3) {
      for (let c = 0; c < 3; c++) pixels[i + c] = pixels[i + c]! * gain + offsets[c]!;
    }
  }

  /** Channel i becomes channel order[i]. */
  swapChannels(order: readonly number[]): void {
    const { pixels } = this;
    const before = [0, 0, 0];
    for (let i = 0; i < pixels.length; i += 3) {
      for (let c = 0; c < 3; c++) before[c] = pixels[i + c]!;
      for (let c = 0; c < 3; c++) pixels[i + c] = before[order[c]!]!;
    }
  }

  /** Makes colours paler: grey + (pixel − grey) · share. */
  fade(share: number): void {
    const { pixels } = this;
    for (let i = 0; i < pixels.length; i += 3) {
      const grey = 0.299 * pixels[i]! + 0.587 * pixels[i + 1]! + 0.114 * pixels[i + 2]!;
      for (let j = i; j < i + 3; j++) pixels[j] = grey + (pixels[j]! - grey) * share;
    }
  }

  /** The mean of each channel, and the standard deviation of all values from their channel's mean. */
  statistics(): { means: Colour; deviation: number } {
    const { pixels } = this;
    let [red, green, blue, squares] = [0, 0, 0, 0];
    for (let i = 0; i < pixels.length; i += 3) {
      const [r, g, b] = [pixels[i]!, pixels[i + 1]!, pixels[i + 2]!];
      red += r;
      green += g;
      blue += b;
      squares += r * r + g * g + b * b;
    }
    const n = pixels.length / 3;
    const means: Colour = [red / n, green / n, blue / n];
    const between = (means[0] * means[0] + means[1] * means[1] + means[2] * means[2]) / 3;
    return { means, deviation: Math.sqrt(Math.max(0, squares / pixels.length - between)) };
  }

  /** The pixels as bytes, rounded to the nearest. */
  bytes(): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(this.pixels.length);
    for (let i = 0; i < out.length; i++) out[i] = Math.floor(Math.min(1, Math.max(0, this.pixels[i]!)) * 255 + 0.5);
    return out;
  }
}

/** Paints shapes, whose coordinates a frame maps to pixels. */
export class Pen {
  constructor(
    private readonly painting: Painting,
    private readonly place: Frame,
  ) {}

  /** A pen whose frame lies inside this pen's frame. */
  inner(x: number, y: number, scale: number, options: { turns?: number; scaleX?: number; scaleY?: number } = {}): Pen {
    return new Pen(this.painting, within(this.place, frame({ x, y, scale, ...options })));
  }

  /** Fills an outline. */
  fill(outline: Outline, paint: Paint, { opacity = 1, clip }: FillOptions = {}): void {
    blend(this.painting, this.cover(outline, clip), opacity, this.ramp(paint));
  }

  /**
   * Paints a soft spot: `opacity` · (1 − u² − v²)², with u = dx / rx and v = dy / ry, inside the ellipse of the radii.
   */
  glow(x: number, y: number, rx: number, ry: number, colour: Colour, { opacity = 1, clip }: FillOptions = {}): void {
    const coverage = this.cover([[x - rx, y - ry, x + rx, y - ry, x + rx, y + ry, x - rx, y + ry]], clip);
    const { a, b, c, d } = this.place;
    const scale = 1 / (a * d - b * c);
    const [cx, cy] = apply(this.place, [x, y]);
    const { left, top, width, height, share } = coverage;
    for (let row = 0; row < height; row++) {
      const dy = top + row + 0.5 - cy;
      for (let i = 0; i < width; i++) {
        const dx = left + i + 0.5 - cx;
        const u = ((d * dx - c * dy) * scale) / rx;
        const v = ((a * dy - b * dx) * scale) / ry;
        const rest = Math.max(0, 1 - u * u - v * v);
        share[row * (width + EDGE) + i]! *= rest * rest;
      }
    }
    blend(this.painting, coverage, opacity, this.ramp(colour));
  }

  private ramp(paint: Paint): Ramp {
    if (!("from" in paint)) return { start: paint, end: paint, x: 0, y: 0, t: 0 };
    const [x0, y0] = apply(this.place, paint.from);
    const [x1, y1] = apply(this.place, paint.to);
    const square = (x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0) || 1;
    const [x, y] = [(x1 - x0) / square, (y1 - y0) / square];
    return { start: paint.start, end: paint.end, x, y, t: (0.5 - x0) * x + (0.5 - y0) * y };
  }

  private cover(outline: Outline, clip: Outline | undefined): Coverage {
    return this.painting.cover(placed(outline, this.place), clip && placed(clip, this.place));
  }
}

/** A gradient in pixels: column i and row j get start + (end − start) · (t + i·x + j·y), the factor cut to [0, 1]. */
type Ramp = { start: Colour; end: Colour; x: number; y: number; t: number };

/** Mixes paint into the covered pixels: pixel += (paint − pixel) · share · opacity. */
function blend(painting: Painting, coverage: Coverage, opacity: number, { start, end, x, y, t }: Ramp): void {
  const { pixels } = painting;
  const { left, top, width, height, share } = coverage;
  const [dr, dg, db] = [end[0] - start[0], end[1] - start[1], end[2] - start[2]];
  for (let row = 0; row < height; row++) {
    const from = row * (width + EDGE);
    let at = ((top + row) * painting.width + left) * 3;
    for (let i = 0; i < width; i++, at += 3) {
      const part = share[from + i]! * opacity;
      if (part < 0.002) continue;
      const along = Math.min(1, Math.max(0, t + (left + i) * x + (top + row) * y));
      pixels[at]! += (start[0] + dr * along - pixels[at]!) * part;
      pixels[at + 1]! += (start[1] + dg * along - pixels[at + 1]!) * part;
      pixels[at + 2]! += (start[2] + db * along - pixels[at + 2]!) * part;
    }
  }
}

/** Multiplies the shares of a coverage by those of another, which are 0 outside of its rectangle. */
function intersect(coverage: Coverage, by: Coverage): void {
  const { left, top, width, height, share } = coverage;
  for (let y = 0; y < height; y++) {
    const row = top + y - by.top;
    for (let x = 0; x < width; x++) {
      const column = left + x - by.left;
      const within = row >= 0 && row < by.height && column >= 0 && column < by.width;
      share[y * (width + EDGE) + x]! *= within ? by.share[row * (by.width + EDGE) + column]! : 0;
    }
  }
}
