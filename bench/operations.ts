import { limit } from "./limit.js";
import type { Case, Suite } from "./suite.js";
import { convolutionWork } from "./work/convolutions.js";
import { jobOf } from "./work/simdgrad.js";
import { amount, FUNCTIONS, nameOf, type Step, type Work } from "./work/work.js";

/** Work as a case. It is made at the first call, so that a filter saves its memory. */
export function caseOf(work: Work): Case {
  const { count, unit } = amount(work);
  let job: ReturnType<typeof jobOf> | undefined;
  const fn = (): void => {
    job ??= jobOf(work);
    void job.run(1);
  };
  const measured = unit === "row" ? {} : { work: count, unit };
  const bounded = unit === "FLOP" ? { limit: (seconds: number) => limit("f32", seconds) } : {};
  return { name: nameOf(work), fn, ...measured, ...bounded, end: () => job?.end?.() };
}

const suite = (name: string, works: readonly Work[]): Suite => ({
  name,
  *cases() {
    for (const work of works) yield caseOf(work);
  },
});

const SMALL = 1000;
const LARGE = 1_000_000;

/** Functions of each element of a small tensor, where the call is what costs, and of a large one. */
export const elementwise = suite("elementwise", [
  ...[SMALL, LARGE].flatMap((count) => FUNCTIONS.map((op): Work => ({ op, dtype: "float32", count }))),
  ...FUNCTIONS.map((op): Work => ({ op, dtype: "float64", count: LARGE })),
]);

export const optimizers = suite("optimizers", [
  ...[SMALL, LARGE].map((count): Work => ({ op: "adam", dtype: "float32", count })),
]);

export const convolutions = suite("convolutions", convolutionWork);

const STEPS: readonly (readonly [example: Step["example"], batch: number])[] = [
  [1, 640],
  [2, 12],
  [3, 4],
  [3, 64],
  [3, 256],
  [4, 4],
];

/** Whole training steps of some examples. */
export function steps(...examples: Step["example"][]): Step[] {
  const wanted = STEPS.filter(([example]) => examples.includes(example));
  return wanted.map(([example, batch]) => ({ op: "step", example, batch }));
}

export const training = suite("training steps", steps(1, 2, 3, 4));
