import { beforeAll, describe, expect, it } from "vitest";
import { type Dtype, grad, memory, scope, Tensor, tensor } from "../../../src/index.js";
import { goldenJson } from "../../support/files.js";

/** The cases of test/golden/array.py: calls of tensor methods with PyTorch's results and gradients. */
type Encoded = { dtype: Dtype; shape: number[]; values: (number | string)[] };
type Argument = number | string | boolean | null | Argument[] | { tensor: Encoded };
type Case = {
  method: string;
  args: Argument[];
  options: Record<string, Argument>;
  outs: Encoded[];
  grads?: (Encoded | null)[];
  seconds?: (Encoded | null)[];
};
const cases: Case[] = goldenJson("array.json");

const special: Record<string, number> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
};
const decode = (value: number | string): number => (typeof value === "string" ? special[value]! : value);
const make = (e: Encoded): Tensor => tensor(Float64Array.from(e.values, decode), { shape: e.shape, dtype: e.dtype });

const argument = (arg: Argument): unknown => {
  if (Array.isArray(arg)) return arg.map(argument);
  if (typeof arg === "object" && arg !== null) return make(arg.tensor);
  return typeof arg === "string" && arg in special ? special[arg] : arg;
};

function expectTensor(got: Tensor | null, want: Encoded | null, what: string): void {
  if (want === null || got === null) {
    // one side may have no gradient where the other has zeros
    const rest = want?.values.map(decode) ?? Array.from(got?.toTypedArray() ?? []);
    expect(
      rest.every((value) => value === 0),
      what,
    ).toBe(true);
    return;
  }
  expect({ shape: got.shape, dtype: got.dtype }, what).toEqual({ shape: want.shape, dtype: want.dtype });
  const tolerance = want.dtype === "float32" ? 1e-6 : 1e-12;
  got.toTypedArray().forEach((value, i) => {
    const expected = decode(want.values[i]!);
    const near = Math.abs(value - expected) <= tolerance * Math.max(1, Math.abs(expected));
    expect(near || Object.is(value + 0, expected + 0), `${what}[${i}]: got ${value}, PyTorch has ${expected}`).toBe(
      true,
    );
  });
}

const weights = (x: Tensor): Tensor =>
  tensor(
    Float64Array.from({ length: x.numel }, (_, i) => (((i * 7) % 5) - 2) * 0.5 + 0.25),
    { shape: x.shape, dtype: x.dtype },
  );
const weighed = (parts: Tensor[]): Tensor => parts.map((x) => x.mul(weights(x)).sum()).reduce((a, b) => a.add(b));

function run({ method, args, options, outs: wanted, grads, seconds }: Case): void {
  const operands = args.map(argument);
  const inputs = operands.filter((x) => x instanceof Tensor).filter((x) => x.dtype.startsWith("float"));
  if (grads !== undefined) for (const x of inputs) x.requiresGrad = true;
  const named = Object.fromEntries(Object.entries(options).map(([key, value]) => [key, argument(value)]));
  const [self, ...rest] = operands as [Tensor, ...unknown[]];
  if (Object.keys(named).length > 0) rest.push(named);
  const call = self[method as keyof Tensor] as (...rest: unknown[]) => Tensor | Iterable<Tensor>;
  const result = call.apply(self, rest);
  const outs = result instanceof Tensor ? [result] : [...result];
  expect(outs.length).toBe(wanted.length);
  for (const [i, out] of outs.entries()) expectTensor(out, wanted[i]!, `out ${i}`);
  const flowing = outs.filter((out) => out.requiresGrad);
  if (grads === undefined) return;
  const first = grad(weighed(flowing), inputs, { createGraph: true, allowUnused: true });
  for (const [i, g] of first.entries()) expectTensor(g, grads[i]!, `grad ${i}`);
  const live = first.filter((g): g is Tensor => g?.requiresGrad === true);
  if (seconds === undefined) return;
  const second = live.length === 0 ? inputs.map(() => null) : grad(weighed(live), inputs, { allowUnused: true });
  for (const [i, g] of second.entries()) expectTensor(g, seconds[i]!, `second ${i}`);
}

describe("array operations give PyTorch's values, gradients and second gradients", () => {
  // kernels allocate their shared blocks at first use
  beforeAll(() =>
    scope(() => {
      run(cases[1]!);
      tensor([2, 1]).sort();
    }),
  );

  it.each(cases.map((entry, i) => [`${i}: ${entry.method}`, entry] as const))("%s", (_, entry) => {
    const before = memory().tensors;
    scope(() => run(entry));
    expect(memory().tensors).toBe(before);
  });
});
