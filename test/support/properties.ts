import { noGrad, scope, type Tensor } from "simdgrad";
import { SIZES } from "./case.js";
import { asList, bits, evaluate, type Values } from "./evaluate.js";
import { type Drawn, expanded, isFloat, leaf, type Run, repeated, sliced, transposed, weightsFor } from "./inputs.js";

/** The longer checks of one run. Each returns a text about what is wrong. */

export const same = (a: string, b: string, what: string): string | null =>
  a === b ? null : `${what} gives other bits`;
const run = ({ call }: Run, inputs: readonly Tensor[]): string => bits(evaluate(call, inputs));
export const whole = (r: Run): string => run(r, r.drawn.map(leaf));

/** Whether finite differences work for a run: few elements, and float64 only. */
export function differentiableRun(r: Run): boolean {
  if (r.kink || !r.drawn.some(({ grad }) => grad) || r.drawn.reduce((n, { data }) => n + data.length, 0) > 64)
    return false;
  const dtypes = scope(() => asList(r.call.op(...r.drawn.map(leaf))).map(({ dtype }) => dtype));
  return dtypes.includes("float64") && !dtypes.includes("float32");
}

/** The operation followed by a polynomial, so that the incoming gradient depends on the value. */
export function withHead({ call }: Run): (...inputs: Tensor[]) => Tensor[] {
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

/** The same elements in other memory give the same bits. */
export function checkStrides(r: Run): string[] {
  const expected = whole(r);
  const found = [...layouts(r)].map(([what, inputs]) => same(run(r, inputs), expected, what));
  for (let i = 0; i < r.drawn.length; i++) {
    const inputs = (make: (d: Drawn) => Tensor): Tensor[] => r.drawn.map((d, k) => (k === i ? make(d) : leaf(d)));
    const copies = inputs((d) => leaf(repeated(d)));
    found.push(same(run(r, inputs(expanded)), run(r, copies), `an expanded input ${i}`));
  }
  return found.filter((problem) => problem !== null);
}

/** Parts of the inputs give the same parts of the result, so position and size do not matter. */
export function checkSizes(r: Run): string[] {
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

export const copyOf = (x: Tensor): string => bits(evaluate({ op: (y) => y.detach() }, [x]));

/** Whether an in-place write without noGrad throws. */
function refused(write: () => unknown): boolean {
  try {
    write();
    return false;
  } catch (error) {
    return /expected a write in place under noGrad/.test(String(error));
  }
}

/** The in-place form gives the operation's bits, increments the version of the storage, and needs noGrad. */
export function checkInPlace(r: Run): string[] {
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
    if (!refused(() => write(...inputs))) problems.push("a recorded write in place was not refused");
    if (copyOf(inputs[0]!) !== before) problems.push("the refused write in place wrote");
  }
  return problems;
}
