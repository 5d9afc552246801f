/** The gradient of a convolution with respect to its input, which is also the transposed convolution. */
import { gemm, gemmUnits, gemmWork } from "../gemm/gemm";
import { Problem } from "../gemm/problem";
import { parts, SIZE } from "../gemm/blocking";
import { LANES } from "../simd";
import {
  Convolution, columnOffsets, groupBytes, joined, outBytes, patches, patchSize, pixels, weightBytes, windowSize,
} from "./convolution";

/** A tile of dP: so many columns, and the rows of as many channels as come near to so many rows. It stays in a cache. */
const COLUMNS: i32 = 256;
const ROWS: i32 = 144;

/** Bytes of workspace for the problem of a tile. */
const PROBLEM: usize = 128;

/** The channels of a unit: all are about as many. */
@inline
function channelBlock(s: Convolution): i32 {
  return max(parts(s.channels, max((patchSize(s) + ROWS / 2) / ROWS, 1)), 1);
}

/** Bytes of a tile. */
function tileBytes(s: Convolution): usize {
  return <usize>(channelBlock(s) * windowSize(s)) * <usize>min(COLUMNS, patches(s)) * SIZE;
}

/** Bytes of workspace. */
export function convolveInputWork(record: usize): i32 {
  const s = changetype<Convolution>(record);
  return <i32>(PROBLEM + tileBytes(s) + 16) + gemmWork(s.outs);
}

/** Images whose patches lie in a P of their own. */
@inline
function separate(s: Convolution): i32 { return joined(s) ? min(s.images, 1) : s.images; }

/** Units: blocks of channels of a group of an image, or of all. */
export function convolveInputUnits(record: usize, _work: usize): i32 {
  const s = changetype<Convolution>(record);
  return separate(s) * s.groups * parts(s.channels, channelBlock(s));
}

/** dX = Wᵀ·dOut, added up where patches overlap, written to x. */
export function convolveInput(record: usize, work: usize, begin: i32, end: i32): void {
  const s = changetype<Convolution>(record);
  const size = channelBlock(s);
  const count = parts(s.channels, size);
  const plane = <usize>s.height * <usize>s.width * SIZE;
  for (let unit = begin; unit < end; unit++) {
    const first = (unit % count) * size;
    const z = unit / count;
    const group = <usize>(z % s.groups);
    const channels = min(size, s.channels - first);
    const x = s.x + <usize>z * groupBytes(s) + <usize>first * plane;
    const w = s.w + group * weightBytes(s) + <usize>(first * windowSize(s)) * SIZE;
    for (let i = joined(s) ? s.images - 1 : 0; i >= 0; i--) {
      memory.fill(x + <usize>(i * s.groups) * groupBytes(s), 0, <usize>channels * plane);
    }
    for (let p = 0; p < patches(s); p += COLUMNS) {
      addTile(s, work, x, channels * windowSize(s), w, s.out + <usize>z * outBytes(s), p);
    }
  }
}

/** The tile of dP at column `from`, and its way to dX. */
function addTile(s: Convolution, work: usize, x: usize, rows: i32, w: usize, out: usize, from: i32): void {
  const columns = min(COLUMNS, patches(s) - from);
  const across = joined(s) ? s.groups * s.outs : 1;
  const tile = work + PROBLEM;
  const p = changetype<Problem>(work);
  memory.fill(work, 0, PROBLEM);
  p.batch = 1, p.m = rows, p.n = columns, p.k = s.outs;
  p.a = w, p.downA = 1, p.acrossA = patchSize(s);
  p.b = out + <usize>from * <usize>across * SIZE, p.downB = pixels(s), p.acrossB = across;
  p.c = tile, p.downC = columns, p.acrossC = 1;
  gemm(work, tile + (tileBytes(s) + 15 & ~15), 0, gemmUnits(work));
  for (let r = 0; r < rows; r++) {
    addRow(s, x + load<u32>(s.offsets + (<usize>r << 2)), tile + <usize>(r * columns) * SIZE, from, columns);
  }
}

/** One row of the tile, in runs that lie in one row of the output. */
@inline
function addRow(s: Convolution, x: usize, source: usize, from: i32, columns: i32): void {
  const last = from + columns;
  const step = <usize>s.strideWidth * SIZE;
  let run = min(s.outWidth - from % s.outWidth, columns);
  for (let p = from; p < last; run = min(s.outWidth, last - p)) {
    const target = x + load<u32>(columnOffsets(s) + (<usize>p << 2));
    if (s.strideWidth == 1) addRun(target, source, run);
    else for (let i = 0; i < run; i++) {
      const at = target + <usize>i * step;
      store<real>(at, load<real>(at) + load<real>(source + <usize>i * SIZE));
    }
    source += <usize>run * SIZE;
    p += run;
  }
}

/** x += source */
@inline
function addRun(x: usize, source: usize, n: i32): void {
  for (; n >= LANES; n -= LANES) {
    v128.store(x, v128.add<real>(v128.load(x), v128.load(source)));
    x += 16;
    source += 16;
  }
  for (; n > 0; n--) {
    store<real>(x, load<real>(x) + load<real>(source));
    x += SIZE;
    source += SIZE;
  }
}
