/**
 * The gradient of weights by a dOut that is mostly 0: each element that is not multiplies a row of its patch, which lies in
 * a vector or two. The sums are those of whoever computes it otherwise: of the product, a chunk of pixels at a time, or of
 * `slideWeight`, where the elements that fall on one lane have a list of their own.
 */
import { Single, Whole } from "../base/access";
import { depth, parts } from "../gemm/blocking";
import { mulAdd } from "../gemm/mul-add";
import { ITEM_SIZE, LANES } from "../base/simd";
import { Convolution, columnOffsets, groupBytes, outBytes, patchSize, pixels, weightBytes, windowRows } from "./convolution";
import { slidesWeight } from "./slide-weight";
import { ENTRY, append, deal, finite, rowVectors, sparse, tileRows } from "./sparse";

/** The most pixels whose lists are made at once. */
const MOST_PIXELS: i32 = 1 << 17;

/** Whether few elements of dOut are not 0, and none of x is infinite or NaN. */
export function convolveWeightSparse(struct: usize): bool {
  const s = changetype<Convolution>(struct);
  return sparse(s) && chunk(s) <= MOST_PIXELS &&
    finite(s.x, <usize>(s.images * s.groups) * (groupBytes(s) / ITEM_SIZE));
}

/** Lists of an output. */
@inline
function lists(s: Convolution): i32 { return slidesWeight(s) ? LANES : 1; }

/** Pixels whose products are added up before they are added to those before. */
@inline
function chunk(s: Convolution): i32 { return slidesWeight(s) ? pixels(s) : depth(pixels(s)); }

/** Bytes of a list. */
@inline
function listBytes(s: Convolution): usize {
  const most = slidesWeight(s) ? s.outHeight * parts(s.outWidth, LANES) : chunk(s);
  return <usize>most * ENTRY + 15 & ~15;
}

/** Bytes of the sums of a list. */
@inline
function sumBytes(s: Convolution): usize { return <usize>(windowRows(s) * rowVectors(s)) << 4; }

/** Bytes of a row's vectors that lie before the row of the window: it is at their end, so that nothing behind x is read. */
@inline
function skipped(s: Convolution): usize { return <usize>(rowVectors(s) * LANES - s.windowWidth) * ITEM_SIZE; }

/** Outputs that are computed together: if there are several, their lists and sums stay in a second-level cache. */
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

/** Units of `sparseWeight`. */
export function sparseWeightUnits(s: Convolution): i32 { return s.groups * s.outs; }

/** dW = Σ over images of dOut·Pᵀ. A unit is an output. */
export function sparseWeight(s: Convolution, work: usize, begin: i32, end: i32): void {
  for (let unit = begin; unit < end; ) {
    const first = unit % s.outs;
    const outs = min(min(end - unit, outBlock(s)), s.outs - first);
    addOuts(s, work, <usize>(unit / s.outs), first, outs);
    unit += outs;
  }
}

/** Some outputs of a group. */
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
        if (slidesWeight(s)) dealLanes(s, to, ends, x, g + o * plane);
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

/** The list of n elements; returns its end. */
function collect(list: usize, x: usize, offsets: usize, g: usize, n: i32): usize {
  for (const end = g + <usize>n * ITEM_SIZE; g < end; g += ITEM_SIZE, offsets += 4) {
    list = append(list, x + load<u32>(offsets), g);
  }
  return list;
}

/** The lists of a plane, one for each lane that `slideWeight` would have an element on. */
function dealLanes(s: Convolution, list: usize, ends: usize, x: usize, g: usize): void {
  if (sizeof<real>() == 4) dealFour(s, list, ends, x, g);
  else dealTwo(s, list, ends, x, g);
}

/** float32. What is left of a row lies in the last lanes of its last vector. */
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

/** float64. */
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

/** Adds what the lists sum up to, some rows of the window at a time: what they read of x stays in a first-level cache. */
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

/** The rows of windows in their vectors to dW. */
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

/** What the lists of an output have summed up. */
@inline
function total<Access>(perOut: i32, sums: usize, next: usize): v128 {
  const at = changetype<Access>(0);
  let sum = at.load(sums);
  if (perOut > 1) sum = v128.add<real>(sum, at.load(sums + next));
  if (perOut > 2) sum = v128.add<real>(sum, v128.add<real>(at.load(sums + 2 * next), at.load(sums + 3 * next)));
  return sum;
}

/** `rows` rows of the window of one or two vectors, both literals: their sums over a list are added to `sums`. */
@inline
function fill(
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

@inline
function accumulate(vectors: i32, sums: usize, x: v128, y: v128): void {
  v128.store(sums, v128.add<real>(v128.load(sums), x));
  if (vectors > 1) v128.store(sums, v128.add<real>(v128.load(sums, 16), y), 16);
}

/** Rows of one vector. */
function tile1(rows: i32, entry: usize, end: usize, offsets: usize, row: usize, sums: usize): void {
  if (rows == 6) fill(6, 1, entry, end, offsets, row, sums);
  else if (rows == 3) fill(3, 1, entry, end, offsets, row, sums);
  else fill(1, 1, entry, end, offsets, row, sums);
}

/** Rows of two vectors. */
function tile2(rows: i32, entry: usize, end: usize, offsets: usize, row: usize, sums: usize): void {
  if (rows == 5) fill(5, 2, entry, end, offsets, row, sums);
  else if (rows == 3) fill(3, 2, entry, end, offsets, row, sums);
  else fill(1, 2, entry, end, offsets, row, sums);
}
