import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Dtype, gradcheck, gradgradcheck, memory, noGrad, SimdgradError, scope, type Tensor } from "simdgrad";
import { describe, expect, it } from "vitest";
import { setGrain } from "../src/runtime/launch.js";
import { themes } from "./ops.cases.js";
import { SIZES } from "./support/case.js";
import { digest } from "./support/digest.js";
import { asList, bits, differences, evaluate, type Values } from "./support/evaluate.js";
import {
  arrayOf,
  type Drawn,
  draw,
  dtypesOf,
  expanded,
  extremesOf,
  isFloat,
  leaf,
  type Run,
  repeated,
  runsOf,
  sliced,
  transposed,
  weightsFor,
} from "./support/inputs.js";

/** What make_ops.py wrote: by row, by run. An output is "dtype [shape] elements". */
type Golden = Record<string, Record<string, { hash: string; outs: string[]; grads: (string | null)[] }>>;

function readGolden(theme: string): Golden {
  const path = fileURLToPath(new URL(`golden/ops/${theme}.json`, import.meta.url));
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Golden) : {};
}

function parse(text: string): { dtype: string; shape: string; values: number[] } {
  const [, dtype, shape, elements] = /^(\w+) \[([\d,]*)\] ?(.*)$/.exec(text)!;
  const words = elements === "" ? [] : elements!.replaceAll("inf", "Infinity").split(" ");
  return { dtype: dtype!, shape: shape!, values: Array.from(arrayOf(dtype as Dtype, words.map(Number))) };
}

/** Runs a check on every run of a row and reports all that failed, each with the run's name. */
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

const same = (a: string, b: string, what: string): string | null => (a === b ? null : `${what} gives other bits`);
const run = ({ call }: Run, inputs: readonly Tensor[]): string => bits(evaluate(call, inputs));
const whole = (r: Run): string => run(r, r.drawn.map(leaf));

/** Differences from PyTorch of an output or a gradient: at most `ulps`, counted at numbers of at least `floor`. */
function compare(
  got: Values | null,
  text: string | null,
  what: string,
  { ulps, floor, signedZero }: { ulps: number; floor: number; signedZero: boolean },
): string[] {
  if (got === null || text === null) {
    const only = (got === null ? text && parse(text).values : got?.data) || [];
    return Array.from(only).every((value) => value === 0) ? [] : [`${what}: expected ${text}, got ${got?.data}`];
  }
  const want = parse(text);
  const form = `${got.dtype} [${got.shape}]`;
  if (form !== `${want.dtype} [${want.shape}]`) return [`${what}: expected ${want.dtype} [${want.shape}], got ${form}`];
  const found = differences(got, want.values, isFloat(got.dtype as Dtype) ? ulps : 0, floor, signedZero);
  return found.slice(0, 4).map((text) => `${what}, ${text}`);
}

function checkGolden(r: Run, golden: Golden): string[] {
  const entry = golden[r.row.name]?.[r.key];
  if (entry?.hash !== r.hash) return ["no golden entry: see the top of test/ops.cases.ts for how to make it"];
  const { outs, grads } = evaluate(r.call, r.drawn.map(leaf));
  const { ulps = 4, gradUlps = ulps, floor = 0, signedZero = floor === 0, elementwise } = r.row;
  // the gradient of a broadcast input is a sum of terms of about 2
  const gradFloor = (g: Values | null): number =>
    elementwise && g !== null && String(g.shape) !== String(outs[0]!.shape) ? 2 : floor;
  const count = entry.outs.length === outs.length ? [] : [`expected ${entry.outs.length} outputs, got ${outs.length}`];
  return [
    ...count,
    ...outs.flatMap((out, i) => compare(out, entry.outs[i] ?? null, `output ${i}`, { ulps, floor, signedZero })),
    ...grads.flatMap((g, i) =>
      compare(g, entry.grads[i] ?? null, `gradient ${i}`, { ulps: gradUlps, floor: gradFloor(g), signedZero: false }),
    ),
  ];
}

/** No NaN where PyTorch has none. */
function checkExtremes(r: Run, golden: Golden): string[] {
  const entry = golden[r.row.name]?.[r.key];
  if (entry?.hash !== r.hash) return ["no golden entry: see the top of test/ops.cases.ts for how to make it"];
  const { outs, grads } = evaluate(r.call, r.drawn.map(leaf));
  const invented = (got: Values | null, mask: string | null | undefined): number =>
    got === null ? 0 : Array.from(got.data).filter((value, i) => Number.isNaN(value) && mask?.[i] !== "1").length;
  const total = [
    ...outs.map((out, i) => invented(out, entry.outs[i])),
    ...grads.map((g, i) => invented(g, entry.grads[i])),
  ];
  return total.some((n) => n > 0) ? [`NaN where PyTorch has a number (per output and gradient: ${total})`] : [];
}

/** Whether differences can be taken of a run: few elements, and float64 throughout. */
function differentiableRun(r: Run): boolean {
  if (r.kink || !r.drawn.some(({ grad }) => grad) || r.drawn.reduce((n, { data }) => n + data.length, 0) > 64)
    return false;
  const dtypes = scope(() => asList(r.call.op(...r.drawn.map(leaf))).map(({ dtype }) => dtype));
  return dtypes.includes("float64") && !dtypes.includes("float32");
}

/** The operation followed by a polynomial, so that its gradient depends on its value and is not all ones. */
function withHead({ call }: Run): (...inputs: Tensor[]) => Tensor[] {
  return (...inputs) =>
    asList(call.op(...inputs))
      .filter((out) => isFloat(out.dtype))
      .map((out, j) =>
        out
          .mul(out)
          .mul(0.25)
          .add(out.mul(weightsFor(out, j))),
      );
}

/** Each input in other memory, alone and all at once. */
function* layouts(r: Run): Generator<[string, Tensor[]]> {
  yield ["a transposed view of every input", r.drawn.map(transposed)];
  yield ["an offset, strided slice of every input", r.drawn.map(sliced)];
  if (r.drawn.length < 2) return;
  for (let i = 0; i < r.drawn.length; i++) {
    yield [`a transposed view of input ${i}`, r.drawn.map((d, k) => (k === i ? transposed(d) : leaf(d)))];
  }
}

function checkStrides(r: Run): (string | null)[] {
  const expected = whole(r);
  const found = [...layouts(r)].map(([what, inputs]) => same(run(r, inputs), expected, what));
  for (let i = 0; i < r.drawn.length; i++) {
    const others = (view: (d: Drawn) => Tensor): Tensor[] => r.drawn.map((d, k) => (k === i ? view(d) : leaf(d)));
    found.push(
      same(
        run(r, others(expanded)),
        run(
          r,
          others((d) => leaf(repeated(d))),
        ),
        `an expanded input ${i}`,
      ),
    );
  }
  return found;
}

/** Parts of the inputs give the same parts of the result: neither position nor size matter. */
function checkSizes(r: Run): string[] {
  const size = SIZES[SIZES.length - 1]!;
  if (!r.drawn.every(({ shape }) => shape.length === 1 && shape[0] === size)) return [];
  const { outs, grads } = evaluate(r.call, r.drawn.map(leaf));
  return SIZES.flatMap((n) =>
    [0, 1, size - n].flatMap((from) => {
      const to = Math.min(from + n, size);
      const part = <T extends { data: Values["data"] }>(v: T): T => ({
        ...v,
        data: v.data.slice(from, to),
        shape: [to - from],
      });
      const expected = bits({ outs: outs.map(part), grads: grads.map((g) => g && part(g)) });
      const got = bits(evaluate(r.call, r.drawn.map(part).map(leaf), from));
      return same(got, expected, `elements ${from} to ${to}`) ?? [];
    }),
  );
}

const copyOf = (x: Tensor): string => bits(evaluate({ op: (y) => y.detach() }, [x]));

function checkInPlace(r: Run): string[] {
  const write = r.row.inPlace!;
  const expected = evaluate(r.call, r.drawn.map(leaf));
  const [out] = expected.outs;
  const first = r.drawn[0]!;
  if (`${out!.dtype} ${out!.shape}` !== `${first.dtype} ${first.shape}`) return [];
  const inputs = r.drawn.map(leaf);
  const { version } = inputs[0]!.storage;
  noGrad(() => write(...inputs));
  const got = bits({ outs: [{ data: inputs[0]!.toTypedArray(), shape: first.shape, dtype: first.dtype }], grads: [] });
  const problems = got === bits({ outs: [out!], grads: [] }) ? [] : ["the form in place gives other bits"];
  if (inputs[0]!.storage.version === version) problems.push("the form in place does not mark its storage as written");
  if (first.grad) {
    const before = copyOf(inputs[0]!);
    expect(() => write(...inputs)).toThrow(/expected a write in place under noGrad/);
    if (copyOf(inputs[0]!) !== before) problems.push("the refused write in place wrote");
  }
  return problems;
}

for (const [theme, rows] of Object.entries(themes)) {
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

    if (!row.rowMajorOnly) {
      it("gives the same bits from strided, offset and expanded inputs", () =>
        everyRun(ordinary, (r) => checkStrides(r).filter((problem) => problem !== null)));
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

describe("all rows", () => {
  it("have names of their own", () => {
    const names = Object.values(themes).flatMap((rows) => rows.map(({ name }) => name));
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it("give the bits of another process", async () => {
    const script = fileURLToPath(new URL("support/digest.main.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [
      "-C",
      "simdgrad-source",
      "--import",
      "tsx",
      script,
    ]);
    expect(stdout.trim()).toBe(digest());
  });
});
