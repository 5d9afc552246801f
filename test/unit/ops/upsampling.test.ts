import { nn, tensor } from "simdgrad";
import { describe, expect, it } from "vitest";

describe("upsampling layers", () => {
  const square = tensor([
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ]);

  it("make images larger", () => {
    expect(new nn.Upsample({ scaleFactor: 2 }).forward(square).toArray()).toEqual([
      [
        [
          [1, 1, 2, 2],
          [1, 1, 2, 2],
          [3, 3, 4, 4],
          [3, 3, 4, 4],
        ],
      ],
    ]);
    expect(new nn.Upsample({ size: [2, 4], mode: "bilinear" }).forward(square).toArray()).toEqual([
      [
        [
          [1, 1.25, 1.75, 2],
          [3, 3.25, 3.75, 4],
        ],
      ],
    ]);
    expect(new nn.UpsamplingNearest2d({ size: [2, 3] }).forward(square).toArray()).toEqual([
      [
        [
          [1, 1, 2],
          [3, 3, 4],
        ],
      ],
    ]);
    expect(new nn.UpsamplingBilinear2d({ scaleFactor: 1.5 }).forward(square).toArray()).toEqual([
      [
        [
          [1, 1.5, 2],
          [2, 2.5, 3],
          [3, 3.5, 4],
        ],
      ],
    ]);
  });

  it("print as in PyTorch", () => {
    const layers = [
      new nn.Upsample({ scaleFactor: 2 }),
      new nn.Upsample({ size: [3, 4], mode: "bilinear" }),
      new nn.Upsample({ scaleFactor: [2, 1.5], mode: "bilinear", alignCorners: true }),
      new nn.Upsample({ size: 7 }),
      new nn.UpsamplingNearest2d({ scaleFactor: 2 }),
      new nn.UpsamplingBilinear2d({ size: [3, 4] }),
    ];
    expect(layers.map(String)).toEqual([
      "Upsample(scale_factor=2.0, mode=nearest)",
      "Upsample(size=(3, 4), mode=bilinear)",
      "Upsample(scale_factor=(2.0, 1.5), mode=bilinear)",
      "Upsample(size=7, mode=nearest)",
      "UpsamplingNearest2d(scale_factor=2.0, mode=nearest)",
      "UpsamplingBilinear2d(size=(3, 4), mode=bilinear)",
    ]);
  });

  it("refuse to guess a size", () => {
    expect(() => new nn.UpsamplingNearest2d({})).toThrow(
      "UpsamplingNearest2d: expected either size or scaleFactor, got size null and scaleFactor null",
    );
    expect(() => new nn.Upsample({ size: [2, 3], scaleFactor: 2 })).toThrow(
      "Upsample: expected either size or scaleFactor, got size (2, 3) and scaleFactor 2",
    );
  });
});
