import { type CaseResult, type EntryResult, median } from "../results.js";
import { amount, type Work } from "../work/work.js";
import type { Case, Entry } from "./cases.js";
import type { Child } from "./child.js";

/** The length of a sample (at least one call): short enough to fit between the work of other programs. */
const SAMPLE_S = 0.008;
const WARM_UP_S = 0.5;
/** A sample longer than SLOW_S and SLOW_TIMES the first contender's is slow: its contender runs in SLOW_ROUNDS only. */
const SLOW_S = 0.3;
const SLOW_TIMES = 5;
const SLOW_ROUNDS = [0, 3];
/** The least rounds of a case: ROUNDS, or FEWEST_ROUNDS after PATIENCE times the time of a case. */
const ROUNDS = 7;
const FEWEST_ROUNDS = 3;
const PATIENCE = 3;
/** Work that takes longer than this to make (which runs it once) needs no warm-up. */
const WARM_S = 3;

/** A contender that is ready to measure. */
type Runner = { entry: Entry; child: Child; calls: number; times: number[]; ratios: number[]; last: number };

/** Calls the work until compiler and caches are warm. Returns the number of calls in a sample. */
async function warmUp(child: Child): Promise<number> {
  let calls = 1;
  let spent = 0;
  for (;;) {
    const time = await child.run(calls);
    spent += Math.max(time, 1e-4);
    const more = Math.ceil(calls * Math.min(10, SAMPLE_S / Math.max(time, 1e-9)));
    const next = Math.max(1, more);
    if (spent > WARM_UP_S) return next;
    calls = next;
  }
}

/** max |a − b| / max |a|. */
function difference(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  const size = Math.max(...a.map(Math.abs), Number.MIN_VALUE);
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!))) / size;
}

const tolerance = (work: Work): number => ("dtype" in work && work.dtype === "float64" ? 1e-11 : 1e-4);

/**
 * Measures a case for `seconds`: all contenders in turn, in short samples. The ratio of neighbouring samples counts,
 * because the speed of a shared machine changes by a factor of two from second to second.
 */
export async function measure(item: Case, children: ReadonlyMap<Entry, Child>, seconds: number): Promise<CaseResult> {
  const { group, name, entries } = item;
  const results = new Map<Entry, EntryResult>();
  const runners: Runner[] = [];
  let reference: number[] | undefined;
  for (const entry of entries) {
    const child = children.get(entry)!;
    const library = entry.label === "NumPy" ? "numpy" : "torch";
    const start = performance.now();
    const { result, unsupported } = await child.ask({ ask: "make", work: entry.work, library });
    const made = (performance.now() - start) / 1000;
    if (result === undefined) {
      results.set(entry, { label: entry.label, unsupported: unsupported ?? "no answer" });
      continue;
    }
    const comparable = entry.work === entries[0]!.work;
    if (comparable) reference ??= result;
    const apart = comparable ? difference(reference!, result) : 0;
    results.set(entry, { label: entry.label, ...(apart > tolerance(entry.work) ? { differs: apart } : {}) });
    const calls = made > WARM_S ? 1 : await warmUp(child);
    runners.push({ entry, child, calls, times: [], ratios: [], last: 0 });
  }
  const fractions = await rounds(runners, seconds);
  for (const { entry, child, times, ratios } of runners) {
    // Without the first contender there is no ratio: readers would take another base for the first one.
    const ratio = runners[0]!.entry === entries[0] ? { ratio: median(ratios) } : {};
    results.set(entry, { ...results.get(entry)!, seconds: median(times), ...ratio, samples: times.length });
    await child.ask({ ask: "drop" });
  }
  const fraction = fractions.length > 0 ? { fraction: median(fractions) } : {};
  return { group, name, ...amount(entries[0]!.work), ...fraction, entries: entries.map((each) => results.get(each)!) };
}

/** Samples all contenders in turn. Returns the fractions of the machine's limit that the first one reached. */
async function rounds(runners: Runner[], seconds: number): Promise<number[]> {
  const fractions: number[] = [];
  const [base] = runners;
  if (base === undefined) return fractions;
  const { count, unit } = amount(base.entry.work);
  let passed = 0; // seconds without slow samples, so that the other contenders get enough samples
  const enough = (round: number): boolean =>
    passed > seconds && (round >= ROUNDS || (round >= FEWEST_ROUNDS && passed > PATIENCE * seconds));
  for (let round = 0; !enough(round); round++) {
    for (const runner of runners) {
      const slow = runner.last > Math.max(SLOW_S, SLOW_TIMES * base.last);
      if (slow && !SLOW_ROUNDS.includes(round)) continue;
      const start = performance.now();
      const sample = await runner.child.run(runner.calls);
      runner.last = sample;
      const time = sample / runner.calls;
      runner.times.push(time);
      runner.ratios.push(time / base.times.at(-1)!);
      if (runner === base && unit === "FLOP") {
        const dtype = "dtype" in base.entry.work ? base.entry.work.dtype : "float32";
        const { limit } = await base.child.ask({ ask: "limit", dtype, seconds: sample });
        if (limit !== undefined) fractions.push(count / time / limit);
      }
      if (!slow && sample <= Math.max(SLOW_S, SLOW_TIMES * base.last)) passed += (performance.now() - start) / 1000;
    }
  }
  return fractions;
}
