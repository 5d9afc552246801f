/** Integers: a number that does not fit is refused, and no sum wraps in silence. */
import fc from "fast-check";
import {
  arange,
  cumsum,
  type Dtype,
  F,
  full,
  fullLike,
  linspace,
  prod,
  scope,
  sum,
  type Tensor,
  tensor,
  ValueError,
  where,
  zeros,
} from "simdgrad";
import { describe, expect, it } from "vitest";

const mask = tensor([true, false]);

/** Every call that makes an element of a number. */
const WRITES: Record<string, (value: number, dtype: Dtype) => Tensor> = {
  tensor: (value, dtype) => tensor([0, value], { dtype }),
  "tensor of a typed array": (value, dtype) => tensor(Float64Array.of(0, value), { dtype }),
  full: (value, dtype) => full([2], value, { dtype }),
  fullLike: (value, dtype) => fullLike(zeros(2), value, { dtype }),
  fill_: (value, dtype) => zeros([2], { dtype }).fill_(value),
  "fill_ by a tensor": (value, dtype) => zeros([2], { dtype }).fill_(tensor(value, { dtype: "float64" })),
  "masked fill by a tensor": (value, dtype) =>
    zeros([2], { dtype }).maskedFill(mask, tensor(value, { dtype: "float64" })),
  indexPut_: (value, dtype) => zeros([2], { dtype }).indexPut_([0], value),
  scatter: (value, dtype) => zeros([2], { dtype }).scatter(0, tensor([0], { dtype: "int32" }), value),
  pad: (value, dtype) => F.pad(zeros([2], { dtype }), [1, 1], { value }),
  arange: (value, dtype) => arange(value, value + 1, { dtype }),
  linspace: (value, dtype) => linspace(value, value, 2, { dtype }),
};

/** Calls in which a float would change the type of the result. */
const WHOLE: typeof WRITES = {
  maskedFill: (value, dtype) => zeros([2], { dtype }).maskedFill(mask, value),
  maskedFill_: (value, dtype) => zeros([2], { dtype }).maskedFill_(mask, value),
  clamp: (value, dtype) => zeros([2], { dtype }).clamp(value, value),
  where: (value, dtype) => where(mask, value, zeros([2], { dtype })),
};

describe("a number that the type does not hold is refused", () => {
  for (const [name, write] of Object.entries({ ...WRITES, ...WHOLE })) {
    it(name, () => {
      const fractions = name in WHOLE ? [] : [Number.NaN, Number.POSITIVE_INFINITY];
      for (const value of [300, 256, -1, ...fractions, ...(name in WHOLE ? [] : [255.5, -0.5])]) {
        expect(() => scope(() => void write(value, "uint8")), `${value}`).toThrow(ValueError);
      }
      for (const value of [3e9, 2 ** 31, -(2 ** 31) - 1, ...fractions]) {
        expect(() => scope(() => void write(value, "int32")), `${value}`).toThrow(ValueError);
      }
      const kept = write(255, "uint8").toTypedArray();
      expect(kept).toContain(255);
      for (const edge of [2 ** 31 - 1, -(2 ** 31)]) expect(write(edge, "int32").toTypedArray()).toContain(edge);
    });
  }

  it("by an error with the range", () => {
    const text = "fill_: expected a number from 0 to 255, which uint8 holds, got 300";
    expect(() => zeros([2], { dtype: "uint8" }).fill_(300)).toThrow(text);
  });

  it("and an element of an array before anything is made", () => {
    expect(() => tensor([[1, 2], [3, 4e9]], { dtype: "int32" })).toThrow("got 4000000000"); // biome-ignore format: a matrix
  });

  it("while fractions are cut off and bool holds any number", () => {
    expect(tensor([1.5, -1.5], { dtype: "int32" }).toArray()).toEqual([1, -1]);
    expect(full([1], 254.9, { dtype: "uint8" }).toArray()).toEqual([254]);
    expect(tensor([Number.NaN, 300, 0], { dtype: "bool" }).toArray()).toEqual([1, 1, 0]);
  });

  it("beside an int32 tensor, where it would wrap", () => {
    const x = tensor([0], { dtype: "int32" });
    const calls = [() => x.add(3e9), () => x.mul(-3e9), () => x.add_(3e9), () => x.gt(3e9), () => x.eq(-3e9)];
    for (const call of calls) expect(call).toThrow(ValueError);
    expect(() => x.gt(3e9)).toThrow("gt: expected a number from -2147483648 to 2147483647, which int32 holds");
    const bytes = tensor([200], { dtype: "uint8" });
    expect(bytes.lt(300).toArray()).toEqual([1]);
    expect(bytes.eq(200 + 256).toArray()).toEqual([0]);
    expect(bytes.add(100).toArray()).toEqual([44]); // arithmetic wraps, as PyTorch's
  });

  it("and one of more dims is no value to fill with", () => {
    expect(() => zeros(2).fill_(tensor([1]))).toThrow("fill_: expected a value without dims, got shape [1]");
    expect(() => zeros(2).maskedFill(mask, tensor([1]))).toThrow("maskedFill: expected a value without dims");
  });
});

const int32 = (...values: number[]): Tensor => tensor(values, { dtype: "int32" });
const MOST = 2 ** 31 - 1;

describe("integer sums and products", () => {
  it("are exact up to the ends of int32", () => {
    expect(int32(MOST, 5, -5).sum().item()).toBe(MOST);
    expect(int32(-MOST, -1).sum().item()).toBe(-MOST - 1);
    expect(int32(MOST, MOST, -MOST, -MOST, 7).sum().item()).toBe(7);
    expect(int32(65536, -32768).prod().item()).toBe(-MOST - 1);
    expect(int32(MOST, -MOST, 1, -MOST).cumsum(0).toArray()).toEqual([MOST, 0, 1, 1 - MOST]);
    expect(full([100], MOST, { dtype: "int32" }).mul(tensor([...Array(99).fill(1), 0], { dtype: "int32" })).prod().item()).toBe(0); // biome-ignore format: one chain
    expect(zeros([0], { dtype: "int32" }).sum().item()).toBe(0);
    expect(tensor([200, 200], { dtype: "uint8" }).prod().item()).toBe(40000);
  });

  it("are refused beyond it", () => {
    const text = "expected results that int32 holds, got 2147483648. Convert the input with .double()";
    expect(() => int32(MOST, 1).sum()).toThrow(`sum: ${text}`);
    expect(() => int32(MOST, 1).view(1, 2).sum(1, true)).toThrow(`sum: ${text}`);
    expect(() => int32(65536, 32768).prod()).toThrow(`prod: ${text}`);
    expect(() => int32(MOST, 1, -1).cumsum(0)).toThrow(`cumsum: ${text}`);
    expect(() => full([65536], 65536, { dtype: "int32" }).sum()).toThrow("got 4294967296"); // wraps to 0
    expect(() => full([64], 2, { dtype: "int32" }).prod()).toThrow("prod: expected");
    expect(sum(int32(MOST, 1), { dtype: "float64" }).item()).toBe(2 ** 31);
    expect(prod(int32(65536, 65536), { dtype: "float64" }).item()).toBe(2 ** 32);
    expect(cumsum(int32(MOST, 1), 0, { dtype: "float64" }).toArray()).toEqual([MOST, 2 ** 31]);
  });

  it("equal those of big integers, or are refused", () => {
    const fits = (value: bigint): boolean => value === BigInt.asIntN(32, value);
    const check = (exact: bigint[], compute: () => Tensor): void =>
      scope(() => {
        if (exact.every(fits)) expect([...compute().toTypedArray()].map(BigInt)).toEqual(exact);
        else expect(compute).toThrow(ValueError);
      });
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.integer(), fc.integer({ min: -9, max: 9 })), { maxLength: 40 }), (values) => {
        const prefixes: bigint[] = [];
        for (const value of values) prefixes.push((prefixes.at(-1) ?? 0n) + BigInt(value));
        check([prefixes.at(-1) ?? 0n], () => int32(...values).sum());
        check(prefixes, () => int32(...values).cumsum(0));
        check([values.reduce((a, b) => a * BigInt(b), 1n)], () => int32(...values).prod());
      }),
    );
  });

  it("over several dims that are apart", () => {
    const x = full([4, 3, 4], 2 ** 28, { dtype: "int32" });
    expect(() => x.sum([0, 2])).toThrow("got 4294967296");
    expect(
      x
        .sub(2 ** 28 - 1)
        .sum([0, 2])
        .toArray(),
    ).toEqual([16, 16, 16]);
  });
});
