import { describe, expect, it } from "vitest";
import { f32, f64, i32 } from "../../../src/runtime/kernels.js";

describe("the Wasm builds", () => {
  it("export the same kernels in float32 and float64", () => {
    const names = (kernels: object): string[] => Object.keys(kernels).sort();
    expect(names(f32())).toEqual(names(f64()));
    expect(names(i32()).length).toBeGreaterThan(0);
  });
});
