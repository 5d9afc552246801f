/**
 * The child's side of the protocol: each line of JSON gets a line of JSON as answer. `versions` gives versions; `make`
 * prepares work and gives a sample of its result; `run` does the work and gives seconds; `drop` frees it; `limit` gives
 * the machine's limit.
 */
import { createInterface } from "node:readline";
import { limit } from "../limit.js";
import { stopwatch } from "../stopwatch.js";
import { type Dtype, type Job, Unsupported, type Work } from "../work/work.js";

export type Ask =
  | { ask: "versions" }
  | { ask: "make"; work: Work; library: string }
  | { ask: "run"; calls: number }
  | { ask: "limit"; dtype: Dtype; seconds: number }
  | { ask: "drop" };

export type Answer = {
  versions?: Record<string, string>;
  /** About a thousand elements, evenly spread over the result. */
  result?: number[];
  seconds?: number;
  /** FLOP/s. */
  limit?: number;
  /** Why this library cannot do this work. */
  unsupported?: string;
};

/** The elements to compare. bench/peers/pytorch.py picks the same ones. */
function sampleOf(result: ArrayLike<number>): number[] {
  const every = Math.floor(result.length / 1000) | 1; // odd, because the inputs repeat after a thousand
  return Array.from({ length: Math.ceil(result.length / every) }, (_, i) => Number(result[i * every]));
}

/**
 * Seconds of calls that each get new operands. These are made just before the call, so they are in the caches, as after
 * the layer before. The stopwatch of the whole loop gives the share of the core that this process had.
 */
async function runFresh(job: Job, renew: () => void, calls: number): Promise<number> {
  const start = performance.now();
  const alone = stopwatch();
  let timed = 0;
  for (let i = 0; i < calls; i++) {
    renew();
    const begin = performance.now();
    const done = job.run(1);
    if (done !== undefined) await done;
    timed += performance.now() - begin;
  }
  return (timed * alone()) / (performance.now() - start);
}

/** Answers questions until the input ends. */
export async function serve(
  jobOf: (work: Work) => Job | Promise<Job>,
  versions: Record<string, string>,
): Promise<void> {
  let job: Job | undefined;
  const answers: { [A in Ask as A["ask"]]: (ask: A) => Answer | Promise<Answer> } = {
    versions: () => ({ versions }),
    make: async ({ work }) => {
      job = await jobOf(work);
      return { result: sampleOf(await job.result()) };
    },
    run: async ({ calls }) => {
      if (job!.renew !== undefined) return { seconds: await runFresh(job!, job!.renew, calls) };
      const seconds = stopwatch();
      const done = job!.run(calls);
      if (done !== undefined) await done;
      return { seconds: seconds() };
    },
    limit: ({ dtype, seconds }) => ({ limit: limit(dtype === "float32" ? "f32" : "f64", seconds) }),
    drop: () => {
      job?.end?.();
      job = undefined;
      return {};
    },
  };
  const answer = (ask: Ask): Answer | Promise<Answer> => {
    const give: (ask: never) => Answer | Promise<Answer> = answers[ask.ask];
    return give(ask as never);
  };
  for await (const line of createInterface({ input: process.stdin })) {
    let said: Answer;
    try {
      said = await answer(JSON.parse(line) as Ask);
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      said = { unsupported: error.message };
    }
    console.log(JSON.stringify(said));
  }
}
