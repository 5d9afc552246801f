import { describe, expect, it } from "vitest";
import { f32, f64, i32 } from "../../../src/runtime/kernels.js";
import { launch, launchUnits, launchWhole, launchWorking } from "../../../src/runtime/launch.js";

describe("the Wasm builds", () => {
  it("export the same kernels in float32 and float64", () => {
    const names = (kernels: object): string[] => Object.keys(kernels).sort();
    expect(names(f32())).toEqual(names(f64()));
    expect(names(i32()).length).toBeGreaterThan(0);
  });
});

describe("a launch with an argument too many, or too few, for its kernel", () => {
  // Types refuse these calls; rest parameters that come from outside of TypeScript do not.
  const relu = f32().relu as (...args: number[]) => void;
  it.each([[[]], [[1024]], [[1024, 2048, 48]], [[1024, 2048, 48, 96]]])("is refused: %j", (args) => {
    const message = `launch: expected 2 arguments of a kernel, got ${args.length}`;
    expect(() => launch(relu, 1, ...args)).toThrow(message);
    expect(() => launchUnits(relu, 1, 1, ...args)).toThrow(message);
    expect(() => launchWorking(relu, 1, 1, 0, ...args)).toThrow(message);
    expect(() => launchWhole(relu, 1, 1, ...args)).toThrow(message);
  });
});
