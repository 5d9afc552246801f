import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "fast-png";
import { F, isGradEnabled, manualSeed, memory, nn, rand, randn, type Tensor, tensor, zeros } from "simdgrad";
import { makeMoons } from "simdgrad/data";
import {
  confusionMatrix,
  decisionBoundary,
  histogram,
  imshow,
  linePlot,
  type Picture,
  type Points,
  plotFunction,
  scatter,
} from "simdgrad/viz";
import { describe, expect, it } from "vitest";
import { axisFor } from "../../../src/viz/drawing/ticks.js";
import { temporaryFolder } from "../../support/files.js";

const folder = temporaryFolder();

/** The texts of an SVG. */
const texts = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map((match) => match[1]!);
/** The points of the lines in an SVG: of coloured paths without fill. */
function linesOf(svg: string, colour: string): string[] {
  const paths = [...svg.matchAll(/<path d="([^"]*)"([^>]*)>/g)];
  return paths.filter(([, , style]) => style!.includes(`stroke="${colour}"`)).map((match) => match[1]!);
}
/** The number of points in a path. */
const points = (path: string): number => path.match(/[ML]/g)?.length ?? 0;
const BLUE = "#0072b2";
const ORANGE = "#d55e00";

describe("linePlot", () => {
  it("draws each value of each line, with names and labels", () => {
    const svg = linePlot(
      { train: [3, 2, 1, 0.5], valid: [3, 2.5, 2, 2] },
      { title: "Loss", xLabel: "epoch", yLabel: "loss" },
    ).svg();
    expect(Math.max(...linesOf(svg, BLUE).map(points))).toBe(4);
    expect(Math.max(...linesOf(svg, ORANGE).map(points))).toBe(4);
    expect(texts(svg)).toEqual(expect.arrayContaining(["Loss", "train", "valid", "epoch", "loss", "0", "1", "2", "3"]));
  });

  it("leaves gaps for what is not finite, counts it, and shows a value between gaps", () => {
    const svg = linePlot({ a: [1, 2, Number.NaN, 3, Infinity, 5, 4] }).svg();
    expect(texts(svg)).toContain("2 values are not finite");
    const line = linesOf(svg, BLUE).find((path) => points(path) > 2)!;
    expect(line.match(/M/g)!.length).toBeGreaterThan(1);
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(svg).toMatch(/<path d="M1 0A1 1[^>]*fill="#0072b2"/);
  });

  it("draws 100,000 values with their extremes, small and soon", () => {
    const values = Float64Array.from({ length: 100_000 }, (_, i) => ((i * 7919) % 1000) / 1000);
    values[54_321] = 11;
    values[77_777] = -7;
    const svg = linePlot({ a: values }).svg({ width: 1440, height: 600 });
    expect(svg.length).toBeLessThan(200_000);
    const line = linesOf(svg, BLUE).find((path) => points(path) > 100)!;
    const heights = [...line.matchAll(/[ML ]?[\d.]+ ([\d.]+)/g)].map((match) => Number(match[1]));
    const distinct = [...new Set(heights)].sort((a, b) => a - b);
    // the two outliers are far away from all others
    expect(distinct[1]! - distinct[0]!).toBeGreaterThan(100);
    expect(distinct.at(-1)! - distinct.at(-2)!).toBeGreaterThan(100);
  });

  it.each([
    ["nothing", [], ["no values yet", "0", "1"]],
    ["one value", [0.5], ["0.50"]],
    ["the same value", [3, 3, 3], ["3.0"]],
    ["only NaN", [Number.NaN, Number.NaN], ["2 values are not finite"]],
    ["huge values", [-1e308, 1e308], ["0"]],
    ["tiny values", [1e-9, 3e-9], ["2e-9"]],
  ])("has sensible axes for %s", (_, values, labels) => {
    const svg = linePlot({ a: values }).svg();
    expect(texts(svg)).toEqual(expect.arrayContaining(labels));
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("is the same text each time, in a dark theme, and in both", () => {
    const picture = linePlot({ train: [3, 2], valid: [3, 1] });
    expect(picture.svg()).toBe(picture.svg());
    expect(picture.svg({ theme: "dark" })).toContain('fill="#0d1117"');
    const both = picture.svg({ theme: "auto" });
    expect(both).toContain("@media (prefers-color-scheme:dark)");
    expect(both).toContain(`.follows [stroke="${BLUE}"]`);
  });

  it("cuts lines off at yRange, in text too", () => {
    const picture = plotFunction((x) => x.exp(), -5, 100, { yRange: [0, 2], points: 50 });
    const svg = picture.svg();
    expect(svg).toMatch(/<g clip-path="url\(#c\w+-c0\)">/);
    expect(texts(svg)).toEqual(expect.arrayContaining(["0.0", "2.0"]));
    expect(picture.text({ width: 40, height: 10, color: false }).split("\n").length).toBe(10);
    const ids = (some: string): string[] => some.match(/id="[^"]+"/g)!;
    expect(ids(svg)).toEqual(ids(picture.svg()));
    expect(ids(svg)).not.toEqual(ids(picture.svg({ width: 300 })));
  });

  it("writes nothing that XML cannot hold", async () => {
    const picture = linePlot({ "a\u0001": [1, 2] }, { title: "b\u0002 \ud800" });
    expect(picture.svg()).toContain("b\ufffd \ufffd");
    expect((await picture.png()).length).toBeGreaterThan(1000);
  });

  it("refuses text of no column", () => {
    for (const size of [{ width: 0 }, { width: -3 }, { height: Number.NaN }]) {
      expect(() => linePlot({ a: [1] }).text(size)).toThrow("linePlot.text: expected at least a column and a line");
    }
  });

  it("escapes what users write", () => {
    const svg = linePlot({ "<b>&": [1, 2] }, { title: '<script>"' }).svg();
    expect(svg).not.toMatch(/<script|<b>/);
    expect(svg).toContain("&lt;script&gt;");
  });

  it("refuses values without names, and a yRange upside down", () => {
    expect(() => linePlot([1, 2] as never)).toThrow(
      "linePlot: expected a list of { name, values } or an object of values, got [1, 2]. Give values a name, such as { loss: values }",
    );
    expect(() => linePlot(tensor([1, 2]) as never)).toThrow("Give values a name, such as { loss: values }");
    expect(() => linePlot({ loss: [1] }, { yRange: [2, 1] })).toThrow("linePlot: expected yRange from a smaller");
  });

  it("refuses odd sizes, themes and options", () => {
    const picture = linePlot({ a: [1] });
    expect(() => picture.svg({ width: 10 })).toThrow("linePlot.svg: expected a width of 40 to 8192 pixels, got 10");
    expect(() => picture.svg({ theme: "pink" as "dark" })).toThrow(
      'expected the theme "light", "dark" or "auto", got pink',
    );
    expect(() => linePlot({ a: [1] }, { ylabel: "loss" } as object)).toThrow(
      "expected options of title, xLabel, yLabel",
    );
    expect(() => linePlot([{ name: "a", values: [1, 2], steps: [1] }])).toThrow(
      "expected a step for each of the 2 values of a",
    );
  });
});

describe("axes", () => {
  it.each([
    [0, 102, 8, { tight: true, whole: true }, [0, 20, 40, 60, 80, 100]],
    [0, 1, 5, {}, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [-0.05, 0.06, 5, {}, [-0.05, 0, 0.05, 0.1]],
    [1e6, 1e6 + 3, 3, {}, [1e6, 1e6 + 1, 1e6 + 2, 1e6 + 3]],
    [0, 3, 8, { whole: true, tight: true }, [0, 1, 2, 3]],
  ])("from %d to %d have round ticks", (low, high, steps, options, ticks) => {
    const axis = axisFor(low, high, { steps, ...options });
    expect(axis.ticks.map((tick) => Number(tick.toPrecision(12)))).toEqual(ticks);
    expect(new Set(axis.ticks.map(axis.format)).size).toBe(ticks.length);
  });
});

describe("scatter", () => {
  const [X, y] = makeMoons(200, { noise: 0.1, randomState: 0 });

  it("refuses NaN as a class", () => {
    expect(() =>
      scatter(
        [
          [0, 1],
          [1, 0],
        ],
        [0, Number.NaN],
      ),
    ).toThrow("scatter: expected classes as numbers, got NaN");
  });

  it("takes no points, and no classes of them in a column", () => {
    expect(texts(scatter(zeros([0, 2]), zeros([0, 1])).svg())).toContain("no values yet");
  });

  it("draws each point of each class, with a sign and a colour of its own", () => {
    const svg = scatter(X, y, { classes: ["upper", "lower"] }).svg();
    const circles = svg.match(/<path d="([^"]*)" fill="#0072b2" stroke/)![1]!;
    const triangles = svg.match(/<path d="([^"]*)" fill="#d55e00" stroke/)![1]!;
    expect(circles.match(/M/g)!.length).toBe(100);
    expect(triangles.match(/M/g)!.length).toBe(100);
    expect(circles.match(/A/g)!.length).toBeGreaterThan(99); // arcs
    expect(triangles).not.toMatch(/A/);
    expect(texts(svg)).toEqual(expect.arrayContaining(["upper", "lower", "x1", "x2"]));
  });

  it("takes tensors, of any dtype", () => {
    const labels = tensor(y).view(-1, 1);
    for (const points of [tensor(X), tensor(X, { dtype: "float64" })]) {
      expect(scatter(points, labels).label).toBe("200 points in 2 classes");
    }
  });

  it("draws 100,000 points small and soon", () => {
    manualSeed(0);
    const svg = scatter(randn([100_000, 2])).svg();
    expect(svg.length).toBeLessThan(200_000);
  });

  it("refuses other shapes", () => {
    expect(() => scatter(rand([4, 3]))).toThrow("scatter: expected X of shape [N, 2], got [4, 3]");
    const odd = (points: unknown): Points => points as Points;
    expect(() => scatter(odd([[1, 2], null]))).toThrow(
      "scatter: expected X as a tensor [N, 2] or an array of pairs, got null at 1",
    );
    expect(() => scatter(odd([[1, 2], [3]]))).toThrow(
      "scatter: expected X as a tensor [N, 2] or an array of pairs, got [3] at 1",
    );
    expect(() => scatter(odd(7))).toThrow("or an array of pairs, got 7");
    expect(() => scatter(X, [0, 1])).toThrow("expected a class for each of the 200 points, got 2");
    expect(() =>
      scatter(
        X,
        X.map(([x]) => x!),
      ),
    ).toThrow("expected y of at most 40 classes, got 200 different numbers");
  });
});

describe("plotFunction", () => {
  it("computes in float64 and keeps nothing", () => {
    plotFunction(F.sigmoid, -10, 10);
    const { bytesInUse } = memory();
    const picture = plotFunction(F.sigmoid, -10, 10);
    expect(memory().bytesInUse).toBe(bytesInUse);
    const svg = picture.svg();
    expect(Math.max(...linesOf(svg, BLUE).map(points))).toBe(401);
    expect(texts(svg)).toEqual(expect.arrayContaining(["sigmoid", "-10", "0", "10"]));
  });

  it("refuses what is no function of numbers", () => {
    expect(() => plotFunction(F.relu, 1, 1)).toThrow("plotFunction: expected a first and a last x");
    expect(() => plotFunction((x) => x.sum(), 0, 1)).toThrow("to as many numbers, got a tensor of 1");
    expect(() => plotFunction(new nn.ReLU() as never, 0, 1)).toThrow("got ReLU. Pass the module's forward");
    expect(() => plotFunction(undefined as never, 0, 1)).toThrow("expected a function, or an object of functions");
    expect(() => plotFunction(F.relu, 0, 1, { yRange: [1, Number.NaN] })).toThrow("expected yRange from a smaller");
  });
});

describe("decisionBoundary", () => {
  const [X, y] = makeMoons(50, { noise: 0.1, randomState: 0 });
  const net = (): nn.Sequential =>
    new nn.Sequential(new nn.Linear(2, 4), new nn.Dropout(0.5), new nn.Linear(4, 1), new nn.Sigmoid());

  it("draws areas, the line between them and the points", () => {
    const halves = (x: Tensor): Tensor => x.narrow(1, 0, 1).gt(0).float();
    const svg = decisionBoundary(halves, X, y, { resolution: 20 }).svg();
    const [line] = linesOf(svg, "#1f2328").filter((path) => points(path) > 2);
    const places = [...line!.matchAll(/[ML]([\d.]+) /g)].map((match) => Number(match[1]));
    expect(Math.max(...places) - Math.min(...places)).toBeLessThan(1); // the boundary is vertical
    expect(svg).toContain('fill-opacity="0.1"');
  });

  it("leaves modes, gradients and memory as they were", () => {
    const model = net();
    model.modules()[2]!.training = false; // one module in another mode
    const modes = model.modules().map(({ training }) => training);
    decisionBoundary(model, X, y, { resolution: 30 });
    const { bytesInUse } = memory();
    decisionBoundary(model, X, y, { resolution: 30 });
    expect(memory().bytesInUse).toBe(bytesInUse);
    expect(model.modules().map(({ training }) => training)).toEqual(modes);
    expect(isGradEnabled()).toBe(true);
    expect(model.parameters().every(({ grad }) => grad === null)).toBe(true);
  });

  it("leaves them so if the model throws", () => {
    let seen: boolean[] = [];
    class Broken extends nn.Module {
      drop = new nn.Dropout(0.5);
      forward(x: Tensor): Tensor {
        seen = [this.training, this.drop.training, isGradEnabled()];
        x.mul(2);
        throw new Error("broken");
      }
    }
    const model = new Broken();
    const { bytesInUse } = memory();
    expect(() => decisionBoundary(model, X, y, { resolution: 30 })).toThrow("broken");
    expect(seen).toEqual([false, false, false]);
    expect(memory().bytesInUse).toBe(bytesInUse);
    expect([model.training, model.drop.training, isGradEnabled()]).toEqual([true, true, true]);
  });

  it("asks in the dtype of the points, or of the model", () => {
    const seen: string[] = [];
    const model = (x: Tensor): Tensor => {
      seen.push(x.dtype);
      return x.narrow(1, 0, 1).sigmoid();
    };
    decisionBoundary(model, tensor(X, { dtype: "float64" }), y, { resolution: 2 });
    decisionBoundary(model, X, y, { resolution: 2 });
    expect(seen).toEqual(["float64", "float32"]);
    decisionBoundary(new nn.Sequential(new nn.Linear(2, 1), new nn.Sigmoid()).double(), X, y, { resolution: 2 });
  });

  it("takes logits only by name, and several classes", () => {
    const logits = (x: Tensor): Tensor => x.narrow(1, 0, 1).mul(9);
    expect(() => decisionBoundary(undefined as never, X, y)).toThrow(
      "decisionBoundary: expected a module, or a function of a tensor, got undefined",
    );
    expect(() => decisionBoundary(logits, X, y)).toThrow(
      /expected a model that gives probabilities, got .*logits: true/,
    );
    expect(decisionBoundary(logits, X, y, { logits: true }).svg()).toContain(BLUE);
    const half = decisionBoundary((x) => x.narrow(1, 0, 1).mul(Number.NaN), X, y, { resolution: 10 });
    expect(texts(half.svg())).toContain("100 of 100 numbers that the model gives are NaN");
    const three = decisionBoundary(new nn.Linear(2, 3), X, y);
    expect(three.label).toContain("3 classes");
    expect(() => decisionBoundary((x) => x.sum(), X, y)).toThrow("[4096, C], got []");
  });
});

describe("histogram", () => {
  const heights = (svg: string): number =>
    (svg.match(/<path d="([^"]*)" fill="#0072b2"/)?.[1]?.match(/M/g) ?? []).length;

  it("has a bar for each bin with values in it", () => {
    expect(heights(histogram([0, 0, 1, 3, 4], { bins: 4 }).svg())).toBe(3);
    expect(heights(histogram(new nn.Linear(3, 5).weight, { bins: 1 }).svg())).toBe(1);
  });

  it("counts the largest value, wherever rounding puts the end of the last bin", () => {
    for (const [bins, high] of [
      [3, 0.9],
      [5, 1.7],
      [9, 2.9],
      [10, 3],
    ] as const) {
      const values = Array.from({ length: bins }, (_, i) => (i < bins - 1 ? ((i + 0.5) * high) / bins : high));
      expect(heights(histogram([0, ...values], { bins }).svg())).toBe(bins);
    }
  });

  it("counts NaN in a note, and takes nothing and constants", () => {
    expect(texts(histogram([1, Number.NaN]).svg())).toContain("1 value is not finite");
    expect(texts(histogram([]).svg())).toContain("no values yet");
    expect(heights(histogram([2, 2, 2]).svg())).toBe(1);
    expect(() => histogram(undefined as never)).toThrow("histogram: expected numbers, or an object of numbers");
    expect(() => histogram([1], { bins: 0 })).toThrow("histogram: expected 1 to 1000 bins, got 0");
  });
});

describe("confusionMatrix", () => {
  it("counts, and says it all in words too", () => {
    const picture = confusionMatrix([0, 0, 1, 2], tensor([0, 1, 1, 2], { dtype: "int32" }), ["cat", "ship", "plane"]);
    const svg = picture.svg();
    expect(texts(svg)).toEqual(
      expect.arrayContaining(["cat", "ship", "plane", "75.0 % of 4 right", "predicted", "true"]),
    );
    expect(svg).toContain("<title>cat taken for ship: 1 of 2</title>");
    expect(picture.text({ width: 40, color: false })).toContain("0 cat   1 1 0");
  });

  it("has counts that can be read for ten classes in 390 pixels", () => {
    const truth = Array.from({ length: 10_000 }, (_, i) => i % 10);
    const names = "airplane automobile bird cat deer dog frog horse ship truck".split(" ");
    const svg = confusionMatrix(truth, truth, names).svg({ width: 390, height: 420 });
    const sizes = [...svg.matchAll(/font-size="(\d+)"[^>]*>1000</g)].map((match) => Number(match[1]));
    expect(sizes.length).toBe(10);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(8);
  });

  it("refuses classes that it has no names for", () => {
    expect(() => confusionMatrix([0], [2], 2)).toThrow("confusionMatrix: expected classes from 0 to 1, got 2");
    for (const classes of [-1, 2.5, Number.NaN]) {
      expect(() => confusionMatrix([0], [1], classes as number)).toThrow(`their number, got ${classes}`);
    }
    expect(() => confusionMatrix([0], [0, 1], 2)).toThrow(
      "expected as many predicted classes as true ones, got 2 for 1",
    );
  });
});

describe("imshow", () => {
  /** The colours at a grid of places of a picture, as r, g, b. */
  async function colours(picture: Picture, width: number, height: number): Promise<string[]> {
    const {
      data,
      channels,
      width: pixels,
    } = decode(await picture.png({ width: width * 40 + 24, height: height * 40 + 24, scale: 1 }));
    return Array.from({ length: width * height }, (_, i) => {
      const [x, y] = [12 + 40 * (i % width) + 3, 12 + 40 * Math.floor(i / width) + 3]; // near a corner: sharp pixels
      return [...data.slice((y * pixels + x) * channels, (y * pixels + x) * channels + 3)].join();
    });
  }

  it("has the colours of the numbers, in sharp pixels", async () => {
    const image = tensor([
      [
        [1, 0],
        [0, 0],
      ],
      [
        [0, 1],
        [0, 0.5],
      ],
      [
        [0, 0],
        [1, 0.2],
      ],
    ]);
    const rgb = ["255,0,0", "0,255,0", "0,0,255", "0,128,51"];
    expect(await colours(imshow(image), 2, 2)).toEqual(rgb);
    expect(await colours(imshow(image.mul(2).sub(1), { valueRange: [-1, 1] }), 2, 2)).toEqual(rgb);
    expect(await colours(imshow(image.mul(7).sub(3), { normalize: true }), 2, 2)).toEqual(rgb);
    const bytes = {
      data: Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 128, 51),
      height: 2,
      width: 2,
      channels: 3,
    };
    expect(await colours(imshow(bytes), 2, 2)).toEqual(rgb);
    expect(await colours(imshow(tensor([[true, false]])), 2, 1)).toEqual(["255,255,255", "0,0,0"]);
    expect(
      await colours(
        imshow(
          tensor([
            [0, 1],
            [0.2, 0.4],
          ]),
        ),
        2,
        2,
      ),
    ).toEqual(["0,0,0", "255,255,255", "51,51,51", "102,102,102"]);
  });

  it("refuses other shapes and ranges, and NaN", () => {
    expect(() => imshow(rand([2, 3, 4, 4]))).toThrow("got [2, 3, 4, 4]. Use makeGrid(images) for several");
    expect(() => imshow(tensor([[-1, 1]]))).toThrow("imshow: expected numbers from 0 to 1, got -1.000 to 1.000");
    expect(() => imshow(tensor([[Number.NaN]]))).toThrow("expected finite numbers, got NaN or infinities");
  });
});

describe("a picture", () => {
  it("goes into files by their names", async () => {
    const picture = linePlot({ a: [1, 2] });
    await picture.save(join(folder, "a.svg"), { width: 300, height: 200 });
    expect(readFileSync(join(folder, "a.svg"), "utf8")).toBe(picture.svg({ width: 300, height: 200 }));
    await picture.save(join(folder, "a.png"), { width: 300, height: 200, scale: 1 });
    const { width, height } = decode(readFileSync(join(folder, "a.png")));
    expect([width, height]).toEqual([300, 200]);
    await expect(picture.save(join(folder, "a.gif"))).rejects.toThrow(
      "linePlot.save: expected a path that ends in .svg or .png",
    );
  });

  it("holds copies of its numbers", () => {
    const values = [1, 2, 3];
    const X = tensor([
      [0, 1],
      [2, 3],
    ]);
    const line = linePlot({ a: values });
    const cloud = scatter(X);
    const before = [line.svg(), cloud.svg()];
    values[1] = 9;
    X.free();
    expect([line.svg(), cloud.svg()]).toEqual(before);
  });
});
