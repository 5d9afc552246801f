import type { Dtype } from "../base/dtype.js";
import { formatBytes, MemoryError } from "../base/errors.js";
import { memory, PAGE } from "./kernels.js";
import { shapeOnly } from "./shape-only.js";
import { team } from "./team.js";

/**
 * The allocator of the Wasm memory. Small blocks come from size classes (free lists of equal blocks, reused in constant
 * time: a training loop asks for the same sizes again and again). Large blocks are cut best-fit from free ranges, which
 * merge with freed neighbours, so that 400 MB buffers do not fragment the 4 GiB.
 */

const ALIGN = 64; // a cache line, and a multiple of v128
const SMALL = 1 << 18; // blocks above this are large
const SLAB = 1 << 20; // size classes are filled from slabs of this size
const LARGE_STEP = 1 << 16;
/**
 * Large blocks are this much longer than their step: blocks of one size at multiples of 64 KiB would evict each other's
 * lines.
 */
const STAGGER = 5 * ALIGN;
/**
 * Blocks end below this address: kernels run to the end of a block, or of the row behind an operand's last element, and
 * that address must fit 32 bits.
 */
const LIMIT = 2 ** 32 - (16 << 20);
const FIRST = 1024; // address 0 stays invalid

type Range = { start: number; size: number };

let top = FIRST; // everything above is untouched
const ranges: Range[] = []; // free large ranges below top, by address
const classes: number[][] = []; // free blocks of each size class
let slab: Range = { start: 0, size: 0 };

let views: Views | undefined; // while the memory neither grows nor is replaced

const state = { bytes: 0, peak: 0, blocks: 0 };
/** Live large blocks and the operations that made them, for the error when memory runs out. */
const holders = new Map<number, { bytes: number; label: string }>();

/** Four classes per doubling: at most a quarter of a block is padding. */
function classOf(bytes: number): number {
  const lines = (bytes + ALIGN - 1) >>> 6; // of ALIGN bytes
  if (lines <= 4) return Math.max(lines, 1) - 1;
  const log = 31 - Math.clz32(lines - 1); // lines in (2^log, 2^(log+1)]
  const quarter = 1 << (log - 2);
  return 4 * (log - 1) + ((lines - (1 << log) + quarter - 1) >> (log - 2)) - 1;
}

/** Bytes of the blocks of a size class: the inverse of {@link classOf}. */
function classBytes(index: number): number {
  if (index < 4) return (index + 1) * ALIGN;
  const log = (index >> 2) + 1;
  return ((1 << log) + ((index % 4) + 1) * (1 << (log - 2))) * ALIGN;
}

/** The bytes of the block for a request. */
function blockBytes(bytes: number): number {
  return bytes <= SMALL ? classBytes(classOf(bytes)) : Math.ceil(bytes / LARGE_STEP) * LARGE_STEP + STAGGER;
}

/** Moves `top` up by `size`, growing the Wasm memory when needed. Returns 0 when the 4 GiB are used up. */
function extend(size: number): number {
  const start = top;
  const end = start + size;
  if (end > LIMIT) return 0;
  const have = memory.buffer.byteLength;
  if (end > have) {
    const wanted = Math.min(LIMIT, Math.max(end, have + Math.min(have / 2, 64 << 20)));
    views = undefined;
    try {
      memory.grow(Math.ceil((wanted - have) / PAGE));
    } catch {
      try {
        memory.grow(Math.ceil((end - have) / PAGE));
      } catch {
        return 0;
      }
    }
  }
  top = end;
  return start;
}

function takeRange(size: number): number {
  let best = -1;
  for (let i = 0; i < ranges.length; i++) {
    const fits = ranges[i]!.size >= size;
    if (fits && (best < 0 || ranges[i]!.size < ranges[best]!.size)) best = i;
  }
  if (best < 0) return extend(size);
  const range = ranges[best]!;
  const start = range.start;
  range.start += size;
  range.size -= size;
  if (range.size === 0) ranges.splice(best, 1);
  return start;
}

function giveRange(start: number, size: number): void {
  let at = 0;
  while (at < ranges.length && ranges[at]!.start < start) at++;
  ranges.splice(at, 0, { start, size });
  const merge = (i: number): void => {
    const a = ranges[i];
    const b = ranges[i + 1];
    if (a && b && a.start + a.size === b.start) {
      a.size += b.size;
      ranges.splice(i + 1, 1);
    }
  };
  merge(at);
  merge(at - 1);
  const last = ranges[ranges.length - 1]!;
  if (last.start + last.size === top) {
    top = last.start;
    ranges.pop();
  }
}

function takeSmall(index: number): number {
  const free = classes[index];
  if (free !== undefined && free.length > 0) return free.pop()!;
  const size = classBytes(index);
  if (slab.size < size) {
    const start = takeRange(Math.max(SLAB, size));
    if (start === 0) return 0;
    slab = { start, size: Math.max(SLAB, size) };
  }
  const address = slab.start;
  slab.start += size;
  slab.size -= size;
  return address;
}

function outOfMemory(bytes: number, label: string): MemoryError {
  const held = [...holders.values()].sort((a, b) => b.bytes - a.bytes).slice(0, 5);
  const by = held.map((block) => `${formatBytes(block.bytes)} by ${block.label}`).join(", ");
  return new MemoryError(
    label,
    `expected to fit 4 GiB (the most that wasm32 can address), got a request of ${formatBytes(bytes)} while ${formatBytes(state.bytes)} in ${state.blocks} tensors are held${by === "" ? "" : `; the largest: ${by}`}`,
    "Use a smaller batch, wrap each step in scope(() => …), compute under noGrad(() => …) where no gradients are needed, or free models that are done with model.free(), which no scope does",
  );
}

/**
 * Takes a block of at least `bytes`, aligned to 64. Its content is arbitrary.
 * @param label the operation that asks, for the text of the error
 */
export function alloc(bytes: number, label: string): number {
  if (!(bytes >= 0 && bytes < LIMIT)) throw outOfMemory(bytes, label);
  const size = blockBytes(bytes);
  const address = size <= SMALL ? takeSmall(classOf(bytes)) : takeRange(size);
  if (address === 0) throw outOfMemory(bytes, label);
  if (size > SMALL) holders.set(address, { bytes: size, label });
  state.bytes += size;
  state.blocks++;
  if (state.bytes > state.peak) state.peak = state.bytes;
  return address;
}

/** Gives a block back; `bytes` is the size that was asked for. */
export function free(address: number, bytes: number): void {
  const size = blockBytes(bytes);
  state.bytes -= size;
  state.blocks--;
  if (size > SMALL) {
    holders.delete(address);
    giveRange(address, size);
  } else {
    const index = classOf(bytes);
    classes[index] ??= [];
    classes[index].push(address);
  }
}

/** Bytes and blocks in use, the most bytes in use so far, and the bytes of the whole memory. */
export function heapState(): { bytes: number; blocks: number; peak: number; reserved: number } {
  return { ...state, reserved: memory.buffer.byteLength };
}

/** Starts a new measurement of the peak. */
export function resetPeak(): void {
  state.peak = state.bytes;
}

let workspaceAt = 0;
let workspaceBytes = 0;

/** The one scratch block that kernels share (packed panels, partial sums). Valid until the next call. */
export function workspace(bytes: number): number {
  if (shapeOnly.on) return 0; // no kernel will use it
  if (bytes > workspaceBytes) {
    if (workspaceAt !== 0) free(workspaceAt, workspaceBytes);
    workspaceBytes = 0;
    workspaceAt = 0;
    workspaceAt = alloc(bytes, "workspace");
    workspaceBytes = bytes;
  }
  return workspaceAt;
}

/** A scratch block for each thread: the address of the first, and the bytes from one to the next. */
type Workspaces = { at: number; step: number };

/**
 * Scratch blocks of at least `bytes` for all threads, behind `before` bytes that they share. Valid until the next call.
 */
export function workspaces(bytes: number, before = 0): Workspaces {
  const shared = Math.ceil(before / ALIGN) * ALIGN;
  const step = Math.ceil(bytes / ALIGN) * ALIGN;
  return { at: workspace(shared + step * (team?.size ?? 1)) + shared, step };
}

type Views = { of: typeof memory; f32: Float32Array; f64: Float64Array; i32: Int32Array; u8: Uint8Array };

/** Views of the whole memory, new after it grew or was replaced (growing detaches them: never keep one). */
export function view(): Views {
  if (views === undefined || views.of !== memory) {
    const { buffer } = memory;
    views = {
      of: memory,
      f32: new Float32Array(buffer),
      f64: new Float64Array(buffer),
      i32: new Int32Array(buffer),
      u8: new Uint8Array(buffer),
    };
  }
  return views;
}

const SCRATCH_BYTES = 4096;
const STRUCT_BYTES = SCRATCH_BYTES - 2 * ALIGN; // the end holds the numbers of writeScalar
let scratchAt = 0;

function scratch(): number {
  if (scratchAt === 0) scratchAt = alloc(SCRATCH_BYTES, "scratch");
  return scratchAt;
}

/** Writes the sizes and strides that a kernel takes by pointer. Valid until the next call. */
export function writeStruct(fields: readonly number[]): number {
  if (4 * fields.length > STRUCT_BYTES) {
    const got = `one whose sizes and strides are ${fields.length} numbers`;
    throw new MemoryError("shape", `expected a tensor of fewer dims, got ${got}`);
  }
  const at = scratch();
  const { i32 } = view();
  const first = at >>> 2;
  for (let i = 0; i < fields.length; i++) i32[first + i] = fields[i]!;
  return at;
}

/** Writes a number where a kernel expects an operand of one element; the two operands of an op have `slot` 0 and 1. */
export function writeScalar(value: number, dtype: Dtype, slot: 0 | 1): number {
  const at = scratch() + SCRATCH_BYTES - 64 * (slot + 1);
  const { f32, f64, i32, u8 } = view();
  if (dtype === "float32") f32[at >>> 2] = value;
  else if (dtype === "float64") f64[at / 8] = value;
  else if (dtype === "int32") i32[at >>> 2] = value;
  else u8[at] = value;
  return at;
}
