/** A thread for each core, for the long jobs. Unlike processes, threads share V8's compiled code of asc. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Io } from "./io.js";
import type { Answer, Job } from "./worker.js";

/**
 * The first code of a thread. In Node 20 `--import tsx` works in the main thread only, so each thread registers tsx. It
 * unregisters tsx after loading worker.ts, because tsx would spend seconds on asc's 14 MB of JavaScript.
 */
const START = `(async () => {
  const tsx = await import(${JSON.stringify(import.meta.resolve("tsx/esm/api"))});
  const unregister = tsx.register();
  const { listen } = await import(${JSON.stringify(new URL("./worker.ts", import.meta.url))});
  await unregister();
  listen();
})();`;

type Waiting = { job: Job; take(answer: Answer): void; fail(error: Error): void };

export class Pool {
  private readonly queue: Waiting[] = [];
  private readonly idle: Worker[] = [];
  private readonly workers: Worker[] = [];

  constructor(private readonly size = availableParallelism()) {}

  /** Does a job in a thread, and adds its record to `io`. */
  async run(job: Job, io: Io): Promise<void> {
    const answer = await new Promise<Answer>((take, fail) => {
      this.queue.push({ job, take, fail });
      this.dispatch();
    });
    if ("failure" in answer) throw new Error(answer.failure);
    io.add(answer);
  }

  /** Ends the threads, also in the middle of a job. */
  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private dispatch(): void {
    while (this.queue.length > 0) {
      const worker = this.idle.pop() ?? (this.workers.length < this.size ? this.start() : undefined);
      if (worker === undefined) return;
      this.give(worker, this.queue.shift()!);
    }
  }

  private start(): Worker {
    const worker = new Worker(START, { eval: true, execArgv: [] });
    this.workers.push(worker);
    return worker;
  }

  private give(worker: Worker, { job, take, fail }: Waiting): void {
    worker.once("error", fail);
    worker.once("message", (answer: Answer) => {
      worker.off("error", fail);
      take(answer);
      this.idle.push(worker);
      this.dispatch();
    });
    worker.postMessage(job);
  }
}
