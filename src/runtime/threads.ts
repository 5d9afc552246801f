import { SimdgradError } from "../base/errors.js";
import { checkArguments, define, integerFrom, type Kind } from "../base/signature.js";
import { whyNoThreads } from "../platform/workers.js";
import { shareMemory } from "./kernels.js";
import { setTeam, Team, team } from "./team.js";

const MOST = 64;

const threadsKind: Kind<number> = {
  expected: `a whole number of threads from 1 to ${MOST}`,
  fits: (value): value is number => integerFrom(1).fits(value) && value <= MOST,
};

/** The previous call: calls take effect one after the other. */
let last: Promise<void> = Promise.resolve();

async function change(n: number): Promise<void> {
  if (n === getNumThreads()) return;
  let next: Team | undefined;
  if (n > 1) {
    try {
      next = await Team.start(n, shareMemory());
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new SimdgradError("setNumThreads", `cannot start ${n - 1} workers: ${reason}`);
    }
  }
  team?.end();
  setTeam(next);
}

/**
 * Sets how many threads compute, as torch.set_num_threads: the program's own and n - 1 workers. No bit of a result
 * depends on it. Operations stay synchronous; one thread computes those too small to gain. Workers end with the process
 * or page, or at `setNumThreads(1)`, and keep no process alive. Browsers need a page that is cross-origin isolated.
 *
 * @param n 1 to 64; more than the machine has cores makes everything slower
 * @throws ValueError for another n, SimdgradError where the host has no threads with shared memory
 * @see https://pytorch.org/docs/stable/generated/torch.set_num_threads.html
 * @example
 * ```ts
 * import { rand, setNumThreads } from "simdgrad";
 * await setNumThreads(2);
 * const c = rand([512, 512]).matmul(rand([512, 512])); // on two cores
 * await setNumThreads(1);
 * ```
 */
export async function setNumThreads(...args: [n: number]): Promise<void> {
  checkArguments("setNumThreads", { n: threadsKind }, args);
  const [n] = args;
  const why = n > 1 ? whyNoThreads() : undefined;
  if (why !== undefined) throw new SimdgradError("setNumThreads", why.problem, why.hint);
  const done = last.then(() => change(n));
  last = done.catch(() => {});
  await done;
}

/** How many threads compute: 1, or what {@link setNumThreads} has set, as torch.get_num_threads. */
export const getNumThreads = define("getNumThreads", {}, (): number => team?.size ?? 1);
