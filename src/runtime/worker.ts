/**
 * The program of a worker: it instantiates the builds on the shared memory and takes chunks of jobs in a loop. It is
 * bundled into worker.generated.ts as text, so that no file must be found at run time; nothing imports it.
 */
import { receiveStart } from "../platform/worker-start.js";
import { COUNT, Control, END, KERNEL, PAGES, PER_BUILD, SIGNAL, SLEEPING, STEP } from "./control.js";
import type { SharedKernels } from "./kernels.js";

/** The message that starts a worker. `index` is its number among the threads: 1 or more. */
type Start = SharedKernels & { buffer: SharedArrayBuffer; threads: number; index: number };

type Kernel = (...args: number[]) => unknown;

/** How long a worker polls for the next job before it sleeps: waking it costs more than a small job. */
const SPIN_MS = 0.1;

/** The kernels of each build, in the order of its exports. */
function kernelsOf({ memory, modules }: SharedKernels): Kernel[][] {
  return modules.map((module) => {
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    return WebAssembly.Module.exports(module).map(({ name }) => exports[name] as Kernel);
  });
}

/** Waits until SIGNAL differs from `seen`. */
function waitForJob(words: Int32Array<SharedArrayBuffer>, seen: number): void {
  const end = performance.now() + SPIN_MS;
  do {
    for (let i = 0; i < 100; i++) if (Atomics.load(words, SIGNAL) !== seen) return;
  } while (performance.now() < end);
  Atomics.add(words, SLEEPING, 1);
  Atomics.wait(words, SIGNAL, seen);
  Atomics.sub(words, SLEEPING, 1);
}

/** Runs [begin, end) of the job in the control block. */
function run({ words, args }: Control, kernels: readonly Kernel[][], start: Start, begin: number, end: number): void {
  const number = words[KERNEL]!;
  const own = Array.from(args.subarray(0, words[COUNT]!));
  if (words[STEP] !== 0) own[own.length - 1]! += start.index * words[STEP]!;
  kernels[Math.floor(number / PER_BUILD)]![number % PER_BUILD]!(...own, begin, end);
}

receiveStart((message, ready) => {
  const start = message as Start;
  const control = new Control(start.threads, start.buffer);
  const { words } = control;
  const kernels = kernelsOf(start);
  let pages = 0;
  const attempt = (begin: number, end: number): void => {
    try {
      if (words[PAGES] !== pages) start.memory.grow(0); // makes this thread's instances see what another has grown
      pages = words[PAGES]!;
      run(control, kernels, start, begin, end);
    } catch (error) {
      control.fail(String(error));
    }
  };
  ready();
  for (let seen = 0; Atomics.load(words, END) === 0; ) {
    waitForJob(words, seen);
    seen = Atomics.load(words, SIGNAL);
    control.takeChunks(attempt);
  }
});
