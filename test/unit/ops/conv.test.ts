import fc from "fast-check";
import { F, manualSeed, memory, nn, rand, randn, resetPeakMemory, scope, type Tensor, tensor } from "simdgrad";
import { describe, expect, it } from "vitest";
import rng from "../../golden/rng.json" with { type: "json" };

type Pair = [number, number];
type Case = {
  batch: number;
  groups: number;
  channels: number;
  outs: number;
  window: Pair;
  over: Pair;
  stride: Pair;
  padding: Pair;
  dilation: Pair;
};

const pair = (low: number, high: number): fc.Arbitrary<Pair> =>
  fc.tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }));
const upTo = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });

const cases: fc.Arbitrary<Case> = fc.record({
  batch: upTo(3),
  groups: upTo(3),
  channels: upTo(5),
  outs: upTo(5),
  window: pair(1, 4),
  over: pair(0, 12),
  stride: pair(1, 3),
  padding: pair(0, 3),
  dilation: pair(1, 3),
});

/** The sizes of a case: the image is as large as its window, and `over` larger. */
function sizes({ batch, groups, channels, outs, window, over, padding, dilation }: Case): [x: number[], w: number[]] {
  const image = window.map((size, i) => Math.max(dilation[i]! * (size - 1) + 1 + over[i]! - 2 * padding[i]!, 1));
  return [
    [batch, groups * channels, ...image],
    [groups * outs, channels, ...window],
  ];
}

/** The definition: calls `visit` with the positions in x, w and out for every product. */
function products(
  c: Case,
  [x, w]: [number[], number[]],
  out: number[],
  visit: (i: number, j: number, k: number) => void,
): void {
  const [H, W] = [x[2]!, x[3]!];
  const [kH, kW] = c.window;
  for (let n = 0; n < c.batch; n++)
    for (let o = 0; o < w[0]!; o++)
      for (let i = 0; i < out[2]!; i++)
        for (let j = 0; j < out[3]!; j++)
          for (let q = 0; q < c.channels; q++)
            for (let p = 0; p < kH * kW; p++) {
              const [di, dj] = [Math.floor(p / kW), p % kW];
              const [y, z] = [
                i * c.stride[0] + di * c.dilation[0] - c.padding[0],
                j * c.stride[1] + dj * c.dilation[1] - c.padding[1],
              ];
              if (y < 0 || z < 0 || y >= H || z >= W) continue;
              const channel = Math.floor(o / c.outs) * c.channels + q;
              visit(
                ((n * x[1]! + channel) * H + y) * W + z,
                ((o * c.channels + q) * kH + di) * kW + dj,
                ((n * w[0]! + o) * out[2]! + i) * out[3]! + j,
              );
            }
}

const largest = (x: Tensor, expected: Float64Array): number =>
  Array.from(x.toTypedArray()).reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);

const double = { dtype: "float64" } as const;

describe("a convolution", () => {
  it("and its gradients are the formula's, whatever the geometry", () => {
    fc.assert(
      fc.property(cases, (c) =>
        scope(() => {
          const [xs, ws] = sizes(c);
          const x = rand(xs, { ...double, requiresGrad: true });
          const w = rand(ws, { ...double, requiresGrad: true });
          const { stride, padding, dilation, groups } = c;
          const out = F.conv2d(x, w, null, { stride, padding, dilation, groups });
          const g = rand(out.shape, double);
          out.backward(g);
          const [a, b, d] = [x, w, g].map((t) => t.toTypedArray());
          const [y, dx, dw] = [out, x, w].map((t) => new Float64Array(t.numel));
          products(c, [xs, ws], [...out.shape], (i, j, k) => {
            y![k]! += a![i]! * b![j]!;
            dx![i]! += d![k]! * b![j]!;
            dw![j]! += d![k]! * a![i]!;
          });
          expect(largest(out, y!)).toBeLessThan(1e-12);
          expect(largest(x.grad!, dx!)).toBeLessThan(1e-12);
          expect(largest(w.grad!, dw!)).toBeLessThan(1e-11);
          // The transposed convolution is the same map as the gradient.
          const extra = [0, 1].map((i) => {
            const reach = (g.shape[i + 2]! - 1) * stride[i]! + dilation[i]! * (c.window[i]! - 1) + 1;
            return x.shape[i + 2]! + 2 * padding[i]! - reach;
          });
          if (extra.every((size, i) => size < Math.max(stride[i]!, dilation[i]!))) {
            const options = { stride, padding, outputPadding: extra, dilation, groups };
            expect(largest(F.convTranspose2d(g, w.detach(), null, options), dx!)).toBeLessThan(1e-12);
          }
        }),
      ),
      { numRuns: 150 },
    );
  });

  it("of few outputs has the bits that it has among many", () => {
    for (const [channels, h, w, kernel, wide] of [
      [6, 9, 4, 1, 40],
      [6, 9, 14, 5, 40],
      [6, 7, 31, 3, 40],
      [6, 6, 33, 4, 70],
      [3, 8, 12, 3, 9],
      [1, 8, 13, 3, 40],
    ] as const) {
      const x = randn([2, channels, h, w]);
      const weight = randn([wide, channels, kernel, kernel]);
      const bias = randn([wide]);
      const many = F.conv2d(x, weight, bias);
      const few = F.conv2d(x, weight.narrow(0, 0, 5), bias.narrow(0, 0, 5));
      expect(few.toArray()).toEqual(many.narrow(1, 0, 5).toArray());
    }
  });

  it("gives an image the gradient that it has alone, however many share a tile of patches", () => {
    for (const [batch, groups, size, kernel, stride] of [
      [7, 1, 14, 5, 1],
      [5, 2, 9, 3, 1],
      [6, 3, 17, 2, 1],
      [30, 1, 5, 3, 2],
      [40, 2, 3, 3, 1],
    ] as const) {
      const x = randn([batch, 3 * groups, size, size], { requiresGrad: true });
      const weight = randn([4 * groups, 3, kernel, kernel]);
      const out = F.conv2d(x, weight, null, { stride, groups });
      const g = randn(out.shape);
      out.backward(g);
      for (let i = 0; i < batch; i++) {
        const one = x.detach().narrow(0, i, 1).requiresGrad_();
        F.conv2d(one, weight, null, { stride, groups }).backward(g.narrow(0, i, 1));
        expect(one.grad!.toArray()).toEqual(x.grad!.narrow(0, i, 1).toArray());
      }
    }
  });

  it("keeps Inf and NaN where the formula has them, at the ends of rows of any length", () => {
    for (const width of [5, 6, 7, 8, 9, 10, 11]) {
      const image = (at: number, value: number): Tensor => {
        const values = Array.from({ length: 3 * width }, (_, i) => (i === at ? value : 1));
        return tensor(values).view(1, 1, 3, width);
      };
      for (const value of [Number.POSITIVE_INFINITY, Number.NaN]) {
        for (let at = 0; at < 3 * width; at++) {
          const weight = tensor([1, 1]).view(1, 1, 1, 2);
          weight.requiresGrad = true;
          F.conv2d(image(at, value), weight).sum().backward();
          const [left, right] = [at % width < width - 1, at % width > 0];
          const rest = 3 * (width - 1);
          expect(weight.grad!.view(2).toArray()).toEqual([left ? value : rest, right ? value : rest]);
        }
      }
    }
  });

  it("holds no patches of a whole batch", () => {
    const x = rand([4, 16, 64, 64], { requiresGrad: true });
    const w = rand([16, 16, 5, 5], { requiresGrad: true });
    F.conv2d(x, w).sum().backward(); // allocates the workspace
    x.grad = null;
    w.grad = null;
    const before = memory().bytesInUse;
    resetPeakMemory();
    F.conv2d(x, w).sum().backward();
    const patches = 4 * 16 * 25 * 60 * 60 * 4;
    expect(memory().peakBytes - before).toBeLessThan(patches / 4);
  });

  it.each([
    ["of many patches", [9, 10], { groups: 2, stride: [2, 1], padding: 1 }],
    ["of one patch", [4, 5], { groups: 2, stride: [2, 4] }],
  ])("gives each image %s what it gives it alone", (_, plane, options) => {
    const x = randn([7, 4, ...plane], { requiresGrad: true });
    const w = randn([6, 2, 3, 2]);
    const bias = randn([6]);
    const whole = F.conv2d(x, w, bias, options);
    const g = randn(whole.shape);
    whole.backward(g);
    for (let n = 0; n < 7; n++) {
      const image = x.detach().select(0, n).requiresGrad_();
      const out = F.conv2d(image, w, bias, options);
      out.backward(g.select(0, n));
      expect(out.equal(whole.select(0, n))).toBe(true);
      expect(image.grad!.equal(x.grad!.select(0, n))).toBe(true);
    }
  });

  it("does not write to its operands when it is refused", () => {
    const layer = new nn.Conv2d(3, 4, 3);
    const before = memory().bytesInUse;
    const x = rand([1, 2, 8, 8]);
    expect(() => layer.forward(x)).toThrow("Conv2d(3, 4): expected input [N, 3, H, W] or [3, H, W], got [1, 2, 8, 8]");
    expect(() => layer.forward(x.double())).toThrow("Conv2d(3, 4): expected input [N, 3, H, W]");
    expect(() => layer.forward(rand([3, 8, 8], double))).toThrow(
      "expected input of the layer's dtype float32, got float64",
    );
    expect(memory().bytesInUse - before).toBeLessThan(4096);
  });
});

describe("the layers", () => {
  it("start with PyTorch's numbers", () => {
    manualSeed(0);
    new nn.Linear(5, 3);
    const { weight, bias } = new nn.Conv2d(3, 4, 3);
    const golden = rng.conv_3_4_3 as { weight: number[]; bias: number[] };
    expect([...weight.toTypedArray()]).toEqual(golden.weight.flat(9).map(Math.fround));
    expect([...bias!.toTypedArray()]).toEqual(golden.bias.map(Math.fround));
  });

  it("print as PyTorch's", () => {
    expect(String(new nn.Conv2d(3, 6, 5))).toBe("Conv2d(3, 6, kernel_size=(5, 5), stride=(1, 1))");
    expect(
      String(
        new nn.Conv2d(4, 8, [3, 5], {
          stride: 2,
          padding: [1, 0],
          dilation: 2,
          groups: 2,
          bias: false,
          paddingMode: "reflect",
        }),
      ),
    ).toBe(
      "Conv2d(4, 8, kernel_size=(3, 5), stride=(2, 2), padding=(1, 0), dilation=(2, 2), groups=2, bias=False, padding_mode=reflect)",
    );
    expect(String(new nn.Conv2d(3, 6, 3, { padding: "same" }))).toBe(
      "Conv2d(3, 6, kernel_size=(3, 3), stride=(1, 1), padding=same)",
    );
    expect(String(new nn.Conv1d(3, 6, 5))).toBe("Conv1d(3, 6, kernel_size=(5,), stride=(1,))");
    expect(String(new nn.ConvTranspose2d(3, 6, 5, { stride: 2, padding: 1, outputPadding: 1 }))).toBe(
      "ConvTranspose2d(3, 6, kernel_size=(5, 5), stride=(2, 2), padding=(1, 1), output_padding=(1, 1))",
    );
  });

  it("pad in four modes", () => {
    const x = tensor([[[[1, 2, 3]]]]);
    const sums = (["zeros", "reflect", "replicate", "circular"] as const).map((paddingMode) => {
      const layer = new nn.Conv2d(1, 1, [1, 3], { padding: [0, 1], bias: false, paddingMode });
      nn.init.ones_(layer.weight);
      return layer.forward(x).flatten().toArray();
    });
    expect(sums).toEqual([
      [3, 6, 5],
      [5, 6, 7],
      [4, 6, 8],
      [6, 6, 6],
    ]);
    const layer = new nn.Conv1d(1, 1, 3, { padding: "same", paddingMode: "reflect" });
    expect(layer.forward(rand([2, 1, 5])).shape).toEqual([2, 1, 5]);
  });

  it("refuse what means nothing", () => {
    const refused: [() => unknown, string][] = [
      [() => new nn.Conv2d(0, 1, 3), "Conv2d: expected numbers of channels, at least 1, got 0"],
      [
        () => new nn.Conv2d(4, 6, 3, { groups: 4 }),
        "Conv2d(4, 6): expected groups that divide the 6 outChannels, got 4",
      ],
      [
        () => new nn.Conv2d(4, 6, 0),
        "Conv2d(4, 6): expected kernelSize to be a whole number or 2 of them, at least 1, got 0",
      ],
      [
        () => new nn.Conv2d(4, 6, 3, { padding: "same", stride: 2 }),
        'Conv2d(4, 6): expected stride 1 with padding "same", got [2, 2]',
      ],
      [
        () => new nn.Conv2d(4, 6, 3, { paddingMode: "mirror" as "zeros" }),
        'Conv2d: expected paddingMode to be "zeros", "reflect", "replicate" or "circular", got "mirror"',
      ],
    ];
    for (const [make, text] of refused) expect(make).toThrow(text);
  });

  it("take PyTorch's arguments by position and by keyword", () => {
    const text = (layer: nn.Module): string => String(layer);
    const expected = "Conv2d(3, 6, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2))";
    expect(text(new nn.Conv2d(3, 6, 5, 1, 2))).toBe(expected);
    expect(text(new nn.Conv2d(3, 6, 5, { padding: 2 }))).toBe(expected);
    expect(text(new nn.Conv2d({ inChannels: 3, outChannels: 6, kernelSize: 5, padding: 2 }))).toBe(expected);
    expect(text(new nn.ConvTranspose2d(3, 6, 3, 2, 1, 1))).toBe(
      "ConvTranspose2d(3, 6, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), output_padding=(1, 1))",
    );
    const [x, w] = [rand([1, 2, 5, 5]), rand([3, 2, 3, 3])];
    const strided = F.conv2d(x, w, null, { stride: 2, padding: 1 });
    expect(F.conv2d(x, w, null, 2, 1).tolist()).toEqual(strided.tolist());
    expect(F.conv2d({ input: x, weight: w, stride: 2, padding: 1 }).tolist()).toEqual(strided.tolist());
    expect(() => new nn.Conv2d(3, 6, 5, 1, 2, 1, 1, true, "zeros", { device: "cpu" } as object)).toThrow("got device");
    expect(() => new nn.Conv2d({ inChannels: 3, outChannels: 6 })).toThrow("got no kernelSize");
  });

  it("have PyTorch's state", () => {
    const state = new nn.ConvTranspose2d(4, 6, [3, 2], { groups: 2 }).stateDict();
    expect(Object.entries(state).map(([key, t]) => [key, t.shape])).toEqual([
      ["weight", [4, 3, 3, 2]],
      ["bias", [6]],
    ]);
  });
});
