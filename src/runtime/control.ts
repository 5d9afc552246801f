/**
 * The protocol between the main thread and its workers, on a block of shared memory beside that of the tensors.
 *
 * A job is a kernel over [0, units), cut into chunks. The main thread writes the job and sets LEFT to the number of
 * chunks. A thread takes a chunk by decrementing LEFT and only then reads the job, which cannot change meanwhile: the
 * main thread waits until DONE has counted every chunk that was taken. A thread that comes late, even by a thousand
 * jobs, can at worst decrement LEFT below 0, and the next job sets LEFT anew.
 */

/** The distance between the kernel numbers of two builds. */
export const PER_BUILD = 4096;

const LINE = 16; // words of a cache line: what different threads write stays on different lines

/** Counts jobs; workers sleep on it. */
export const SIGNAL = 0;
/** The number of workers that sleep. */
export const SLEEPING = LINE;
/** Chunks that no thread has taken; 0 or less when there are none. */
export const LEFT = 2 * LINE;
/** Chunks that are finished. */
export const DONE = 3 * LINE;
/** 1 while the main thread sleeps on DONE. */
export const WAITING = DONE + 1;
/** 1 when the workers are to end. */
export const END = 4 * LINE;
/** Length of the text of a worker's error, or 0. */
const FAILED = 5 * LINE;

// The job.
/** The number of the kernel. */
export const KERNEL = 6 * LINE;
export const UNITS = KERNEL + 1;
/** The number of arguments before begin and end. */
export const COUNT = KERNEL + 2;
/** Bytes from one thread's workspace to the next; the last argument is the first one's address. 0: no workspace. */
export const STEP = KERNEL + 3;
/** Pages of the tensors' memory, by which other threads notice that it grew. */
export const PAGES = KERNEL + 4;

const WORDS = 7 * LINE;
const ARGUMENTS = 64;
const TEXT = 256;

/** A job of at least this many units counts elements, or units as small. */
const FINE = 1 << 15;

/** The views of a control block. */
export class Control {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly args: Float64Array<SharedArrayBuffer>;
  private readonly text: Uint16Array<SharedArrayBuffer>;

  /** @param threads how many there are, the main one included */
  constructor(
    readonly threads: number,
    readonly buffer = new SharedArrayBuffer(4 * WORDS + 8 * ARGUMENTS + 2 * TEXT),
  ) {
    this.words = new Int32Array(buffer, 0, WORDS);
    this.args = new Float64Array(buffer, 4 * WORDS, ARGUMENTS);
    this.text = new Uint16Array(buffer, 4 * WORDS + 8 * ARGUMENTS, TEXT);
  }

  /** The number of chunks of a job. */
  get chunks(): number {
    return 3 * this.threads;
  }

  /**
   * The first unit of a chunk. Half of the units are one chunk for each thread, the other half two for each: large
   * chunks first (blocks of a product that lie below each other share work), then small ones, so that threads end
   * together. Chunks of elements begin at cache lines.
   */
  start(chunk: number, units: number): number {
    if (chunk >= this.chunks) return units;
    const quarters = chunk <= this.threads ? 2 * chunk : this.threads + chunk;
    const unit = Math.floor((units * quarters) / (4 * this.threads));
    return units < FINE ? unit : unit - (unit % 64);
  }

  /** Takes chunks of the job until none is left. */
  takeChunks(run: (begin: number, end: number) => void): void {
    const { words } = this;
    for (let left = Atomics.sub(words, LEFT, 1); left > 0; left = Atomics.sub(words, LEFT, 1)) {
      const chunk = this.chunks - left;
      const units = words[UNITS]!;
      const [begin, end] = [this.start(chunk, units), this.start(chunk + 1, units)];
      if (begin < end) run(begin, end);
      Atomics.add(words, DONE, 1);
      if (Atomics.load(words, WAITING) !== 0) Atomics.notify(words, DONE);
    }
  }

  /** Keeps the first error that a worker meets. */
  fail(message: string): void {
    if (Atomics.compareExchange(this.words, FAILED, 0, -1) !== 0) return; // another worker is writing, or has written
    const length = Math.min(message.length, TEXT);
    for (let i = 0; i < length; i++) this.text[i] = message.charCodeAt(i);
    Atomics.store(this.words, FAILED, Math.max(length, 1));
  }

  /** The error of a worker; it is returned once. */
  takeError(): string | undefined {
    const length = Atomics.exchange(this.words, FAILED, 0);
    return length === 0 ? undefined : String.fromCharCode(...this.text.subarray(0, length));
  }
}
