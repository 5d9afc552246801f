import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { instance } from "@viz-js/viz";
import fc from "fast-check";
import {
  defineFunction,
  F,
  GraphError,
  getRngState,
  memory,
  nn,
  noGrad,
  rand,
  scope,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from "simdgrad";
import { buildGraph, type Graph, makeDot } from "simdgrad/viz";
import { describe, expect, it } from "vitest";
import { variants } from "../../../examples/02-regression.js";
import { Net as LeNet } from "../../../examples/03-single-label.js";
import { Net as CelebANet } from "../../../examples/04-multi-label.js";
import { html, quoted } from "../../../src/viz/graph/dot.js";
import { colour, themed } from "../../../src/viz/graph/graph-theme.js";

const moons = (): nn.Sequential =>
  new nn.Sequential({
    lin1: new nn.Linear(2, 2),
    BentID1: new nn.BentIdentity(),
    lin2: new nn.Linear(2, 1),
    sigmoid: new nn.Sigmoid(),
  }).double();

/** The graph in words, a sentence for each entry, as a reader of the picture sees it. */
const sentences = (graph: Graph): string[] => graph.description.split(/(?<=\.) /);

/** The numbers of nodes and edges that Graphviz reads from the DOT text. */
async function parsed(
  dot: string,
): Promise<{ objects: { name: string; label: string }[]; edges: { tail: number; head: number }[] }> {
  return JSON.parse((await instance()).renderString(dot, { format: "json" }));
}

class Block extends nn.Module {
  conv1 = new nn.Conv2d(8, 8, 3, { padding: 1 });
  bn1 = new nn.BatchNorm2d(8);
  conv2 = new nn.Conv2d(8, 8, 3, { padding: 1 });
  bn2 = new nn.BatchNorm2d(8);
  forward(x: Tensor): Tensor {
    const y = F.relu(this.bn1.forward(this.conv1.forward(x)));
    return F.relu(this.bn2.forward(this.conv2.forward(y)).add(x));
  }
}

describe("buildGraph", () => {
  it("draws the tutorial's models", () => {
    expect(sentences(buildGraph(moons(), [640, 2]))).toEqual([
      "input.",
      "Linear 2 → 2, BentIdentity takes input (640×2).",
      "Linear 2 → 1 takes Linear 2 → 2, BentIdentity (640×2).",
      "Sigmoid takes Linear 2 → 1 (640×1).",
      "output takes Sigmoid (640×1).",
    ]);
    expect(sentences(buildGraph(variants.prelu(), [12, 1]))).toEqual([
      "input.",
      "Linear 1 → 1 takes input (12×1).",
      "PReLU takes Linear 1 → 1 (12×1).",
      "output takes PReLU (12×1).",
    ]);
    expect(sentences(buildGraph(new LeNet(), zeros([4, 3, 32, 32]), { merge: false })).slice(1, -1)).toEqual([
      "Conv2d 3 → 6, 5×5 takes input (4×3×32×32).",
      "relu takes Conv2d 3 → 6, 5×5 (4×6×28×28).",
      "MaxPool2d 2×2 takes relu (4×6×28×28).",
      "Conv2d 6 → 16, 5×5 takes MaxPool2d 2×2 (4×6×14×14).",
      "relu takes Conv2d 6 → 16, 5×5 (4×16×10×10).",
      "MaxPool2d 2×2 takes relu (4×16×10×10).",
      "view takes MaxPool2d 2×2 (4×16×5×5).",
      "Linear 400 → 120 takes view (4×400).",
      "relu takes Linear 400 → 120 (4×120).",
      "Linear 120 → 84 takes relu (4×120).",
      "relu takes Linear 120 → 84 (4×84).",
      "Linear 84 → 10 takes relu (4×84).",
    ]);
  });

  it("draws a model of 104,585,128 parameters without its 500 MB of images", () => {
    const model = new CelebANet();
    const before = memory();
    const graph = buildGraph(model, [4, 3, 256, 256]);
    expect(sentences(graph).slice(1)).toEqual([
      "Conv2d 3 → 64, 3×3, MaxPool2d 2×2, ReLU takes input (4×3×256×256).",
      "Conv2d 64 → 128, 3×3, MaxPool2d 2×2, ReLU takes Conv2d 3 → 64, 3×3, MaxPool2d 2×2, ReLU (4×64×127×127).",
      "Conv2d 128 → 256, 3×3, MaxPool2d 2×2, ReLU takes Conv2d 64 → 128, 3×3, MaxPool2d 2×2, ReLU (4×128×62×62).",
      "Conv2d 256 → 512, 3×3, MaxPool2d 2×2, ReLU, Dropout p=0.2 takes Conv2d 128 → 256, 3×3, MaxPool2d 2×2, ReLU (4×256×30×30).",
      "view takes Conv2d 256 → 512, 3×3, MaxPool2d 2×2, ReLU, Dropout p=0.2 (4×512×14×14).",
      "Linear 100352 → 1024 takes view (4×100352).",
      "Linear 1024 → 256 takes Linear 100352 → 1024 (4×1024).",
      "Linear 256 → 40 takes Linear 1024 → 256 (4×256).",
      "sigmoid takes Linear 256 → 40 (4×40).",
      "output takes sigmoid (4×40).",
    ]);
    expect(memory().peakBytes).toBe(before.peakBytes);
    for (const parameter of model.parameters()) parameter.free();
  });

  it("shows names and numbers of parameters", () => {
    const { dot } = buildGraph(new LeNet(), [4, 3, 32, 32]);
    for (const text of ["conv1 · 456 parameters", "conv2 · 2,416 parameters", "fc1 · 48,120 parameters", "fc3 · 850"]) {
      expect(dot).toContain(text);
    }
    const shared = new nn.Linear(3, 3);
    const twice = buildGraph(new nn.Sequential({ a: shared, b: new nn.Tanh(), c: shared }), [2, 3], { merge: false });
    expect(twice.dot.match(/12 parameters/g)).toHaveLength(1);
    expect(twice.dot).toContain("the same parameters");
  });

  it("shows several inputs and outputs, branches, and parameters that operations use", () => {
    class Two extends nn.Module {
      linear = new nn.Linear(3, 4);
      words = new nn.Embedding(10, 4);
      scale = new nn.Parameter(zeros([4]));
      dropout = new nn.Dropout(0.5);
      forward(x: Tensor, ids: Tensor): Record<string, Tensor> {
        const h = this.linear.forward(x);
        const dropped = this.dropout.forward(h); // in evaluation the same tensor
        const sum = dropped.add(this.words.forward(ids).mean(1)).mul(this.scale.exp()).add(h);
        return { sum, best: sum.argmax(1) };
      }
    }
    const ids = zeros([2, 5], { dtype: "int32" });
    const graph = buildGraph(new Two(), [2, 3], ids, { merge: false, fold: false });
    expect(sentences(graph)).toEqual([
      "input 0.",
      "input 1.",
      "Linear 3 → 4 takes input 0 (2×3).",
      "Dropout p=0.5 takes Linear 3 → 4 (2×4).",
      "Embedding 10 × 4 takes input 1 (2×5).",
      "mean takes Embedding 10 × 4 (2×5×4).",
      "add takes Dropout p=0.5 (2×4) and mean (2×4).",
      "mul scale takes add (2×4).",
      "add takes mul scale (2×4) and Linear 3 → 4 (2×4).",
      "argmax takes add (2×4).",
      "output sum takes add (2×4).",
      "output best takes argmax (2).",
    ]);
    expect(graph.dot).toContain("2×5\u00a0int32");
    const [a, b] = [zeros([2, 3]), zeros([2, 3])];
    class Pair extends nn.Module {
      forward({ x, y }: Record<string, Tensor>, z?: readonly Tensor[]): Tensor {
        return z === undefined ? x!.add(y!) : x!.add(y!).add(z[0]!);
      }
    }
    class List extends nn.Module {
      forward([x, y]: readonly [Tensor, Tensor]): Tensor {
        return x.add(y);
      }
    }
    const names = (...given: Parameters<typeof buildGraph>): string[] =>
      sentences(buildGraph(...given)).filter((sentence) => sentence.startsWith("input"));
    expect(names(new Pair(), { x: a, y: b })).toEqual(["input x.", "input y."]);
    expect(names(new List(), [a, b])).toEqual(["input 0.", "input 1."]);
    expect(names(new Pair(), { x: a, y: b }, [zeros([3])])).toEqual(["input 0.x.", "input 0.y.", "input 1.0."]);
    expect(graph.dot).toContain("4 parameters");
  });

  it("folds equal blocks, residual ones too, and no blocks that differ in sizes", async () => {
    const residual = new nn.Sequential(
      new nn.Conv2d(3, 8, 1),
      new nn.ReLU(),
      new Block(),
      new Block(),
      new Block(),
      new nn.Flatten(),
    );
    for (const merge of [true, false]) {
      const graph = buildGraph(residual, [1, 3, 8, 8], { merge });
      expect(graph.dot.match(/label="×3"/g)).toHaveLength(1);
      expect(graph.description).toContain("is repeated, 3 times in all.");
      const { edges } = await parsed(graph.dot);
      // Boxes: input, stem, two convolutions, add, relu, flatten, output; if not merged, every layer and operation.
      expect(edges).toHaveLength(merge ? 8 : 12);
    }
    expect(buildGraph(residual, [1, 3, 8, 8], { fold: false }).dot).not.toContain('×3"');

    const block = (from: number, to: number): nn.Sequential =>
      new nn.Sequential(new nn.Conv2d(from, to, 3, { padding: 1 }), new nn.MaxPool2d(2), new nn.ReLU());
    const equal = buildGraph(new nn.Sequential(block(4, 4), block(4, 4), new nn.Flatten()), [1, 4, 32, 32]);
    expect(equal.dot).not.toMatch(/<B>×|label="×/); // images are halved: results differ
    const same = buildGraph(
      new nn.Sequential(
        ...[1, 2, 3].map(() => new nn.Sequential(new nn.Linear(4, 4), new nn.ReLU())),
        new nn.Linear(4, 1),
      ),
      [2, 4],
    );
    expect(same.dot).toContain("<B>×3</B>");
    expect(sentences(same)).toContain("Linear 4 → 4, ReLU, 3 times takes input (2×4).");
    const other = new nn.Sequential(
      new nn.Linear(4, 4),
      new nn.ReLU(),
      new nn.Linear(4, 5),
      new nn.ReLU(),
      new nn.Linear(5, 1),
    );
    expect(buildGraph(other, [2, 4]).dot).not.toContain("<B>×");
  });

  it("leaves everything as it was: modes, hooks, buffers, random numbers, memory", () => {
    class Careless extends nn.Module {
      bn = new nn.BatchNorm1d(3);
      dropout = new nn.Dropout(0.5);
      forward(x: Tensor): Tensor {
        if (x.sum().item() < 0) return x; // reads a value, so forward must run on real tensors
        return this.dropout.forward(this.bn.forward(x)).add(rand([3]));
      }
    }
    const model = new Careless();
    model.bn.eval();
    const seen: unknown[] = [];
    model.bn.registerForwardHook((_, inputs) => void seen.push(inputs));
    const x = rand([4, 3]);
    scope(() => model.forward(x)); // allocates everything that stays after a first run
    const state = (): unknown => [
      model.training,
      model.bn.training,
      model.dropout.training,
      [...getRngState()],
      model.buffers().map((buffer) => buffer.toArray()),
      memory().bytesInUse,
      memory().tensors,
      model.parameters().map((parameter) => parameter.storage.version),
    ];
    const before = state();
    expect(buildGraph(model, x).description).toContain("BatchNorm1d 3 takes input (4×3).");
    expect(state()).toEqual(before);
    seen.length = 0;
    scope(() => model.forward(x));
    expect(seen).toHaveLength(1); // only the user's hook remains

    const train = new nn.Sequential(new nn.BatchNorm1d(3), new nn.Dropout(0.5));
    const random = [...getRngState()];
    const bytes = memory().bytesInUse;
    buildGraph(train, [4, 3]);
    expect([...getRngState()]).toEqual(random);
    expect(memory().bytesInUse).toBe(bytes);
    expect(train.get(0).training).toBe(true);
  });

  it("names the module of a forward that throws, and leaves nothing behind", () => {
    const model = new nn.Sequential({ a: new nn.Linear(3, 4), rest: new nn.Sequential({ b: new nn.Linear(5, 6) }) });
    const bytes = memory().bytesInUse;
    expect(() => buildGraph(model, [2, 3])).toThrow(
      "buildGraph: the forward of (rest.b: Linear) failed on input [2, 4]: Linear(5, 6): expected input [*, 5], got [2, 4]",
    );
    expect(memory().bytesInUse).toBe(bytes);
    expect([model.training, model.get("a").training]).toEqual([true, true]);
    const asking = new (class Asks extends nn.Module {
      forward(x: Tensor): Tensor {
        return x.mul(x.sum().item());
      }
    })();
    expect(() => buildGraph(asking, [2])).toThrow(
      "buildGraph: the forward of (Asks) failed on input [2]: item: expected a tensor with values, got one of a run on shapes alone (made by sum), which has none. Give tensors instead of shapes: then the model runs on values where it looks at them",
    );
    expect(buildGraph(asking, zeros([2])).description).toContain("mul takes input (2).");
    const empty = new (class Empty extends nn.Module {
      forward(_: Tensor): string {
        return "nothing";
      }
    })();
    expect(() => buildGraph(empty, [2])).toThrow('buildGraph: expected tensors from forward, got "nothing"');
  });

  it("refuses what it cannot draw", () => {
    const model = new nn.Linear(1, 1);
    expect(() => buildGraph(model, "x" as unknown as Tensor)).toThrow(
      'buildGraph: expected tensors or shapes such as [4, 3, 32, 32], got "x"',
    );
    expect(() => buildGraph(model, [1, 1], { directions: "LR" } as object)).toThrow(
      "buildGraph: expected options of title, direction, merge, fold, got directions",
    );
    expect(() => buildGraph(model, [1, 1], { direction: "RL" as "LR" })).toThrow(
      'buildGraph: expected a direction of TB and LR, got "RL"',
    );
    expect(() => buildGraph({} as nn.Module, [1, 1])).toThrow(ValueError);
  });

  it("draws operations of the user's own as one, and writes in place", () => {
    const square = defineFunction({
      name: "mySquare",
      forward: (ctx, x: Tensor) => {
        ctx.saveForBackward(x);
        return x.mul(x);
      },
      backward: (ctx, g) => g.mul(ctx.savedTensors[0]!).mul(2),
    });
    const model = new (class Own extends nn.Module {
      forward(x: Tensor): Tensor {
        return square(x).add_(1);
      }
    })();
    expect(sentences(buildGraph(model, [2]))).toEqual([
      "input.",
      "mySquare takes input (2).",
      "add_ takes mySquare (2).",
      "output takes add_ (2).",
    ]);
  });
});

describe("makeDot", () => {
  const leaves = () => ({ w: tensor([[1, 2]], { requiresGrad: true }), x: tensor([[3, 4]]) });

  it("draws operations and parameters, from the leaves to the output", async () => {
    const model = moons();
    const graph = makeDot(model.forward(zeros([5, 2], { dtype: "float64" })).mean(), {
      params: model.namedParameters(),
    });
    expect(sentences(graph).reverse()).toEqual([
      "LinearBackward follows lin1.weight and lin1.bias.",
      "BentIdentityBackward follows LinearBackward.",
      "LinearBackward follows BentIdentityBackward and lin2.weight and lin2.bias.",
      "SigmoidBackward follows LinearBackward.",
      "MeanBackward follows SigmoidBackward.",
    ]);
    expect(graph.dot).toContain(`label="lin1.weight\\n(2, 2)", style="filled", fillcolor="${colour.parameter}"`);
    expect(graph.dot).toContain(`label="()", style="filled", fillcolor="${colour.output}"`);
    const { objects, edges } = await parsed(graph.dot);
    expect([objects.length, edges.length]).toEqual([10, 9]);
    const labelled = edges.map(({ tail, head }) => [objects[tail]!.label, objects[head]!.label]);
    expect(labelled).toContainEqual(["SigmoidBackward", "MeanBackward"]);
    expect(labelled).toContainEqual(["lin1.bias\\n(2)", "LinearBackward"]);
  });

  it("draws saved tensors, once for each operation", () => {
    const { w, x } = leaves();
    const { dot } = makeDot(w.mul(x).exp(), { params: { w, x }, showSaved: true });
    expect(dot.match(new RegExp(`fillcolor="${colour.saved}"`, "g"))).toHaveLength(2);
    expect(dot).toContain('label="x\\n(1, 2)"'); // the gradient of w reads x
    expect(dot).toContain('label="result\\n(1, 2)"');
    expect(dot).toContain('[dir="none"]');
    expect(makeDot(w.mul(x), { params: { w } }).dot).not.toContain(colour.saved);
    expect(makeDot(w.mul(x), { showAttrs: true }).dot).toContain("input 1: (1, 2) float32, saved");
  });

  it("draws the base of a view, and several outputs", () => {
    const { w } = leaves();
    const { dot } = makeDot([w.exp().view(2), w.sum()]);
    expect(dot).toContain(`fillcolor="${colour.base}"`);
    expect(dot).toContain('style="dotted"');
    expect(dot.match(new RegExp(`fillcolor="${colour.output}"`, "g"))).toHaveLength(2);
    expect(dot.match(new RegExp(`fillcolor="${colour.parameter}"`, "g"))).toHaveLength(1);
  });

  it("draws a freed graph, but not what it has no more", () => {
    const { w, x } = leaves();
    const loss = w.mul(x).sum();
    loss.backward();
    expect(makeDot(loss).description).toContain("MulBackward");
    expect(() => makeDot(loss, { showSaved: true })).toThrow(
      "makeDot: expected a graph whose saved tensors are there, got one that backward() already went through (at sum). Draw it before backward(), call backward({ retainGraph: true }), or leave showSaved out",
    );
  });

  it("refuses what nothing recorded, and names that stand for nothing", () => {
    const { w, x } = leaves();
    expect(() => makeDot(noGrad(() => w.mul(x)))).toThrow(GraphError);
    expect(() => makeDot(x)).toThrow(
      "makeDot: expected the result of recorded operations, got a tensor of shape (1, 2) that none made. Compute it outside of noGrad, from tensors with requiresGrad",
    );
    expect(() => makeDot(w.sum(), { params: { w: 1 as unknown as Tensor } })).toThrow(
      "makeDot: expected tensors by name, got 1. Pass model.namedParameters(), or an object such as { x, w }",
    );
    expect(() => makeDot({} as Tensor)).toThrow("makeDot: expected a tensor, got an object of Object");
  });
});

describe("a graph's picture", () => {
  const graph = (): Graph => buildGraph(moons(), [640, 2], { title: 'Two <moons> & "more"' });

  it("is an SVG that names and describes itself, without identifiers", async () => {
    const svg = await graph().svg();
    expect(svg.startsWith("<svg ")).toBe(true);
    expect(svg).toContain('role="img"');
    expect(svg).toContain("<title>Two &lt;moons&gt; &amp; &quot;more&quot;</title>");
    expect(svg).toContain("<desc>input. Linear 2 → 2, BentIdentity takes input (640×2).");
    expect(svg.match(/<title>/g)).toHaveLength(1);
    expect(svg).not.toMatch(/ id="/);
    expect(svg).toContain("DejaVu Sans");
  });

  it("has three themes", async () => {
    const [light, dark, auto] = await Promise.all(
      (["light", "dark", "auto"] as const).map((theme) => graph().svg({ theme })),
    );
    expect(light).toContain('fill="#ffffff"');
    expect(dark).not.toMatch(/(fill|stroke)="(#ffffff|black|#1f2328)"/);
    expect(auto).toContain("@media (prefers-color-scheme:dark)");
    await expect(graph().svg({ theme: "blue" as "dark" })).rejects.toThrow(
      'Graph.svg: expected the theme "light", "dark" or "auto", got "blue"',
    );
  });

  it("has text that reads on its background, in light and dark (WCAG AA)", () => {
    const luminance = (hex: string): number => {
      const [r, g, b] = [1, 3, 5]
        .map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255)
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    };
    const contrast = (a: string, b: string): number => {
      const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
      return (light! + 0.05) / (dark! + 0.05);
    };
    const inDark = (light: string): string =>
      /fill="(#\w+)"/.exec(themed(`<svg><g fill="${light}"/>`, "", "", "dark"))![1]!;
    const small = ["background", "data", "weighted", "norm", "activation", "pool", "dropout", "other"] as const;
    for (const role of [...small, "parameter", "operation", "saved", "output", "base"] as const) {
      for (const look of [(hex: string) => hex, inDark]) {
        expect(contrast(look(colour.text), look(colour[role])), `text on ${role}`).toBeGreaterThanOrEqual(4.5);
        if (!small.includes(role as (typeof small)[number])) continue;
        expect(contrast(look(colour.muted), look(colour[role])), `notes on ${role}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it("goes to files, as SVG and as PNG", async () => {
    const folder = mkdtempSync(join(tmpdir(), "simdgrad-"));
    try {
      await graph().save(join(folder, "moons.svg"), { theme: "dark" });
      expect(readFileSync(join(folder, "moons.svg"), "utf8")).toBe(await graph().svg({ theme: "dark" }));
      await graph().save(join(folder, "moons.png"), { scale: 1 });
      const png = readFileSync(join(folder, "moons.png"));
      expect([...png.subarray(1, 4)]).toEqual([80, 78, 71]);
      expect([...(await graph().png({ scale: 1 }))]).toEqual([...png]);
      await expect(graph().save(join(folder, "moons.pdf"))).rejects.toThrow(
        "Graph.save: expected a path that ends in .svg or .png",
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("prints as DOT", () => {
    expect(String(graph())).toBe(graph().dot);
    expect(graph().dot).toContain('digraph "Two <moons> &amp; \\"more\\"" {');
  });

  it("keeps odd names whole", async () => {
    const viz = await instance();
    const odd = fc.string({
      unit: fc.constantFrom(
        ..."ab\\\"'<>&;{}|\n\r\t\u0000\u0007[]=-/é×\ud800💡 &lt;\\n\\l\\N".split(""),
        "💡",
        "\\N",
        "&amp;",
        "--",
        "-->",
        "]]>",
      ),
    });
    /** Texts of an SVG, as a reader sees them. */
    const texts = (svg: string): string =>
      [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)]
        .map(([, text]) => text!)
        .join("")
        .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
        .replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">")
        .replaceAll("&quot;", '"')
        .replaceAll("&amp;", "&");
    const seen = (text: string): string => text.replace(/[\s\u00a0]/g, "");
    const written = (name: string): string =>
      seen([...name].map((c) => (/\p{Cs}|(?![\t\n\r])\p{Cc}/u.test(c) ? "\ufffd" : c)).join(""));
    fc.assert(
      fc.property(odd, (name) => {
        const plain = viz.renderString(`digraph ${quoted(name)} { a [label=${quoted(name)}] }`, { format: "svg" });
        expect(seen(texts(plain))).toBe(written(name));
        const rich = viz.renderString(`digraph { a [label=<<B>.${html(name)}</B>>] }`, { format: "svg" });
        expect(seen(texts(rich))).toBe(`.${written(name)}`);
      }),
      { numRuns: 300 },
    );
  });

  it("is drawn for models and tensors of odd names", async () => {
    const name = '"><b>&amp;\\N\n{x|y}';
    const model = new nn.Sequential({ [name]: new nn.Linear(1, 1), ok: new nn.Tanh() });
    const svg = await buildGraph(model, [1, 1], { title: name }).svg();
    expect(svg).not.toContain("<b>");
    expect(await makeDot(model.forward(zeros([1, 1])), { params: model.namedParameters() }).svg()).toContain("<svg");
  });
});
