/** The gradient of a convolution with respect to its input, which is also the transposed convolution. */
import { blockCount, blockWork, blocks } from "../gemm/block";
import { parts } from "../gemm/blocking";
import { ITEM_SIZE, LANES } from "../base/simd";
import { sparseInput, sparseInputUnits, sparseInputWork } from "./sparse-input";
import {
  Convolution, SPARSE, TILE_PIXELS, emptyPlan, groupBytes, joined, outBytes, patches, patchSize, pixels, weightBytes,
  windowSize,
} from "./convolution";

/**
 * A tile of dP: TILE_PIXELS columns, of one image or of as many whole images as fit, and the rows of as many channels
 * as come near to ROWS rows. It stays in a cache. Which values are added to a pixel of dX, and in which order, does not
 * depend on the number of images.
 */
const ROWS: i32 = 144;

/** The most channels of a unit; units have nearly equal numbers. */
@inline
function channelBlock(s: Convolution): i32 {
  return max(parts(s.channels, max((patchSize(s) + ROWS / 2) / ROWS, 1)), 1);
}

/** Images that have a P of their own (joined images have one together). */
@inline
function separate(s: Convolution): i32 { return joined(s) ? min(s.images, 1) : s.images; }

/** How many of these images a tile holds. */
@inline
function imageBlock(s: Convolution): i32 { return max(TILE_PIXELS / max(patches(s), 1), 1); }

/** The most columns of a tile. */
@inline
function tileColumns(s: Convolution): i32 { return min(TILE_PIXELS, imageBlock(s) * patches(s)); }

/**
 * Bytes of the offset tables of a tile of several images: one for the planes of dOut, one for the columns of the tile.
 */
@inline
function tableBytes(s: Convolution): usize { return (<usize>(s.outs + TILE_PIXELS) << 2) + 15 & ~15; }

/** Bytes of a tile. */
function tileBytes(s: Convolution): usize {
  return <usize>(channelBlock(s) * windowSize(s)) * <usize>tileColumns(s) * ITEM_SIZE + 15 & ~15;
}

/** Bytes of workspace. */
export function convolveInputWork(struct: usize): i32 {
  const s = changetype<Convolution>(struct);
  if (s.route == SPARSE) return sparseInputWork(s);
  return <i32>(tableBytes(s) + tileBytes(s)) + blockWork(s.outs);
}

/** Units: blocks of channels of a group, of the images of a tile (of one image where dOut goes by lists). */
export function convolveInputUnits(struct: usize, _work: usize): i32 {
  const s = changetype<Convolution>(struct);
  if (s.route == SPARSE) return sparseInputUnits(s);
  return parts(separate(s), imageBlock(s)) * s.groups * parts(s.channels, channelBlock(s));
}

/** dX = Wᵀ·dOut, added up where patches overlap, written to x. */
export function convolveInput(struct: usize, work: usize, begin: i32, end: i32): void {
  const s = changetype<Convolution>(struct);
  if (s.route == SPARSE) {
    sparseInput(s, work, begin, end);
    return;
  }
  const size = channelBlock(s), count = parts(s.channels, size);
  const plane = <usize>s.height * <usize>s.width * ITEM_SIZE;
  for (let unit = begin; unit < end; unit++) {
    const first = (unit % count) * size, channels = min(size, s.channels - first);
    const block = unit / count;
    const group = <usize>(block % s.groups), image = block / s.groups * imageBlock(s);
    const images = min(imageBlock(s), separate(s) - image);
    const z = <usize>(image * s.groups) + group;
    const x = s.x + z * groupBytes(s) + <usize>first * plane;
    const w = s.w + group * weightBytes(s) + <usize>(first * windowSize(s)) * ITEM_SIZE;
    for (let i = joined(s) ? s.images : images; i > 0; i--) {
      memory.fill(x + <usize>((i - 1) * s.groups) * groupBytes(s), 0, <usize>channels * plane);
    }
    const all = images * patches(s);
    for (let p = 0; p < all; p += TILE_PIXELS) {
      addTile(s, work, x, channels * windowSize(s), w, s.out + z * outBytes(s), images, p, min(TILE_PIXELS, all - p));
    }
  }
}

/** Computes the tile of dP at column `from` and adds it to dX. */
function addTile(
  s: Convolution, work: usize, x: usize, rows: i32, w: usize, out: usize, images: i32, from: i32, columns: i32,
): void {
  const tile = work + tableBytes(s), at = tile + tileBytes(s);
  const p = emptyPlan(s, at);
  p.groups = p.batch = 1;
  p.m = rows, p.n = columns, p.k = s.outs;
  p.a = w, p.downA = ITEM_SIZE, p.acrossA = <usize>patchSize(s) * ITEM_SIZE;
  p.b = out, p.c = tile, p.downC = <usize>columns * ITEM_SIZE, p.acrossC = ITEM_SIZE;
  if (images > 1) {
    tables(s, work, columns);
    p.downs = work, p.acrosses = work + (<usize>s.outs << 2);
  } else {
    p.downB = <usize>pixels(s) * ITEM_SIZE, p.acrossB = joined(s) ? <usize>s.groups * outBytes(s) : ITEM_SIZE;
    p.b += <usize>from * p.acrossB;
  }
  blocks(at, 0, blockCount(p));
  const width = columns / images, image = <usize>s.groups * groupBytes(s);
  let source = tile;
  for (let r = 0; r < rows; r++) {
    let to = x + load<u32>(s.offsets + (<usize>r << 2));
    for (let i = images; i > 0; i--, to += image, source += <usize>width * ITEM_SIZE) {
      addRow(s, to, source, from, width);
    }
  }
}

/** Writes the byte offsets of dOut for the rows and columns of a tile of several images. */
function tables(s: Convolution, to: usize, columns: i32): void {
  const image = <usize>s.groups * outBytes(s);
  for (let o = 0; o < s.outs; o++, to += 4) store<u32>(to, <u32>(o * pixels(s)) * <u32>ITEM_SIZE);
  for (let at: usize = 0; columns > 0; at += image) {
    for (let i = 0; i < pixels(s); i++, to += 4) store<u32>(to, <u32>at + <u32>i * <u32>ITEM_SIZE);
    columns -= pixels(s);
  }
}

/** Adds a row of the tile to dX, in runs that lie in one row of the output, or in one image. */
@inline
function addRow(s: Convolution, x: usize, source: usize, from: i32, columns: i32): void {
  const down = joined(s) ? <usize>s.groups * groupBytes(s) : <usize>(s.strideHeight * s.width) * ITEM_SIZE;
  const step = <usize>s.strideWidth * ITEM_SIZE;
  const left = from % s.outWidth;
  x += <usize>(from / s.outWidth) * down + <usize>left * step;
  let run = min(s.outWidth - left, columns), back = <usize>left * step;
  while (columns > 0) {
    if (s.strideWidth == 1) addRun(x, source, run);
    else for (let i = 0; i < run; i++) {
      const at = x + <usize>i * step;
      store<real>(at, load<real>(at) + load<real>(source + <usize>i * ITEM_SIZE));
    }
    x += down - back, back = 0;
    source += <usize>run * ITEM_SIZE;
    columns -= run;
    run = min(s.outWidth, columns);
  }
}

/** x += source */
@inline
function addRun(x: usize, source: usize, n: i32): void {
  for (; n >= 2 * LANES; n -= 2 * LANES, x += 32, source += 32) {
    v128.store(x, v128.add<real>(v128.load(x), v128.load(source)));
    v128.store(x, v128.add<real>(v128.load(x, 16), v128.load(source, 16)), 16);
  }
  if (n & LANES) {
    v128.store(x, v128.add<real>(v128.load(x), v128.load(source)));
    x += 16;
    source += 16;
  }
  if (LANES == 4 && n & 2) {
    v128.store64_lane(x, v128.add<real>(v128.load64_zero(x), v128.load64_zero(source)), 0);
    x += 8;
    source += 8;
  }
  if (n & 1) store<real>(x, load<real>(x) + load<real>(source));
}
