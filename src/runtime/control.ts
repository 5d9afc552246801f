/**
 * How the main thread and its workers speak: a block of shared memory of their own, beside that of the tensors.
 *
 * A job is a kernel over [0, units), cut into chunks. The main thread writes it and sets LEFT to the number of chunks; a
 * thread takes one by counting LEFT down and only then reads the job. The job cannot change by then, because the main thread
 * waits until DONE has counted every chunk that was taken. So a thread that comes late, or slept through a thousand jobs,
 * can at worst count LEFT below 0, which the next job sets anew.
 */

/** Numbers of kernels of different builds are so far apart. */
export const PER_BUILD = 4096;

const LINE = 16; // words of a cache line: what different threads write stays on different lines

/** Counts jobs: workers sleep on it. */
export const SIGNAL = 0;
/** How many workers sleep. */
export const SLEEPING = LINE;
/** Chunks that nobody has taken; 0 or less when there are none. */
export const LEFT = 2 * LINE;
/** Chunks that are finished. */
export const DONE = 3 * LINE;
/** Set while the main thread sleeps on DONE. */
export const WAITING = DONE + 1;
/** Set when the workers are to end. */
export const END = 4 * LINE;
/** Length of the text of an error that a worker met, or 0. */
export const FAILED = 5 * LINE;

// The job.
/** Kernel's number. */
export const KERNEL = 6 * LINE;
export const UNITS = KERNEL + 1;
/** How many arguments come before begin and end. */
export const COUNT = KERNEL + 2;
/** Bytes between the workspaces of threads, whose address is the last argument; 0 for kernels without. */
export const STEP = KERNEL + 3;
/** Pages of the tensors' memory: other threads must hear that it grew. */
export const PAGES = KERNEL + 4;

const WORDS = 7 * LINE;
const ARGUMENTS = 64;
const TEXT = 256;

/** Jobs of so many units count elements, or something as small. */
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

  /** How many chunks a job has. */
  get chunks(): number {
    return 3 * this.threads;
  }

  /**
   * The first unit of a chunk. Half of the units are cut into a chunk for each thread, the other half into two: large
   * pieces first (blocks of a product that lie below each other share work), small ones to even out the end. Chunks of
   * elements begin at cache lines.
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

  /** Notes the first error that a worker meets. */
  fail(message: string): void {
    if (Atomics.compareExchange(this.words, FAILED, 0, -1) !== 0) return; // another worker is writing, or has written
    const length = Math.min(message.length, TEXT);
    for (let i = 0; i < length; i++) this.text[i] = message.charCodeAt(i);
    Atomics.store(this.words, FAILED, Math.max(length, 1));
  }

  /** The error that a worker met, once. */
  takeError(): string | undefined {
    const length = Atomics.exchange(this.words, FAILED, 0);
    return length === 0 ? undefined : String.fromCharCode(...this.text.subarray(0, length));
  }
}
