/**
 * dX by lists: each pixel of dOut has a list of the outputs that are not 0 there. The sum over the list of value times
 * weights is the pixel's column of dP, which is added to dX, row of the window by row. The order of sums is that of
 * `convolveInput`: tile by tile, and in a tile in the order of the window, which an element of dX sees when pixels go
 * backwards.
 */
import { parts } from "../gemm/blocking";
import { mulAdd } from "../gemm/mul-add";
import { ITEM_SIZE, loadPart, storePart } from "../base/simd";
import {
  Convolution, TILE_PIXELS, columnOffsets, groupBytes, outBytes, patchSize, pixels, weightBytes, windowSize,
} from "./convolution";
import { ENTRY, append, deal, rowVectors, tileRows } from "./list";

/** Bytes of the packed weights of an output: six rows of one vector, or five first vectors and five second ones. */
const WIDE: usize = 10 * 16;
const SECOND: usize = 5 * 16;

/** The fewest units, if there are as many channels. Not more, because each unit makes its lists anew. */
const UNITS: i32 = 4;

/** The most channels of a unit; units have nearly equal numbers. */
@inline
function channelBlock(s: Convolution): i32 {
  return max(parts(s.channels, parts(UNITS, max(s.images * s.groups, 1))), 1);
}

/** Units of an image and a group. */
@inline
function channelBlocks(s: Convolution): i32 { return parts(s.channels, channelBlock(s)); }

/** Bytes of a list. */
@inline
function listBytes(s: Convolution): usize { return <usize>s.outs * ENTRY; }

/** Bytes of workspace: the ends of the lists of a tile, packed weights, the lists. */
export function sparseInputWork(s: Convolution): i32 {
  return (TILE_PIXELS << 2) + s.outs * <i32>WIDE + TILE_PIXELS * <i32>listBytes(s);
}

/** Units of `sparseInput`: blocks of channels of a group of an image. */
export function sparseInputUnits(s: Convolution): i32 { return s.images * s.groups * channelBlocks(s); }

/** dX = Wᵀ·dOut, added up where patches overlap, written to x. */
export function sparseInput(s: Convolution, work: usize, begin: i32, end: i32): void {
  const plane = <usize>(s.height * s.width) * ITEM_SIZE;
  for (let unit = begin; unit < end; unit++) {
    const z = unit / channelBlocks(s), group = <usize>(z % s.groups);
    const first = unit % channelBlocks(s) * channelBlock(s), channels = min(channelBlock(s), s.channels - first);
    const x = s.x + <usize>z * groupBytes(s) + <usize>first * plane;
    const w = s.w + group * weightBytes(s) + <usize>(first * windowSize(s)) * ITEM_SIZE;
    const g = s.out + <usize>z * outBytes(s);
    memory.fill(x, 0, <usize>channels * plane);
    for (let p = 0; p < pixels(s); p += TILE_PIXELS) {
      addTile(s, work, x, channels * s.windowHeight, w, g, p, min(TILE_PIXELS, pixels(s) - p));
    }
  }
}

/** Adds the tile of dP at column `from` to dX, some rows of the window at a time. */
function addTile(s: Convolution, work: usize, x: usize, rows: i32, w: usize, g: usize, from: i32, n: i32): void {
  const weights = work + (TILE_PIXELS << 2), list = weights + <usize>s.outs * WIDE;
  const plane = <usize>pixels(s) * ITEM_SIZE;
  const columns = columnOffsets(s) + (<usize>from << 2), row = <usize>s.windowWidth;
  collect(list, listBytes(s), work, weights, list, g + <usize>from * ITEM_SIZE, plane, n);
  const vectors = rowVectors(s), tail = row * ITEM_SIZE - (<usize>(vectors - 1) << 4);
  let offsets = s.offsets;
  for (let r = 0, h = 0; r < rows; r += h, offsets += <usize>h * row << 2, w += <usize>h * row * ITEM_SIZE) {
    h = tileRows(rows - r, vectors);
    packRows(s, weights, h, vectors, tail, w);
    if (vectors > 1) tile2(h, list, listBytes(s), work, n, x, offsets, row << 2, columns, tail);
    else tile1(h, list, listBytes(s), work, n, x, offsets, row << 2, columns, tail);
  }
}

/** Writes the list of each of n pixels, and its end; the packed weights of all outputs end at `behind`. */
function collect(list: usize, step: usize, ends: usize, weights: usize, behind: usize, g: usize, plane: usize, n: i32): void {
  const lanes = i32x4.mul(i32x4.splat(<i32>step), i32x4(0, 1, 2, 3));
  for (; sizeof<real>() == 4 && n >= 4; n -= 4, list += 4 * step, ends += 16, g += 16) {
    let lists = i32x4.add(i32x4.splat(<i32>list), lanes);
    for (let w = weights, from = g; w < behind; w += WIDE, from += plane) {
      lists = deal(lists, i32x4.splat(<i32>w), v128.load(from));
    }
    v128.store(ends, lists);
  }
  for (; n > 0; n--, list += step, ends += 4, g += ITEM_SIZE) {
    let end = list;
    for (let w = weights, from = g; w < behind; w += WIDE, from += plane) end = append(end, w, from);
    store<u32>(ends, <u32>end);
  }
}

/** Packs some rows of the window of every output, each filled up with zeros to whole vectors. */
function packRows(s: Convolution, to: usize, rows: i32, vectors: i32, tail: usize, w: usize): void {
  const row = <usize>s.windowWidth * ITEM_SIZE;
  for (let o = s.outs; o > 0; o--, to += WIDE, w += <usize>patchSize(s) * ITEM_SIZE) {
    let from = w, at = to;
    for (let r = rows; r > 0; r--, from += row, at += 16) {
      if (vectors > 1) v128.store(at, v128.load(from));
      const last = vectors > 1 ? from + 16 : from, behind = vectors > 1 ? at + SECOND : at;
      v128.store(behind, tail == 16 ? v128.load(last) : loadPart<real>(last, tail));
    }
  }
}

/** Adds n pixels, the last one first, to `rows` rows of the window of `vectors` vectors, both literals. */
@inline
function multiply(
  rows: i32, vectors: i32, list: usize, listBytes: usize, ends: usize, n: i32, x: usize, offsets: usize, row: usize,
  columns: usize, tail: usize,
): void {
  const zero = v128.splat<real>(0);
  const first = ends;
  list += <usize>n * listBytes, ends += <usize>n << 2, columns += <usize>n << 2;
  while (ends > first) {
    list -= listBytes, ends -= 4, columns -= 4;
    const end = load<u32>(ends), at = x + load<u32>(columns);
    if (list == end) continue;
    let c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero;
    let c40 = zero, c41 = zero, c50 = zero;
    for (let entry = list; entry < end; entry += ENTRY) {
      const w = <usize>load<u32>(entry), g = v128.load_splat<real>(entry, ITEM_SIZE);
      if (rows > 5) c50 = mulAdd(g, v128.load(w, 80), c50);
      if (rows > 4) c40 = mulAdd(g, v128.load(w, 64), c40);
      if (rows > 4 && vectors > 1) c41 = mulAdd(g, v128.load(w, 144), c41);
      if (rows > 3) c30 = mulAdd(g, v128.load(w, 48), c30);
      if (rows > 3 && vectors > 1) c31 = mulAdd(g, v128.load(w, 128), c31);
      if (rows > 2) c20 = mulAdd(g, v128.load(w, 32), c20);
      if (rows > 2 && vectors > 1) c21 = mulAdd(g, v128.load(w, 112), c21);
      if (rows > 1) c10 = mulAdd(g, v128.load(w, 16), c10);
      if (rows > 1 && vectors > 1) c11 = mulAdd(g, v128.load(w, 96), c11);
      c00 = mulAdd(g, v128.load(w), c00);
      if (vectors > 1) c01 = mulAdd(g, v128.load(w, 80), c01);
    }
    addRow(vectors, at + load<u32>(offsets), c00, c01, tail);
    if (rows > 1) addRow(vectors, at + load<u32>(offsets + row), c10, c11, tail);
    if (rows > 2) addRow(vectors, at + load<u32>(offsets + 2 * row), c20, c21, tail);
    if (rows > 3) addRow(vectors, at + load<u32>(offsets + 3 * row), c30, c31, tail);
    if (rows > 4) addRow(vectors, at + load<u32>(offsets + 4 * row), c40, c41, tail);
    if (rows > 5) addRow(vectors, at + load<u32>(offsets + 5 * row), c50, zero, tail);
  }
}

/** x += a row of the window, whose last vector has `tail` bytes. */
@inline
function addRow(vectors: i32, x: usize, a: v128, b: v128, tail: usize): void {
  let last = a;
  if (vectors > 1) {
    v128.store(x, v128.add<real>(v128.load(x), a));
    x += 16;
    last = b;
  }
  if (tail == 16) v128.store(x, v128.add<real>(v128.load(x), last));
  else storePart<real>(x, v128.add<real>(loadPart<real>(x, tail), last), tail);
}

/** Rows of the window of one vector. */
function tile1(
  rows: i32, list: usize, listBytes: usize, ends: usize, n: i32, x: usize, offsets: usize, row: usize, columns: usize,
  tail: usize,
): void {
  if (rows == 6) multiply(6, 1, list, listBytes, ends, n, x, offsets, row, columns, tail);
  else if (rows == 3) multiply(3, 1, list, listBytes, ends, n, x, offsets, row, columns, tail);
  else multiply(1, 1, list, listBytes, ends, n, x, offsets, row, columns, tail);
}

/** Rows of the window of two vectors. */
function tile2(
  rows: i32, list: usize, listBytes: usize, ends: usize, n: i32, x: usize, offsets: usize, row: usize, columns: usize,
  tail: usize,
): void {
  if (rows == 5) multiply(5, 2, list, listBytes, ends, n, x, offsets, row, columns, tail);
  else if (rows == 3) multiply(3, 2, list, listBytes, ends, n, x, offsets, row, columns, tail);
  else multiply(1, 2, list, listBytes, ends, n, x, offsets, row, columns, tail);
}
