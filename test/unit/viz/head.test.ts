import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  F,
  getRngState,
  manualSeed,
  memory,
  nn,
  ones,
  rand,
  randint,
  randn,
  type Tensor,
  tensor,
  zeros,
} from "simdgrad";
import {
  activationSketches,
  checkHead,
  type HeadSample,
  lossSketches,
  plotFunction,
  problems,
  recommend,
} from "simdgrad/viz";
import { describe, expect, it } from "vitest";
import { variants } from "../../../examples/02-regression.js";
import { Net as LeNet } from "../../../examples/03-single-label.js";
import { Net as CelebANet } from "../../../examples/04-multi-label.js";
import { sheetFiles } from "../../../scripts/cheat-sheet.js";
import { root } from "../../support/files.js";

const ints = (...values: number[]): Tensor => tensor(values, { dtype: "int32" });

/** Models that end in a layer, and in a function that forward calls. */
const ending = (outputs: number, last?: nn.Module): nn.Sequential =>
  new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, outputs), ...(last ? [last] : []));

function calling(outputs: number, last: (x: Tensor) => Tensor): nn.Module {
  return new (class Calls extends nn.Module {
    linear = new nn.Linear(4, outputs);
    forward(x: Tensor): Tensor {
      return last(this.linear.forward(x));
    }
  })();
}

const lines = (model: nn.Module, loss: nn.Module, sample?: HeadSample): string[] =>
  [...checkHead(model, loss, sample)].map(({ rule, problem, advice }) => `${rule}: ${problem}. ${advice}.`);

describe("recommend", () => {
  it("has a row for each problem, under the names that people type", () => {
    expect(problems.map(({ problem, activation, loss }) => `${problem}: ${activation} + ${loss}`)).toEqual([
      "binary: Sigmoid + BCELoss",
      "regression: none + MSELoss",
      "positive-regression: Softplus + MSELoss",
      "bounded-regression: Sigmoid + MSELoss",
      "single-label: none + CrossEntropyLoss",
      "multi-label: Sigmoid + BCELoss",
      "ordinal: Sigmoid + BCELoss",
      "distribution: LogSoftmax + KLDivLoss",
      "segmentation: none + CrossEntropyLoss",
    ]);
    for (const name of ["multilabel", "multi label", "Multi-Label", "multi_label", "tags"]) {
      expect(recommend(name).problem).toBe("multi-label");
    }
    expect(recommend("multiclass").problem).toBe("single-label");
    expect(recommend("Two Classes").problem).toBe("binary");
    for (const row of problems) expect(recommend(row.problem)).toBe(row);
  });

  it("refuses others, and says which there are", () => {
    expect(() => recommend(1n as never)).toThrow(
      "recommend: expected a problem of binary, regression, positive-regression, bounded-regression, single-label, multi-label, ordinal, distribution, segmentation, got 1",
    );
    expect(() => recommend("clustering")).toThrow(
      'recommend: expected a problem of binary, regression, positive-regression, bounded-regression, single-label, multi-label, ordinal, distribution, segmentation, got "clustering"',
    );
  });

  it("names activations and losses that are there, and draws each", () => {
    const sketched = [...activationSketches, ...lossSketches].map(({ name }) => name);
    for (const { activation, loss, alternatives } of problems) {
      for (const name of [activation, loss, ...alternatives.flatMap((other) => [other.activation, other.loss])]) {
        expect(name === "none" || name in nn, name).toBe(true);
        expect(sketched).toContain(name);
      }
    }
    const losses = Object.keys(nn).filter((name) => name.endsWith("Loss"));
    expect(lossSketches.map(({ name }) => name).sort()).toEqual(losses.sort());
  });

  it("has curves that are those of the functions", () => {
    const value = (sketch: string, curve: number, x: number): number =>
      [...activationSketches, ...lossSketches]
        .find(({ name }) => name === sketch)!
        .curves[curve]!.f(tensor([x], { dtype: "float64" }))
        .item();
    expect(value("Sigmoid", 0, 0)).toBe(0.5);
    expect(value("LogSoftmax", 0, 0)).toBeCloseTo(-Math.LN2);
    expect(value("MSELoss", 0, -3)).toBe(9);
    expect(value("BCELoss", 0, 0.25)).toBeCloseTo(-Math.log(0.25));
    expect(value("BCELoss", 1, 0.25)).toBeCloseTo(-Math.log(0.75));
    expect(value("CrossEntropyLoss", 0, 2)).toBeCloseTo(Math.log(1 + Math.exp(-2)));
    expect(value("CrossEntropyLoss", 1, 2)).toBeCloseTo(Math.log(1 + Math.exp(2)));
    expect(value("KLDivLoss", 0, -1)).toBeCloseTo(0.5 * (Math.log(0.5) + 1));
    for (const { curves, from, to } of [...activationSketches, ...lossSketches]) {
      expect(() => plotFunction(Object.fromEntries(curves.map(({ name, f }) => [name, f])), from, to)).not.toThrow();
    }
  });
});

describe("docs/cheat-sheet.md", () => {
  it("is what `npm run maintain -- sheet` writes, pictures too", () => {
    for (const [name, text] of sheetFiles())
      expect(readFileSync(join(root, "docs", name), "utf8") === text, name).toBe(true);
  });
});

describe("checkHead", () => {
  it("finds nothing wrong with the tutorial's models", () => {
    const moons = new nn.Sequential(
      new nn.Linear(2, 2),
      new nn.BentIdentity(),
      new nn.Linear(2, 1),
      new nn.Sigmoid(),
    ).double();
    const labels = tensor([[0], [1], [1]], { dtype: "float64" });
    const points = rand([3, 2], { dtype: "float64" });
    expect(lines(moons, new nn.BCELoss())).toEqual([]);
    expect(lines(moons, new nn.BCELoss(), { input: points, target: labels })).toEqual([]);
    const prices = tensor([[30], [140]]);
    for (const make of Object.values(variants)) {
      expect(lines(make(), new nn.MSELoss(), { input: prices, target: tensor([[7.5], [2.5]]) })).toEqual([]);
      expect(lines(make(), new nn.MSELoss())).toEqual([]);
    }
    const images = randn([4, 3, 32, 32]);
    expect(lines(new LeNet(), new nn.CrossEntropyLoss(), { input: images, target: ints(3, 8, 8, 0) })).toEqual([]);
    const faces = new CelebANet();
    expect(lines(faces, new nn.BCELoss(), { input: [2, 3, 256, 256], target: zeros([2, 40]) })).toEqual([]);
    for (const parameter of faces.parameters()) parameter.free();
  });

  it("finds nothing wrong with its own recommendations, nor with usual variants", () => {
    const input = rand([5, 4]);
    const right: [nn.Module, nn.Module, Tensor][] = [
      [ending(1), new nn.BCEWithLogitsLoss(), rand([5, 1])],
      [calling(1, (x) => x.neg().exp().add(1).reciprocal()), new nn.BCELoss(), rand([5, 1])],
      [calling(1, (x) => x.sigmoid().squeeze(1)), new nn.BCELoss(), rand([5])],
      [calling(3, (x) => F.softmax(x, 1).log()), new nn.NLLLoss(), ints(0, 1, 2, 0, 1)],
      [ending(3, new nn.LogSoftmax(1)), new nn.KLDivLoss(), rand([5, 3]).softmax(1)],
      [ending(3), new nn.CrossEntropyLoss(), rand([5, 3]).softmax(1)],
      [ending(3), new nn.CrossEntropyLoss(), ints(0, -100, 2, 0, 1)],
      [ending(3), new nn.CrossEntropyLoss({ ignoreIndex: 9 }), ints(0, 9, 2, 0, 1)],
      [ending(1, new nn.Sigmoid()), new nn.MSELoss(), rand([5, 1])],
      [ending(1, new nn.Tanh()), new nn.L1Loss(), rand([5, 1]).mul(2).sub(1)],
      [ending(2, new nn.Softplus()), new nn.HuberLoss(), rand([5, 2]).mul(100)],
      [ending(1, new nn.PReLU()), new nn.SmoothL1Loss(), randn([5, 1])],
    ];
    for (const [model, loss, target] of right) {
      expect(lines(model, loss, { input, target }), `${model} ${loss.constructor.name}`).toEqual([]);
    }
    const words = calling(3, (y) => F.logSoftmax(y.view(1, 5, 3), 2));
    expect(lines(words, new nn.KLDivLoss(), { input, target: rand([1, 5, 3]).softmax(2) })).toEqual([]);
    expect(lines(ending(3, new nn.LogSoftmax(0)), new nn.NLLLoss())).toEqual([]); // right for single samples
  });

  const x = rand([5, 4]);
  const onehot = tensor([
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [1, 0, 0],
    [0, 1, 0],
  ]);
  const rows: [string, nn.Module, nn.Module, HeadSample | undefined, string][] = [
    [
      "softmax before CrossEntropyLoss",
      ending(3, new nn.Softmax(1)),
      new nn.CrossEntropyLoss(),
      undefined,
      "softmax-before-cross-entropy: CrossEntropyLoss has a log-softmax inside, and the model ends in Softmax: of probabilities it makes nearly equal ones, so learning is slow. Take Softmax out of the model; output.softmax(1) gives probabilities when they are to be read.",
    ],
    [
      "log-softmax before CrossEntropyLoss, by a function",
      calling(3, (y) => F.logSoftmax(y, 1)),
      new nn.CrossEntropyLoss(),
      { input: x },
      "softmax-before-cross-entropy: CrossEntropyLoss has a log-softmax inside, and the model ends in LogSoftmax: the second one changes nothing. Take LogSoftmax out of the model, or use NLLLoss.",
    ],
    [
      "a log-softmax over the samples",
      ending(3, new nn.LogSoftmax(0)),
      new nn.NLLLoss(),
      { input: x, target: ints(0, 1, 2, 0, 1) },
      "softmax-dim: The model ends in LogSoftmax along a dim that is not that of the classes: what it says of one sample depends on the others, and does not add up to 1 along dim 1. Write LogSoftmax(1).",
    ],
    [
      "a softmax over the samples, by a function",
      calling(3, (y) => F.softmax(y, 0)),
      new nn.BCELoss(),
      { input: x, target: onehot },
      "softmax-dim: The model ends in Softmax along a dim that is not that of the classes: what it says of one sample depends on the others, and does not add up to 1 along dim 1. Write Softmax(1).",
    ],
    [
      "targets that are no numbers",
      ending(1),
      new nn.MSELoss(),
      { target: tensor([[0.5], [Number.NaN]]) },
      "target-not-finite: Some targets are NaN or infinite: the loss refuses them, or becomes that too, and the parameters after one step. Find them with isfinite(target), and leave those samples out.",
    ],
    [
      "logits into BCELoss",
      ending(1),
      new nn.BCELoss(),
      undefined,
      "logits-into-bce: BCELoss takes probabilities, 0 to 1, and the model ends in a layer without activation. End in Sigmoid, or use BCEWithLogitsLoss, which has it inside.",
    ],
    [
      "other numbers into BCELoss",
      calling(1, (y) => y.mul(0).add(7)),
      new nn.BCELoss(),
      { input: x },
      "logits-into-bce: BCELoss takes probabilities, 0 to 1, and the model ends in numbers beyond 0 and 1. End in Sigmoid, or use BCEWithLogitsLoss, which has it inside.",
    ],
    [
      "tanh into BCELoss",
      ending(1, new nn.Tanh()),
      new nn.BCELoss(),
      { input: [5, 4] },
      "logits-into-bce: BCELoss takes probabilities, 0 to 1, and the model ends in Tanh. End in Sigmoid, or use BCEWithLogitsLoss, which has it inside.",
    ],
    [
      "logits into NLLLoss",
      ending(3),
      new nn.NLLLoss(),
      undefined,
      "no-log-probabilities: NLLLoss takes log-probabilities, and the model ends in a layer without activation. End in LogSoftmax(1), or use CrossEntropyLoss, which has it inside.",
    ],
    [
      "probabilities into NLLLoss",
      calling(3, (y) => y.softmax(1)),
      new nn.NLLLoss(),
      { input: x, target: ints(0, 1, 2, 0, 1) },
      "no-log-probabilities: NLLLoss takes log-probabilities, and the model ends in Softmax. End in LogSoftmax(1), or use CrossEntropyLoss, which has it inside.",
    ],
    [
      "probabilities into KLDivLoss",
      ending(3, new nn.Softmax(1)),
      new nn.KLDivLoss(),
      undefined,
      "no-log-probabilities: KLDivLoss takes log-probabilities, and the model ends in Softmax. End in LogSoftmax(1).",
    ],
    [
      "sigmoid before BCEWithLogitsLoss",
      calling(1, (y) => y.sigmoid()),
      new nn.BCEWithLogitsLoss(),
      { input: x, target: zeros([5, 1]) },
      "sigmoid-before-logits-loss: BCEWithLogitsLoss has a sigmoid inside, and the model ends in Sigmoid: all probabilities lie between 0.5 and 0.73. Take Sigmoid out of the model, or use BCELoss.",
    ],
    [
      "relu before BCEWithLogitsLoss",
      ending(1, new nn.ReLU()),
      new nn.BCEWithLogitsLoss(),
      undefined,
      "sigmoid-before-logits-loss: BCEWithLogitsLoss has a sigmoid inside, and the model ends in ReLU: no output can say less than 1/2. Take ReLU out of the model.",
    ],
    [
      "a sigmoid of size 1 with CrossEntropyLoss",
      ending(1, new nn.Sigmoid()),
      new nn.CrossEntropyLoss(),
      undefined,
      "one-output: CrossEntropyLoss chooses between classes, and the model has one output: its loss is 0 whatever the model says. For two classes end in Sigmoid and use BCELoss with float targets [N, 1], or give the last layer an output for each class.",
    ],
    [
      "sigmoids before CrossEntropyLoss",
      ending(3, new nn.Sigmoid()),
      new nn.CrossEntropyLoss(),
      undefined,
      "squashed-logits: CrossEntropyLoss takes any numbers as logits, and the model ends in Sigmoid, whose results are 0 to 1: no class can become sure. Take Sigmoid out of the model. If samples have several labels at once, use Sigmoid with BCELoss.",
    ],
    [
      "relu before CrossEntropyLoss",
      ending(3, new nn.ReLU()),
      new nn.CrossEntropyLoss(),
      undefined,
      "squashed-logits: CrossEntropyLoss takes any numbers as logits, and the model ends in ReLU, whose results are 0 and above: no class can become sure. Take ReLU out of the model. If samples have several labels at once, use Sigmoid with BCELoss.",
    ],
    [
      "softmax for several labels",
      ending(3, new nn.Softmax(1)),
      new nn.BCELoss(),
      {
        target: tensor([
          [1, 1, 0],
          [0, 0, 0],
        ]),
      },
      "softmax-of-labels: The model ends in Softmax, whose outputs add up to 1, and the targets do not: labels that are there at once take from each other. End in Sigmoid: each label has a probability of its own.",
    ],
    [
      "targets [N] for outputs [N, 1]",
      ending(1),
      new nn.MSELoss(),
      { input: x, target: zeros([5]) },
      "target-shape: MSELoss compares element by element, and the outputs have shape [5, 1], the targets [5]: broadcast, they would compare each of 5 with each of 5. Write target.unsqueeze(1).",
    ],
    [
      "targets [N, 1] for outputs [N]",
      calling(1, (y) => y.squeeze(1)),
      new nn.L1Loss(),
      { input: [5, 4], target: zeros([5, 1]) },
      "target-shape: L1Loss compares element by element, and the outputs have shape [5], the targets [5, 1]: broadcast, they would compare each of 5 with each of 5. Write target.squeeze(1).",
    ],
    [
      "as many targets in another shape",
      ending(4),
      new nn.MSELoss(),
      { input: x, target: zeros([5, 2, 2]) },
      "target-shape: MSELoss compares element by element, and the outputs have shape [5, 4], the targets [5, 2, 2]. Write target.view(5, 4).",
    ],
    [
      "fewer targets",
      ending(4),
      new nn.MSELoss(),
      { input: x, target: zeros([5, 3]) },
      "target-shape: MSELoss compares element by element, and the outputs have shape [5, 4], the targets [5, 3]. Give a target for each output.",
    ],
    [
      "labels in a column",
      ending(3),
      new nn.CrossEntropyLoss(),
      { input: x, target: ints(0, 1, 2, 0, 1).view(5, 1) },
      "target-shape: CrossEntropyLoss takes labels of shape [5] for outputs of shape [5, 3], and the targets have shape [5, 1]. Write target.squeeze(-1).",
    ],
    [
      "classes in the last dim",
      ending(3),
      new nn.CrossEntropyLoss(),
      { input: [5, 2, x.shape[1]!], target: zeros([5, 2], { dtype: "int32" }) },
      "target-shape: CrossEntropyLoss takes labels of shape [5, 3] for outputs of shape [5, 2, 3], and the targets have shape [5, 2]. Move the classes of the outputs to dim 1: output.movedim(-1, 1).",
    ],
    [
      "one-hot labels",
      ending(3),
      new nn.CrossEntropyLoss(),
      { input: x, target: onehot.int() },
      "target-shape: CrossEntropyLoss takes labels of shape [5] for outputs of shape [5, 3], and the targets have shape [5, 3]. Write target.argmax(1) for one-hot targets.",
    ],
    [
      "too few labels",
      ending(3),
      new nn.CrossEntropyLoss(),
      { input: x, target: ints(0, 1) },
      "target-shape: CrossEntropyLoss takes labels of shape [5] for outputs of shape [5, 3], and the targets have shape [2]. Give one label for each sample.",
    ],
    [
      "float labels",
      ending(3),
      new nn.CrossEntropyLoss(),
      { input: x, target: zeros([5]) },
      "target-dtype: CrossEntropyLoss takes the numbers of classes as int32, and the targets are float32. Convert them with target.int().",
    ],
    [
      "int targets for BCELoss",
      ending(1, new nn.Sigmoid()),
      new nn.BCELoss(),
      { target: zeros([5, 1], { dtype: "int32" }) },
      "target-dtype: BCELoss takes targets of the outputs' type float32, and the targets are int32. Convert them with target.float().",
    ],
    [
      "float32 targets for a float64 model",
      ending(1).double(),
      new nn.MSELoss(),
      { input: x.double(), target: zeros([5, 1]) },
      "target-dtype: MSELoss takes targets of the outputs' type float64, and the targets are float32. Convert them with target.double().",
    ],
    [
      "labels that count from 1",
      ending(3),
      new nn.CrossEntropyLoss(),
      { input: x, target: ints(1, 2, 3, 1, 2) },
      "class-range: Labels for 3 outputs are 0 to 2, and the targets go from 1 to 3. They count from 1: write target.sub(1).",
    ],
    [
      "more labels than outputs",
      ending(3),
      new nn.CrossEntropyLoss(),
      { input: [5, 4], target: ints(0, 2, 7, 1, 2) },
      "class-range: Labels for 3 outputs are 0 to 2, and the targets go from 0 to 7. Give the last layer 8 outputs, or correct the labels.",
    ],
    [
      "several labels for CrossEntropyLoss",
      ending(3),
      new nn.CrossEntropyLoss(),
      {
        input: [2, 4],
        target: tensor([
          [1, 1, 0],
          [0, 0, 0],
        ]),
      },
      "targets-no-shares: CrossEntropyLoss takes probabilities that add up to 1 in each row as targets of the outputs' shape, and these do not. For several labels at once end in Sigmoid and use BCELoss.",
    ],
    [
      "shares that do not add up",
      ending(3),
      new nn.CrossEntropyLoss(),
      { input: x, target: onehot.mul(0.7) },
      "targets-no-shares: CrossEntropyLoss takes probabilities that add up to 1 in each row as targets of the outputs' shape, and these do not. Divide each row by its sum.",
    ],
    [
      "targets −1 and 1 for BCEWithLogitsLoss",
      ending(1),
      new nn.BCEWithLogitsLoss(),
      { input: x, target: tensor([[-1], [1], [1], [-1], [1]]) },
      "target-range: BCEWithLogitsLoss takes targets from 0 to 1, and these go from -1 to 1. Write target.add(1).div(2).",
    ],
    [
      "targets 0 and 1 for SoftMarginLoss",
      ending(1),
      new nn.SoftMarginLoss(),
      { input: x, target: tensor([[0], [1], [1], [0], [1]]) },
      "target-range: SoftMarginLoss takes −1 and 1 as targets, and these go from 0 to 1. Write target.mul(2).sub(1).",
    ],
    [
      "a softmin for CrossEntropyLoss",
      ending(3, new nn.Softmin(1)),
      new nn.CrossEntropyLoss(),
      {},
      "softmax-before-cross-entropy: CrossEntropyLoss has a log-softmax inside, and the model ends in Softmin: of probabilities it makes nearly equal ones, so learning is slow. Take Softmin out of the model; output.softmax(1) gives probabilities when they are to be read.",
    ],
    [
      "a softplus for BCEWithLogitsLoss",
      ending(1, new nn.Softplus()),
      new nn.BCEWithLogitsLoss(),
      {},
      "sigmoid-before-logits-loss: BCEWithLogitsLoss has a sigmoid inside, and the model ends in Softplus: no output can say less than 1/2. Take Softplus out of the model.",
    ],
    [
      "percentages for BCELoss",
      ending(1, new nn.Sigmoid()),
      new nn.BCELoss(),
      { target: tensor([[12.5], [100]]) },
      "target-range: BCELoss takes targets from 0 to 1, and these go from 12.5 to 100. Scale them to 0 … 1.",
    ],
    [
      "a final relu and negative targets",
      calling(1, F.relu),
      new nn.MSELoss(),
      { input: x, target: tensor([[-2], [1], [1], [0], [1]]) },
      "target-range: The model ends in ReLU, whose results are 0 and above, and the targets go from -2 to 1: some are out of reach. Take ReLU out of the model, or scale the targets.",
    ],
    [
      "a final tanh and large targets",
      ending(1, new nn.Tanh()),
      new nn.HuberLoss(),
      { target: tensor([[0.5], [3]]) },
      "target-range: The model ends in Tanh, whose results are -1 to 1, and the targets go from 0.5 to 3: some are out of reach. Take Tanh out of the model, or scale the targets.",
    ],
    [
      "MSELoss on classes",
      ending(3, new nn.Softmax(1)),
      new nn.MSELoss(),
      { input: x, target: onehot },
      "squares-of-classes: The model ends in Softmax and its loss is MSELoss, which hardly corrects a class that is surely wrong. Take Softmax out of the model and use CrossEntropyLoss with int32 labels.",
    ],
    [
      "MSELoss on 0 and 1",
      ending(1, new nn.Sigmoid()),
      new nn.MSELoss(),
      { target: tensor([[0], [1]]) },
      "squares-of-classes: The targets are 0 and 1, the model ends in Sigmoid and its loss is MSELoss, which hardly corrects what is surely wrong. Use BCELoss.",
    ],
    [
      "what only the loss knows",
      ending(3),
      new nn.CrossEntropyLoss({ weight: ones([2]) }),
      { input: x, target: ints(0, 1, 2, 0, 1) },
      "refused: The loss does not take them: crossEntropy: expected a weight for each of 3 classes, got [2]. Change the targets, or the loss.",
    ],
  ];
  it.each(rows)("finds %s", (_, model, loss, sample, text) => {
    expect(lines(model, loss, sample)).toEqual([text]);
  });

  it("says when it needs a sample", () => {
    const report = checkHead(new LeNet(), new nn.BCELoss());
    expect(report.findings).toEqual([]);
    expect(String(report)).toBe(
      "What Net ends in only a run shows: pass { input }, a tensor or its shape, and { target } to have targets checked.",
    );
    expect(String(checkHead(new LeNet(), new nn.BCELoss(), { input: [1, 3, 32, 32] }))).toMatch(/^logits-into-bce: /);
    expect(String(checkHead(ending(1), new nn.MSELoss()))).toBe("Nothing found.");
    const nested = new nn.Sequential(
      ending(3),
      new nn.Sequential(new nn.Softmax(1), new nn.Dropout()),
      new nn.Flatten(),
    );
    expect(checkHead(nested, new nn.CrossEntropyLoss()).findings[0]!.rule).toBe("softmax-before-cross-entropy");
  });

  it("leaves model, random numbers and memory as they were", () => {
    const model = new nn.Sequential(new nn.Linear(4, 3), new nn.BatchNorm1d(3), new nn.Dropout(), new nn.Sigmoid());
    manualSeed(1);
    const sample = { input: rand([5, 4]), target: randint(0, 2, [5, 3]).float() };
    checkHead(model, new nn.BCELoss(), sample); // allocates everything that stays after a first run
    const state = (): unknown => [
      [...getRngState()],
      model.buffers().map((buffer) => buffer.toArray()),
      model.modules().map(({ training }) => training),
      memory().bytesInUse,
      memory().tensors,
    ];
    const before = state();
    expect([...checkHead(model, new nn.BCELoss(), sample)]).toEqual([]);
    expect(state()).toEqual(before);
  });

  it("refuses other losses and models with several outputs", () => {
    expect(() => checkHead(ending(1), new nn.ReLU())).toThrow(
      /^checkHead: expected a loss of MSELoss, L1Loss, .*NLLLoss.*, got ReLU$/,
    );
    const two = new (class Two extends nn.Module {
      forward(y: Tensor): Tensor[] {
        return [y, y];
      }
    })();
    expect(() => checkHead(two, new nn.MSELoss(), { input: x })).toThrow(
      "checkHead: expected a model with one output, got 2. Check the part that ends in one output",
    );
    expect(() => checkHead(ending(1), new nn.MSELoss(), { input: [5, 9] })).toThrow(
      "checkHead: the forward of (0: Linear) failed on input [5, 9]: Linear(4, 8): expected input [*, 4], got [5, 9]",
    );
    expect(() => checkHead(ending(1), new nn.MSELoss(), { targets: x } as HeadSample)).toThrow(
      "checkHead: expected options of input, target, got targets",
    );
    expect(() => checkHead(ending(1), new nn.MSELoss(), { input: "x" as unknown as Tensor })).toThrow(
      'checkHead: expected a tensor, a list of tensors or a shape as input, got "x"',
    );
  });
});
