/**
 * dW by lists: each element of dOut that is not 0 multiplies the rows of its patch, each in one or two vectors. The order
 * of sums is that of the route without lists. As a product adds, there is one list, and a sum for each chunk of pixels.
 * As `slideWeight` adds (`byRows`), each lane has a list, of the elements that `slideWeight` has on that lane.
 */
import { Single, Whole } from "../base/access";
import { depth, parts } from "../gemm/blocking";
import { mulAdd } from "../gemm/mul-add";
import { ITEM_SIZE, LANES } from "../base/simd";
import { Convolution, columnOffsets, groupBytes, outBytes, patchSize, pixels, weightBytes, windowRows } from "./convolution";
import { ENTRY, append, deal, rowVectors, tileRows } from "./list";

/** Lists of an output. */
@inline
function lists(s: Convolution): i32 { return s.byRows ? LANES : 1; }

/** Pixels of a sum: their products are added to each other, and then to the sums of the pixels before. */
@inline
function chunk(s: Convolution): i32 { return s.byRows ? pixels(s) : depth(pixels(s)); }

/** Bytes of a list. */
@inline
function listBytes(s: Convolution): usize {
  const most = s.byRows ? s.outHeight * parts(s.outWidth, LANES) : chunk(s);
  return <usize>most * ENTRY + 15 & ~15;
}

/** Bytes of the sums of a list. */
@inline
function sumBytes(s: Convolution): usize { return <usize>(windowRows(s) * rowVectors(s)) << 4; }

/** Bytes of a row's vectors before the row itself, which is at their end, so that nothing behind x is read. */
@inline
function skipped(s: Convolution): usize { return <usize>(rowVectors(s) * LANES - s.windowWidth) * ITEM_SIZE; }

/** Outputs that are computed together: the lists and sums of several stay in a second-level cache. */
@inline
function outBlock(s: Convolution): i32 {
  const bytes = <usize>lists(s) * (listBytes(s) + sumBytes(s));
  return min(max(<i32>(<usize>(1 << 18) / bytes), 1), s.outs);
}

/** Bytes of the ends of lists. */
@inline
function endBytes(s: Convolution): usize { return (<usize>(outBlock(s) * lists(s)) << 2) + 15 & ~15; }

/** Bytes of workspace. */
export function sparseWeightWork(s: Convolution): i32 {
  return <i32>(endBytes(s) + <usize>(outBlock(s) * lists(s)) * (listBytes(s) + sumBytes(s)));
}

/** Units of `sparseWeight`: outputs. */
export function sparseWeightUnits(s: Convolution): i32 { return s.groups * s.outs; }

/** dW = Σ over images of dOut·Pᵀ */
export function sparseWeight(s: Convolution, work: usize, begin: i32, end: i32): void {
  for (let unit = begin; unit < end; ) {
    const first = unit % s.outs;
    const outs = min(min(end - unit, outBlock(s)), s.outs - first);
    addOuts(s, work, <usize>(unit / s.outs), first, outs);
    unit += outs;
  }
}

/** dW of outputs [first, first + outs) of a group: lists of one image, and chunk of its pixels, after the other. */
function addOuts(s: Convolution, work: usize, group: usize, first: i32, outs: i32): void {
  const count = outs * lists(s), plane = <usize>pixels(s) * ITEM_SIZE;
  const list = work + endBytes(s), sums = list + <usize>count * listBytes(s);
  memory.fill(sums, 0, <usize>count * sumBytes(s));
  for (let z: usize = 0; z < <usize>s.images; z++) {
    const image = z * s.groups + group;
    const x = s.x + image * groupBytes(s) - skipped(s), g = s.out + image * outBytes(s) + <usize>first * plane;
    for (let p = 0; p < pixels(s); p += chunk(s)) {
      const n = min(chunk(s), pixels(s) - p);
      for (let o: usize = 0; o < <usize>outs; o++) {
        const to = list + o * lists(s) * listBytes(s), ends = work + (o * lists(s) << 2);
        if (s.byRows) dealLanes(s, to, ends, x, g + o * plane);
        else {
          const at = <usize>p;
          store<u32>(ends, <u32>collect(to, x, columnOffsets(s) + (at << 2), g + o * plane + at * ITEM_SIZE, n));
        }
      }
      addLists(s, work, list, count, sums);
    }
  }
  finish(s, sums, outs, s.w + group * weightBytes(s) + <usize>(first * patchSize(s)) * ITEM_SIZE);
}

/** Writes the list of the n elements at g. Returns its end. */
function collect(list: usize, x: usize, offsets: usize, g: usize, n: i32): usize {
  for (const end = g + <usize>n * ITEM_SIZE; g < end; g += ITEM_SIZE, offsets += 4) {
    list = append(list, x + load<u32>(offsets), g);
  }
  return list;
}

/** Writes the lists of a plane of dOut, one for each lane on which `slideWeight` has its elements. */
function dealLanes(s: Convolution, list: usize, ends: usize, x: usize, g: usize): void {
  if (sizeof<real>() == 4) dealFour(s, list, ends, x, g);
  else dealTwo(s, list, ends, x, g);
}

/** float32: the elements behind the whole vectors of a row are on the last lanes. */
function dealFour(s: Convolution, list: usize, ends: usize, x: usize, g: usize): void {
  const step = <i32>listBytes(s), rest = s.outWidth % 4, back = <usize>(4 - rest) << 2;
  const at = i32x4.splat(<i32>x), last = i32x4.gt_s(i32x4(0, 1, 2, 3), i32x4.splat(3 - rest));
  let lists = i32x4.add(i32x4.splat(<i32>list), i32x4.mul(i32x4.splat(step), i32x4(0, 1, 2, 3)));
  let offsets = columnOffsets(s);
  for (let y = s.outHeight; y > 0; y--) {
    for (let i = s.outWidth / 4; i > 0; i--, g += 16, offsets += 16) {
      lists = deal(lists, i32x4.add(at, v128.load(offsets)), v128.load(g));
    }
    if (rest == 0) continue;
    lists = deal(lists, i32x4.add(at, v128.load(offsets - back)), v128.and(v128.load(g - back), last));
    g += 16 - back, offsets += 16 - back;
  }
  v128.store(ends, lists);
}

/** float64: likewise. */
function dealTwo(s: Convolution, list: usize, ends: usize, x: usize, g: usize): void {
  let offsets = columnOffsets(s), first = list, second = list + listBytes(s);
  for (let y = s.outHeight; y > 0; y--) {
    for (let i = s.outWidth / 2; i > 0; i--, g += 16, offsets += 8) {
      first = append(first, x + load<u32>(offsets), g);
      second = append(second, x + load<u32>(offsets, 4), g + 8);
    }
    if (s.outWidth % 2 == 0) continue;
    second = append(second, x + load<u32>(offsets), g);
    g += 8, offsets += 4;
  }
  store<u32>(ends, <u32>first), store<u32>(ends, <u32>second, 4);
}

/**
 * Adds the products of `count` lists to their sums, some rows of the window at a time: the part of x that these read
 * stays in a first-level cache.
 */
function addLists(s: Convolution, ends: usize, list: usize, count: i32, sums: usize): void {
  const vectors = rowVectors(s), row = <usize>s.windowWidth << 2;
  let offsets = s.offsets;
  for (let r = 0, h = 0; r < windowRows(s); r += h) {
    h = tileRows(windowRows(s) - r, vectors);
    let to = sums, entry = list;
    for (let i: usize = 0; i < <usize>count; i++, to += sumBytes(s), entry += listBytes(s)) {
      const end = load<u32>(ends + (i << 2));
      if (vectors > 1) tile2(h, entry, end, offsets, row, to);
      else tile1(h, entry, end, offsets, row, to);
    }
    sums += <usize>(h * vectors) << 4;
    offsets += <usize>h * row;
  }
}

/** Writes the sums, rows of the window in their vectors, to dW, [outs, patchSize]. */
function finish(s: Convolution, sums: usize, outs: i32, w: usize): void {
  const skip = skipped(s), next = sumBytes(s), row = <usize>s.windowWidth * ITEM_SIZE, perOut = lists(s);
  for (let o = 0; o < outs; o++) {
    for (let r = windowRows(s); r > 0; r--) {
      sums += skip;
      let j: usize = 0;
      for (; j + 16 <= row; j += 16) v128.store(w + j, total<Whole>(perOut, sums + j, next));
      if (row > 16 && j < row) j = row - 16, v128.store(w + j, total<Whole>(perOut, sums + j, next)), j = row;
      for (; j < row; j += ITEM_SIZE) changetype<Single>(0).store(w + j, total<Single>(perOut, sums + j, next));
      sums += row;
      w += row;
    }
    sums += <usize>(perOut - 1) * next;
  }
}

/** The sum over the lists of an output. */
@inline
function total<Access>(perOut: i32, sums: usize, next: usize): v128 {
  const at = changetype<Access>(0);
  let sum = at.load(sums);
  if (perOut > 1) sum = v128.add<real>(sum, at.load(sums + next));
  if (perOut > 2) sum = v128.add<real>(sum, v128.add<real>(at.load(sums + 2 * next), at.load(sums + 3 * next)));
  return sum;
}

/** Adds one list to the sums of `rows` rows of the window of `vectors` vectors, both literals. */
@inline
function multiply(
  rows: i32, vectors: i32, entry: usize, end: usize, offsets: usize, row: usize, sums: usize,
): void {
  const zero = v128.splat<real>(0);
  let c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero;
  let c40 = zero, c41 = zero, c50 = zero;
  const r0 = load<u32>(offsets), r1 = rows > 1 ? load<u32>(offsets + row) : 0;
  const r2 = rows > 2 ? load<u32>(offsets + 2 * row) : 0, r3 = rows > 3 ? load<u32>(offsets + 3 * row) : 0;
  const r4 = rows > 4 ? load<u32>(offsets + 4 * row) : 0, r5 = rows > 5 ? load<u32>(offsets + 5 * row) : 0;
  for (; entry < end; entry += ENTRY) {
    const reads = load<u32>(entry), g = v128.load_splat<real>(entry, ITEM_SIZE);
    let at: usize = 0;
    if (rows > 5) at = r5 + reads, c50 = mulAdd(g, v128.load(at), c50);
    if (rows > 4) at = r4 + reads, c40 = mulAdd(g, v128.load(at), c40);
    if (rows > 4 && vectors > 1) c41 = mulAdd(g, v128.load(at, 16), c41);
    if (rows > 3) at = r3 + reads, c30 = mulAdd(g, v128.load(at), c30);
    if (rows > 3 && vectors > 1) c31 = mulAdd(g, v128.load(at, 16), c31);
    if (rows > 2) at = r2 + reads, c20 = mulAdd(g, v128.load(at), c20);
    if (rows > 2 && vectors > 1) c21 = mulAdd(g, v128.load(at, 16), c21);
    if (rows > 1) at = r1 + reads, c10 = mulAdd(g, v128.load(at), c10);
    if (rows > 1 && vectors > 1) c11 = mulAdd(g, v128.load(at, 16), c11);
    at = r0 + reads, c00 = mulAdd(g, v128.load(at), c00);
    if (vectors > 1) c01 = mulAdd(g, v128.load(at, 16), c01);
  }
  const step: usize = vectors > 1 ? 32 : 16;
  accumulate(vectors, sums, c00, c01);
  if (rows > 1) accumulate(vectors, sums + step, c10, c11);
  if (rows > 2) accumulate(vectors, sums + 2 * step, c20, c21);
  if (rows > 3) accumulate(vectors, sums + 3 * step, c30, c31);
  if (rows > 4) accumulate(vectors, sums + 4 * step, c40, c41);
  if (rows > 5) accumulate(vectors, sums + 5 * step, c50, zero);
}

/** Adds the sums of one row to those of the chunks and images before. */
@inline
function accumulate(vectors: i32, sums: usize, x: v128, y: v128): void {
  v128.store(sums, v128.add<real>(v128.load(sums), x));
  if (vectors > 1) v128.store(sums, v128.add<real>(v128.load(sums, 16), y), 16);
}

/** Rows of the window of one vector. */
function tile1(rows: i32, entry: usize, end: usize, offsets: usize, row: usize, sums: usize): void {
  if (rows == 6) multiply(6, 1, entry, end, offsets, row, sums);
  else if (rows == 3) multiply(3, 1, entry, end, offsets, row, sums);
  else multiply(1, 1, entry, end, offsets, row, sums);
}

/** Rows of the window of two vectors. */
function tile2(rows: i32, entry: usize, end: usize, offsets: usize, row: usize, sums: usize): void {
  if (rows == 5) multiply(5, 2, entry, end, offsets, row, sums);
  else if (rows == 3) multiply(3, 2, entry, end, offsets, row, sums);
  else multiply(1, 2, entry, end, offsets, row, sums);
}
