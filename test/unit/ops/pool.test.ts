import { F, manualSeed, memory, nn, noGrad, rand, scope, type Tensor, tensor } from "simdgrad";
import { describe, expect, it } from "vitest";

const square = tensor([
  [
    [1, 2, 3],
    [6, 5, 4],
    [7, 8, 9],
  ],
]);

describe("pooling layers", () => {
  it("give what the functions give", () => {
    expect(new nn.MaxPool2d(2, 1).forward(square).toArray()).toEqual([
      [
        [6, 5],
        [8, 9],
      ],
    ]);
    expect(new nn.MaxPool2d(3, { stride: 2, padding: 1 }).forward(square).toArray()).toEqual([
      [
        [6, 5],
        [8, 9],
      ],
    ]);
    expect(new nn.MaxPool2d(2).forward(square).toArray()).toEqual([[[6]]]);
    expect(new nn.MaxPool2d(2, null, { ceilMode: true }).forward(square).toArray()).toEqual([
      [
        [6, 4],
        [8, 9],
      ],
    ]);
    expect(new nn.MaxPool1d(2, { dilation: 2 }).forward(square.index(0)).toArray()).toEqual([[3], [6], [9]]);
    expect(new nn.AvgPool2d(2, 1).forward(square).toArray()).toEqual([
      [
        [3.5, 3.5],
        [6.5, 6.5],
      ],
    ]);
    expect(new nn.AvgPool2d([1, 2], { divisorOverride: 1 }).forward(square).toArray()).toEqual([[[3], [11], [15]]]);
    expect(new nn.AvgPool1d(2, 2, { padding: 1 }).forward(square.index(0)).toArray()).toEqual([
      [0.5, 2.5],
      [3, 4.5],
      [3.5, 8.5],
    ]);
    expect(new nn.AdaptiveAvgPool2d([1, null]).forward(square).toArray()).toEqual([
      [[14 / 3, 5, 16 / 3].map(Math.fround)],
    ]);
    expect(new nn.AdaptiveAvgPool1d(1).forward(square.index(0)).toArray()).toEqual([[2], [5], [8]]);
    expect(new nn.AdaptiveMaxPool1d(2).forward(square.index(0)).toArray()).toEqual([
      [2, 3],
      [6, 5],
      [8, 9],
    ]);
  });

  it("give places too, where they are asked for, and put elements back there", () => {
    const [values, indices] = new nn.MaxPool2d(2, { stride: 1, returnIndices: true }).forward(square);
    expect(indices.dtype).toBe("int32");
    expect(indices.toArray()).toEqual([
      [
        [3, 4],
        [7, 8],
      ],
    ]);
    expect(new nn.MaxUnpool2d(2, 1).forward(values, indices).toArray()).toEqual([
      [
        [0, 0, 0],
        [6, 5, 0],
        [0, 8, 9],
      ],
    ]);
    const [best, where] = new nn.AdaptiveMaxPool2d(1, { returnIndices: true }).forward(square);
    expect([best.item(), where.item()]).toEqual([9, 8]);
    const [line, places] = new nn.MaxPool1d(2, { returnIndices: true }).forward(square.index(0));
    expect(new nn.MaxUnpool1d(2).forward(line, places, [3]).toArray()).toEqual([
      [0, 2, 0],
      [6, 0, 0],
      [0, 8, 0],
    ]);
  });

  it("print as in PyTorch", () => {
    const layers = [
      new nn.MaxPool2d(2, 2),
      new nn.MaxPool2d([3, 2], { padding: [1, 0], ceilMode: true }),
      new nn.MaxPool1d(3, 2, { padding: 1 }),
      new nn.AvgPool1d(3, 2, { padding: 1 }),
      new nn.AvgPool2d(2),
      new nn.AvgPool2d([3, 2], [2, 1], { padding: 1 }),
      new nn.AdaptiveAvgPool1d(3),
      new nn.AdaptiveAvgPool2d([null, 7]),
      new nn.AdaptiveMaxPool2d(4),
      new nn.AdaptiveMaxPool1d(5),
      new nn.MaxUnpool2d(2),
      new nn.MaxUnpool1d(2, { stride: 3 }),
    ];
    expect(layers.map(String)).toEqual([
      "MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)",
      "MaxPool2d(kernel_size=(3, 2), stride=(3, 2), padding=(1, 0), dilation=1, ceil_mode=True)",
      "MaxPool1d(kernel_size=3, stride=2, padding=1, dilation=1, ceil_mode=False)",
      "AvgPool1d(kernel_size=(3,), stride=(2,), padding=(1,))",
      "AvgPool2d(kernel_size=2, stride=2, padding=0)",
      "AvgPool2d(kernel_size=(3, 2), stride=(2, 1), padding=1)",
      "AdaptiveAvgPool1d(output_size=3)",
      "AdaptiveAvgPool2d(output_size=(None, 7))",
      "AdaptiveMaxPool2d(output_size=4)",
      "AdaptiveMaxPool1d(output_size=5)",
      "MaxUnpool2d(kernel_size=(2, 2), stride=(2, 2), padding=(0, 0))",
      "MaxUnpool1d(kernel_size=(2,), stride=(3,), padding=(0,))",
    ]);
  });

  it("refuse sizes that mean nothing when they are made", () => {
    expect(() => new nn.MaxPool2d(0)).toThrow("MaxPool2d: expected kernelSize to be a whole number or 2 of them");
    expect(() => new nn.MaxPool2d(3, { padding: 2 })).toThrow(
      "MaxPool2d: expected padding of at most half the kernel's [3, 3], got [2, 2]",
    );
    expect(() => new nn.AvgPool1d(2, [1, 1])).toThrow("AvgPool1d: expected stride to be a whole number, at least 1");
    expect(() => new nn.MaxUnpool2d(2, 0)).toThrow("MaxUnpool2d: expected stride to be a whole number or 2 of them");
    expect(() => Reflect.construct(nn.MaxPool2d, [3, 2, 1, 1, false, true, 7])).toThrow(
      "MaxPool2d: expected MaxPool2d(kernelSize, stride, padding, dilation, returnIndices, ceilMode), got 7 arguments",
    );
  });
});

/** Max pooling by its definition: values and places in the plane. */
function defined(x: readonly number[][], kernel: number, stride: number, padding: number, dilation: number): number[] {
  const [height, width] = [x.length, x[0]!.length];
  const count = (size: number): number => Math.floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
  const out: number[] = [];
  for (let i = 0; i < count(height); i++) {
    for (let j = 0; j < count(width); j++) {
      let best = Number.NEGATIVE_INFINITY;
      for (let p = 0; p < kernel; p++) {
        for (let q = 0; q < kernel; q++) {
          const value = x[i * stride - padding + p * dilation]?.[j * stride - padding + q * dilation];
          if (value !== undefined && value > best) best = value;
        }
      }
      out.push(best);
    }
  }
  return out;
}

describe("max pooling", () => {
  it("is its definition, over widths, kernels and steps", () => {
    manualSeed(0);
    for (let width = 2; width <= 24; width++) {
      const x = rand([6, width]).sub(0.5);
      const rows = x.toArray() as number[][];
      for (const [kernel, stride, padding, dilation] of [
        [1, 1, 0, 1],
        [2, 2, 0, 1],
        [2, 2, 1, 1],
        [2, 2, 1, 2],
        [3, 1, 1, 1],
        [3, 2, 1, 1],
        [3, 3, 0, 2],
        [2, 5, 1, 2],
      ] as const) {
        if (width + 2 * padding < dilation * (kernel - 1) + 1) continue;
        const image = x.unsqueeze(0);
        const options = { stride, padding, dilation };
        const want = defined(rows, kernel, stride, padding, dilation);
        expect(Array.from(F.maxPool2d(image, kernel, options).toTypedArray())).toEqual(want);
        const [values, indices] = F.maxPool2d(image, kernel, { ...options, returnIndices: true });
        expect(Array.from(values.toTypedArray())).toEqual(want);
        const flat = rows.flat();
        expect(Array.from(indices.toTypedArray(), (at) => flat[at])).toEqual(want);
      }
    }
  });

  it("holds no indices where nobody reads them", () => {
    const bytes = (run: () => Tensor | [Tensor, Tensor]): number =>
      scope(() => {
        const before = memory().bytesInUse;
        run();
        return memory().bytesInUse - before;
      });
    const x = rand([1, 1, 64, 64], { requiresGrad: true });
    const without = bytes(() => F.maxPool2d(x.detach(), 2));
    expect(without).toBe(4 * 32 * 32);
    expect(bytes(() => noGrad(() => F.maxPool2d(x, 2)))).toBe(without);
    expect(bytes(() => F.maxPool2d(x, 2))).toBe(2 * without);
    expect(bytes(() => F.maxPool2d(x.detach(), 2, { returnIndices: true }))).toBe(2 * without);
  });
});
