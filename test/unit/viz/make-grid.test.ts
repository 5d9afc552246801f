import { memory, rand, type Tensor, tensor } from "simdgrad";
import { type MakeGridOptions, makeGrid } from "simdgrad/viz";
import { describe, expect, it } from "vitest";
import { goldenJson } from "../../support/files.js";

type Case = { shape: number[]; options: Record<string, unknown>; input: number[]; out: number[]; output: number[] };

const cases = goldenJson("grid.json") as Case[];
const camel = (options: Record<string, unknown>): MakeGridOptions =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name.replace(/_(.)/g, (_, c: string) => c.toUpperCase()), value]),
  );

describe("makeGrid", () => {
  it.each(cases)("is torchvision's for $shape with $options", ({ shape, options, input, out, output }) => {
    const grid = makeGrid(tensor(input).reshape(shape), camel(options));
    expect(grid.shape).toEqual(out);
    expect([...grid.toTypedArray()]).toEqual(output.map(Math.fround));
  });

  it("takes lists, changes nothing of them and keeps nothing", () => {
    const images = [rand([3, 4, 4]), rand([3, 4, 4])];
    makeGrid(images, { normalize: true }).free(); // allocates the workspace of kernels, which stays
    const before = images.map((image) => [...image.toTypedArray()]);
    const { bytesInUse } = memory();
    const grid = makeGrid(images, { normalize: true, scaleEach: true });
    expect(grid.shape).toEqual([3, 8, 14]);
    grid.free();
    expect(memory().bytesInUse).toBe(bytesInUse);
    expect(images.map((image) => [...image.toTypedArray()])).toEqual(before);
  });

  it("refuses what is no image, and odd options", () => {
    expect(() => makeGrid(rand([4]))).toThrow("makeGrid: expected images [N, C, H, W], [C, H, W] or [H, W], got [4]");
    expect(() => makeGrid([])).toThrow("makeGrid: expected a tensor or a list of tensors, got an empty list");
    expect(() => makeGrid(rand([2, 3, 2, 2]), { nrow: 0 })).toThrow("expected nrow of at least 1, got 0");
    expect(() => makeGrid(rand([2, 3, 2, 2]), { padding: -1 })).toThrow("expected padding of at least 0, got -1");
    expect(() => makeGrid(rand([2, 3, 2, 2]), { normalize: true, valueRange: [1, 0] })).toThrow(
      "makeGrid: expected valueRange from a smaller to a larger number, got 1,0",
    );
    const snake = { pad_value: 1 } as MakeGridOptions;
    expect(() => makeGrid(rand([2, 3, 2, 2]), snake)).toThrow("Use padValue");
  });

  it("needs no gradient", () => {
    const image: Tensor = rand([2, 3, 2, 2], { requiresGrad: true });
    expect(makeGrid(image).requiresGrad).toBe(false);
  });
});
