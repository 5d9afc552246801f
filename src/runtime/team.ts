import { SimdgradError } from "../base/errors.js";
import { startThread, type Thread } from "../platform/workers.js";
import { COUNT, Control, DONE, END, KERNEL, LEFT, PAGES, SIGNAL, SLEEPING, STEP, UNITS, WAITING } from "./control.js";
import { memory, numberOf, PAGE, type SharedKernels } from "./kernels.js";
import { workerCode } from "./worker.generated.js";

/** A kernel whose last arguments are begin and end. */
export type Kernel<A extends number[]> = (...args: [...A, number, number]) => void;

/** A kernel with any arguments. */
export type AnyKernel = Kernel<number[]>;

/**
 * How often to poll before sleeping: about 50 µs. A thread that polls for longer may hold the core that a worker needs.
 */
const SPINS = 4000;

/** Whether this thread may sleep, which a browser's main thread may not. */
const maySleep = ((): boolean => {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    return true;
  } catch {
    return false;
  }
})();

/** The main thread and its workers. */
export class Team {
  /** For tests: leaves all work to the workers. */
  idle = false;
  private readonly control: Control;
  private threads: Thread[] = [];

  private constructor(readonly size: number) {
    this.control = new Control(size);
  }

  /** Starts `size` - 1 workers. */
  static async start(size: number, shared: SharedKernels): Promise<Team> {
    const team = new Team(size);
    const { buffer } = team.control;
    const starts = Array.from({ length: size - 1 }, (_, i) =>
      startThread(workerCode, { ...shared, buffer, threads: size, index: i + 1 }),
    );
    const results = await Promise.allSettled(starts);
    team.threads = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const failure = results.find((result) => result.status === "rejected");
    if (failure === undefined) return team;
    team.end();
    throw failure.reason;
  }

  /** Ends the workers. */
  end(): void {
    const { words } = this.control;
    Atomics.store(words, END, 1);
    Atomics.add(words, SIGNAL, 1);
    Atomics.notify(words, SIGNAL);
    for (const thread of this.threads) thread.end();
  }

  /**
   * Runs a kernel over [0, units) on all threads and waits for all of them.
   * @param step bytes between the threads' workspaces, the first of which is the last argument; 0 without workspace
   */
  run(kernel: AnyKernel, units: number, step: number, args: readonly number[]): void {
    const { control } = this;
    const { words } = control;
    words[KERNEL] = numberOf(kernel);
    words[UNITS] = units;
    words[COUNT] = args.length;
    words[STEP] = step;
    words[PAGES] = memory.buffer.byteLength / PAGE;
    control.args.set(args);
    Atomics.store(words, DONE, 0);
    Atomics.store(words, LEFT, control.chunks);
    Atomics.add(words, SIGNAL, 1);
    if (Atomics.load(words, SLEEPING) > 0) Atomics.notify(words, SIGNAL);
    let wanted = control.chunks;
    try {
      if (!this.idle) control.takeChunks((begin, end) => kernel(...args, begin, end));
    } catch (error) {
      wanted -= 1 + Math.max(Atomics.exchange(words, LEFT, 0), 0); // the chunks that no thread has taken, and this one
      this.wait(wanted);
      control.takeError();
      throw error;
    }
    this.wait(wanted);
    const problem = control.takeError();
    if (problem !== undefined) throw new SimdgradError("a kernel on another thread", problem);
  }

  /** Waits until `chunks` chunks are done. It polls first, because most waits are short. */
  private wait(chunks: number): void {
    const { words } = this.control;
    for (let i = 0; i < SPINS || !maySleep; i++) if (Atomics.load(words, DONE) >= chunks) return;
    Atomics.store(words, WAITING, 1);
    for (let done = Atomics.load(words, DONE); done < chunks; done = Atomics.load(words, DONE)) {
      Atomics.wait(words, DONE, done);
    }
    Atomics.store(words, WAITING, 0);
  }
}

/** The team that runs kernels; undefined while there is one thread. */
export let team: Team | undefined;

/** Replaces the team; the previous one is not ended. */
export function setTeam(next: Team | undefined): void {
  team = next;
}
