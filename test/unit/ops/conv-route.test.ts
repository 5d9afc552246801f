import { randn, type Tensor, zeros } from "simdgrad";
import { afterEach, describe, expect, it } from "vitest";
import {
  addsByRows,
  allowed,
  type Measured,
  type Route,
  routeOf,
  type Sizes,
  type Wanted,
} from "../../../src/ops/conv/convolution-route.js";
import { f32, f64 } from "../../../src/runtime/kernels.js";

/** LeNet's second layer. */
const LAYER: Sizes = {
  outs: 16,
  patchSize: 6 * 5 * 5,
  windowWidth: 5,
  pixels: 10 * 10,
  outWidth: 10,
  strideWidth: 1,
  dilationWidth: 1,
  lanes: 4,
};

const measured = (density: number, finite = true): Measured => ({
  density: () => density,
  allFinite: () => finite,
});

/** The numbers must not be asked. */
const UNASKED: Measured = {
  density: () => {
    throw new Error("asked for the density");
  },
  allFinite: () => {
    throw new Error("asked whether all is finite");
  },
};

const route = (wanted: Wanted, sizes: Partial<Sizes>, numbers = UNASKED): Route =>
  routeOf(wanted, { ...LAYER, ...sizes }, numbers);

afterEach(() => {
  Object.assign(allowed, { slide: true, sparse: true });
});

describe("the route of a convolution", () => {
  it("slides forward where outputs are few and neighbours see neighbours", () => {
    expect(route("output", { outs: 8 })).toBe("slide");
    expect(route("output", { outs: 9 })).toBe("product");
    expect(route("output", { outs: 8, dilationWidth: 2 })).toBe("slide");
    expect(route("output", { outs: 8, strideWidth: 2 })).toBe("product");
    expect(route("output", { outs: 8, outWidth: 3 })).toBe("product");
    expect(route("output", { outs: 8, outWidth: 3, lanes: 2 })).toBe("slide");
    expect(route("output", { outs: 8, patchSize: 21 * 25 })).toBe("product");
    expect(route("output", { outs: 8, patchSize: 20 * 25 })).toBe("slide");
    expect(route("output", { outs: 8, patchSize: 20 * 25, lanes: 2 })).toBe("product");
  });

  it("slides for few weights, without lists, whose order of sums depends on sizes alone", () => {
    const dense = measured(1);
    expect(route("weight", { outs: 8 }, dense)).toBe("slide");
    expect(route("weight", {}, dense)).toBe("product");
    expect(route("weight", { patchSize: 25 }, dense)).toBe("slide");
    expect(route("weight", { patchSize: 25, dilationWidth: 2 })).toBe("product");
    expect(addsByRows({ ...LAYER, outs: 8 })).toBe(true);
    expect(addsByRows(LAYER)).toBe(false);
  });

  it("goes by lists where dOut is mostly 0 and the other operand is finite", () => {
    for (const wanted of ["input", "weight"] as const) {
      expect(route(wanted, {}, measured(0.2))).toBe("sparse");
      expect(route(wanted, {}, measured(0.8))).toBe("product");
      expect(route(wanted, {}, measured(0.2, false))).toBe("product");
      expect(route(wanted, { dilationWidth: 2 })).toBe("product");
      expect(route(wanted, { windowWidth: 9 })).toBe("product");
      expect(route(wanted, { windowWidth: 5, lanes: 2 })).toBe("product");
      expect(route(wanted, { pixels: 1 * 1, outWidth: 1 })).toBe("product");
    }
    expect(route("weight", { outs: 8 }, measured(0.2))).toBe("sparse");
    expect(route("weight", { outs: 8, pixels: 400 * 400, outWidth: 400 })).toBe("slide");
    expect(route("weight", { outs: 16, pixels: 400 * 400, outWidth: 400 }, measured(0.2))).toBe("sparse");
    expect(route("input", { outs: 513 })).toBe("product");
  });

  it("is another one where a route is not allowed", () => {
    allowed.sparse = false;
    expect(route("weight", { outs: 8 })).toBe("slide");
    expect(route("input", {})).toBe("product");
    allowed.slide = false;
    expect(route("weight", { outs: 8 })).toBe("product");
    expect(route("output", { outs: 8 })).toBe("product");
  });
});

describe("the kernels that the route asks", () => {
  it("say the share that is not 0, of all elements or of a sample", () => {
    for (const [dtype, k] of [
      ["float32", f32()],
      ["float64", f64()],
    ] as const) {
      const x = zeros([2047], { dtype });
      const share = (n: number): number => k.density(x.ptr, n);
      expect(share(2047)).toBe(0);
      for (const i of [0, 3, 2046]) x.narrow(0, i, 1).fill_(-1);
      x.narrow(0, 9, 1).fill_(-0);
      expect(share(2047)).toBe(3 / 2047);
      expect(share(10)).toBe(0.2);
      expect(share(0)).toBe(1);
      const large = zeros([5000], { dtype });
      for (const i of [0, 3, 4, 4998]) large.narrow(0, i, 1).fill_(1);
      expect(k.density(large.ptr, 5000)).toBe(3 / 1667); // elements 0, 3, 6 …
    }
  });

  it("find Inf and NaN wherever they are", () => {
    for (const [dtype, k] of [
      ["float32", f32()],
      ["float64", f64()],
    ] as const) {
      const x = randn([11], { dtype });
      const element = (i: number): Tensor => x.narrow(0, i, 1);
      expect(k.allFinite(x.ptr, 11)).toBeTruthy();
      for (const value of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]) {
        for (let i = 0; i < 11; i++) {
          element(i).fill_(value);
          expect(k.allFinite(x.ptr, 11)).toBeFalsy();
          expect(k.allFinite(x.ptr, i)).toBeTruthy();
          element(i).fill_(1e30);
        }
      }
    }
  });
});
