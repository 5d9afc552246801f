import { gradcheck, gradgradcheck, memory, SimdgradError, scope, setNumThreads, type Tensor } from "simdgrad";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forceThreads, setGrain } from "../../src/runtime/launch.js";
import type { Row } from "./case.js";
import { asList, evaluate } from "./evaluate.js";
import { checkExtremes, checkGolden, readGolden } from "./golden.js";
import { draw, dtypesOf, extremesOf, leaf, type Run, runsOf, weightsFor } from "./inputs.js";
import {
  checkInPlace,
  checkSizes,
  checkStrides,
  copyOf,
  differentiableRun,
  same,
  whole,
  withHead,
} from "./properties.js";

/** Checks every run of a row, and reports all failures with the names of the runs. */
function everyRun(runs: readonly Run[], check: (run: Run) => string | readonly string[] | null): void {
  const failed: string[] = [];
  for (const run of runs) {
    const problems = scope(() => {
      try {
        return check(run);
      } catch (error) {
        if (error instanceof SimdgradError) return error.message;
        throw new Error(run.key, { cause: error });
      }
    });
    for (const problem of typeof problems === "string" ? [problems] : (problems ?? [])) {
      failed.push(`${run.key}: ${problem}`);
    }
  }
  expect(failed).toEqual([]);
}

/** The tests of a theme: every property on every row. */
export function checkRows(theme: string, rows: readonly Row[]): void {
  beforeAll(() => setNumThreads(3)); // for the check that uses threads
  afterAll(() => setNumThreads(1));

  const golden = readGolden(theme);
  describe.each(rows)(`${theme}: $name`, (row) => {
    const runs = runsOf(row);
    const ordinary = runs.filter((r) => !r.kink);
    const differentiable = row.differentiable ?? true;

    it("gives PyTorch's values and gradients", () => everyRun(runs, (r) => checkGolden(r, golden)));

    it("gives no NaN at extremes where PyTorch gives a number", () =>
      everyRun(extremesOf(row), (r) => checkExtremes(r, golden)));

    if (differentiable) {
      const doubles = (): Run[] => runsOf(row, ["float64"]).filter(differentiableRun);
      it("has the gradient that differences give", () =>
        everyRun(doubles(), (r) => (gradcheck(withHead(r), r.drawn.map(leaf)) ? null : "gradcheck")));

      if (row.twice ?? true) {
        it("has the second gradient that differences give", () =>
          everyRun(doubles(), (r) => (gradgradcheck(withHead(r), r.drawn.map(leaf)) ? null : "gradgradcheck")));
      }
    }

    it("gives the same bits whole and in pieces", () =>
      everyRun(runs, (r) => {
        const expected = whole(r);
        return [1, 3, 4].flatMap((units) => {
          const before = setGrain(units);
          try {
            return same(whole(r), expected, `cut into pieces of ${units}`) ?? [];
          } finally {
            setGrain(before);
          }
        });
      }));

    it("gives the same bits on one thread and on several", () =>
      everyRun(runs, (r) => {
        const expected = whole(r);
        forceThreads(true);
        try {
          return same(whole(r), expected, "sharing the work out");
        } finally {
          forceThreads(false);
        }
      }));

    if (!row.rowMajorOnly) {
      it("gives the same bits from strided, offset and expanded inputs", () =>
        everyRun(ordinary, (r) => checkStrides(r)));
    }

    if (row.elementwise) {
      it("gives an element the same bits at every position and size", () => everyRun(ordinary, checkSizes));
    }

    it("gives the same bits twice", () => everyRun(runs, (r) => same(whole(r), whole(r), "the second time")));

    it("leaves its inputs as they were", () =>
      everyRun(runs, (r) => {
        const inputs = r.drawn.map(leaf);
        const before = inputs.map((x) => x.storage.version);
        const contents = inputs.map(copyOf);
        evaluate(r.call, inputs);
        const intact = inputs.every((x, i) => x.storage.version === before[i] && copyOf(x) === contents[i]);
        return intact ? null : "an input was written to";
      }));

    it("frees what it makes, forward and backward", () => {
      const failed = runs.filter((r) => {
        const step = (): number => {
          scope(() => {
            const inputs = r.drawn.map(leaf);
            const total = asList(r.call.op(...inputs))
              .filter((out) => out.requiresGrad)
              .map((out, j) => out.mul(weightsFor(out, j)).sum())
              .reduce<Tensor | null>((a, b) => (a === null ? b : a.add(b)), null);
            total?.backward();
            for (const x of inputs) x.grad = null;
          });
          return memory().bytesInUse;
        };
        const first = step();
        return step() !== first;
      });
      expect(failed.map(({ key }) => key)).toEqual([]);
    });

    if (dtypesOf(row).includes("float32") && dtypesOf(row).includes("float64")) {
      it("agrees between float32 and float64", () => {
        const doubles = runsOf(row, ["float64"]).filter((r) => !r.kink);
        const singles = runsOf(row, ["float32"]).filter((r) => !r.kink);
        everyRun(doubles, (r) => {
          const of = (which: Run): number[][] => {
            const { outs, grads } = evaluate(which.call, which.drawn.map(leaf));
            return [...outs, ...grads.filter((g) => g !== null)].map(({ data }) => Array.from(data));
          };
          const [wide, narrow] = [of(r), of(singles[doubles.indexOf(r)]!)];
          const close = wide.every((values, i) => {
            const largest = Math.max(0, ...values.map(Math.abs));
            return values.every((value, k) => {
              const other = narrow[i]![k]!;
              return Object.is(value, other) || Math.abs(value - other) <= (row.agree ?? 1e-5) * largest;
            });
          });
          return close ? null : `float32 ${JSON.stringify(narrow)} is far from float64 ${JSON.stringify(wide)}`;
        });
      });
    }

    if (row.inPlace)
      it("has the same bits in place", () =>
        everyRun(
          runs.filter((r) => r.call === row.calls[0]),
          checkInPlace,
        ));

    for (const [i, refusal] of (row.refusals ?? []).entries()) {
      it(`refuses bad call ${i}: ${refusal.error}`, () => {
        const inputs = refusal.inputs.map((input, k) => leaf(draw(row, input, k, dtypesOf(row)[0]!)));
        const contents = inputs.map(copyOf);
        let message = "no error";
        scope(() => {
          try {
            refusal.op(...inputs);
          } catch (error) {
            message = error instanceof Error ? error.message : String(error);
          }
        });
        if (typeof refusal.error === "string") expect(message).toBe(refusal.error);
        else expect(message).toMatch(refusal.error);
        expect(inputs.map(copyOf)).toEqual(contents);
      });
    }
  });
}
