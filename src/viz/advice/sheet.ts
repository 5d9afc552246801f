// The sheet: one row per kind of problem. recommend(), docs/cheat-sheet.md and the web page read it.

/** The targets of a loss. */
export type Targets = {
  dtype: "float" | "int32";
  shape: string;
  /** What the numbers mean. */
  values: string;
};

/** Another pair, and when it is the better one. */
export type Alternative = { activation: string; loss: string; when: string };

/** The names of activations and losses are those of `nn`; an activation "none" leaves the last layer as it is. */
export type Recommendation = {
  /** As `recommend` takes it. */
  problem: string;
  title: string;
  /** The question that the model answers, with an example. */
  question: string;
  /** How many numbers the last layer gives for each sample. */
  outputs: string;
  activation: string;
  loss: string;
  targets: Targets;
  /** A program that runs: a model, a step of training, a prediction. */
  code: string;
  notes: readonly string[];
  alternatives: readonly Alternative[];
};

/** A row of the sheet, with the parts of its program. */
export type Row = Omit<Recommendation, "code"> & {
  aliases: readonly string[];
  /** The number of outputs in the program. */
  size: number;
  /** Module at the end of the program's model; null for none. */
  final: string | null;
  criterion: string;
  /** TypeScript that makes targets for 16 samples; `uses` are its imports besides `nn`, `optim` and `rand`. */
  target: string;
  uses: readonly string[];
  /** TypeScript that makes an answer of `output`, and a comment that says what it is. */
  answer: string;
  /** Input and first layers, where they are not those for 16 × 4 numbers. */
  body?: { input: string; layers: readonly string[] };
};

/** The sheet. */
export const ROWS: readonly Row[] = [
  {
    problem: "binary",
    aliases: ["binary classification", "two classes", "yes or no", "one of two"],
    title: "One of two classes",
    question: "Is it so or not? Which of two half moons is a point in?",
    outputs: "1",
    size: 1,
    activation: "Sigmoid",
    final: "new nn.Sigmoid()",
    loss: "BCELoss",
    criterion: "new nn.BCELoss()",
    targets: { dtype: "float", shape: "[N, 1]", values: "0 or 1" },
    target: "rand([16, 1]).gt(0.5).float()",
    uses: [],
    answer: "output.gt(0.5); // true where the second class is the likelier one",
    notes: [
      "Targets have the output's shape, [N, 1] and not [N], and its dtype.",
      "The output is the probability of class 1.",
    ],
    alternatives: [
      {
        activation: "none",
        loss: "BCEWithLogitsLoss",
        when: "safer numbers: the sigmoid is inside of the loss; predict with output.gt(0), read probabilities with output.sigmoid()",
      },
      {
        activation: "none",
        loss: "CrossEntropyLoss",
        when: "two outputs and int32 labels [N], as for more classes",
      },
    ],
  },
  {
    problem: "regression",
    aliases: ["number", "real number", "continuous", "mean squared error"],
    title: "A number",
    question: "How much? What does a house of this size cost?",
    outputs: "as many as numbers are asked for",
    size: 1,
    activation: "none",
    final: null,
    loss: "MSELoss",
    criterion: "new nn.MSELoss()",
    targets: { dtype: "float", shape: "[N, outputs]", values: "any numbers; best scaled to about −1 to 1" },
    target: "rand([16, 1])",
    uses: [],
    answer: "output; // the numbers themselves",
    notes: [
      "Nothing follows the last Linear: an activation would cut off what it cannot reach.",
      "Targets have the output's shape, [N, 1] and not [N]: others are refused (PyTorch would compare each with each).",
    ],
    alternatives: [
      { activation: "none", loss: "L1Loss", when: "outliers should count no more than others: it predicts medians" },
      {
        activation: "none",
        loss: "HuberLoss",
        when: "a few outliers: squares near 0, absolute errors far away (SmoothL1Loss is its sibling)",
      },
      {
        activation: "BentIdentity",
        loss: "MSELoss",
        when: "the line should bend a little; PReLU and SoftExponential learn how much",
      },
    ],
  },
  {
    problem: "positive-regression",
    aliases: ["positive number", "positive", "non negative regression", "prices", "durations"],
    title: "A number that is never negative",
    question: "How many, how long, how far?",
    outputs: "as many as numbers are asked for",
    size: 1,
    activation: "Softplus",
    final: "new nn.Softplus()",
    loss: "MSELoss",
    criterion: "new nn.MSELoss()",
    targets: { dtype: "float", shape: "[N, outputs]", values: "0 and above" },
    target: "rand([16, 1]).mul(10)",
    uses: [],
    answer: "output; // above 0",
    notes: [
      "Softplus is ReLU without the corner: it has a gradient everywhere.",
      "For numbers of very different sizes learn their logarithms, as an ordinary regression.",
      "For counts, Poisson's loss is one line on an output without activation: output.exp().sub(target.mul(output)).mean()",
    ],
    alternatives: [
      {
        activation: "ReLU",
        loss: "MSELoss",
        when: "exact zeros occur; start the bias above 0, where all outputs are 0 there is no gradient",
      },
    ],
  },
  {
    problem: "bounded-regression",
    aliases: ["bounded number", "bounded", "number in a range", "proportion", "fraction", "percentage"],
    title: "A number between bounds",
    question: "Which part? At which angle of the range?",
    outputs: "as many as numbers are asked for",
    size: 1,
    activation: "Sigmoid",
    final: "new nn.Sigmoid()",
    loss: "MSELoss",
    criterion: "new nn.MSELoss()",
    targets: { dtype: "float", shape: "[N, outputs]", values: "0 to 1; scale others by (y − low) / (high − low)" },
    target: "rand([16, 1])",
    uses: [],
    answer: "output; // between 0 and 1: back by output.mul(high − low).add(low)",
    notes: ["The bounds themselves are never reached; clip targets to 0.01 … 0.99 if they pile up there."],
    alternatives: [
      { activation: "Tanh", loss: "MSELoss", when: "the range is −1 to 1" },
      {
        activation: "Sigmoid",
        loss: "BCELoss",
        when: "the number is a probability or a share: errors near 0 and 1 weigh more",
      },
    ],
  },
  {
    problem: "single-label",
    aliases: ["multi class", "multiclass", "one of many", "classification", "classes", "categorical"],
    title: "One of several classes",
    question: "Which one? Is the picture of a cat, a ship, a plane …?",
    outputs: "one for each class (C)",
    size: 3,
    activation: "none",
    final: null,
    loss: "CrossEntropyLoss",
    criterion: "new nn.CrossEntropyLoss()",
    targets: { dtype: "int32", shape: "[N]", values: "the number of the class, 0 to C − 1" },
    target: "randint(0, 3, [16])",
    uses: ["randint"],
    answer: "output.argmax(1); // the likeliest class; output.softmax(1) gives probabilities",
    notes: [
      "No Softmax in the model: CrossEntropyLoss has it inside, and two of them learn slowly.",
      "Labels are int32 of shape [N], not one-hot, and count from 0.",
    ],
    alternatives: [
      {
        activation: "LogSoftmax",
        loss: "NLLLoss",
        when: "the model should give log-probabilities: the same numbers in two steps",
      },
    ],
  },
  {
    problem: "multi-label",
    aliases: ["multilabel", "many labels", "several labels", "tags", "attributes"],
    title: "Any number of labels at once",
    question: "Which of them? Is the face smiling, young, with glasses …?",
    outputs: "one for each label (L)",
    size: 5,
    activation: "Sigmoid",
    final: "new nn.Sigmoid()",
    loss: "BCELoss",
    criterion: "new nn.BCELoss()",
    targets: { dtype: "float", shape: "[N, L]", values: "0 or 1 for each label" },
    target: "rand([16, 5]).gt(0.5).float()",
    uses: [],
    answer: "output.gt(0.5); // true for each label that is likelier there than not",
    notes: [
      "A sigmoid each, no Softmax: labels do not exclude each other.",
      "Rare labels: BCEWithLogitsLoss takes posWeight, a factor for the ones of each label.",
    ],
    alternatives: [
      {
        activation: "none",
        loss: "BCEWithLogitsLoss",
        when: "safer numbers: the sigmoid is inside of the loss; predict with output.gt(0)",
      },
    ],
  },
  {
    problem: "ordinal",
    aliases: ["ordinal regression", "ordered classes", "ranking", "rating", "grades", "stars"],
    title: "One of several classes with an order",
    question: "How good, from 1 to 5 stars?",
    outputs: "one for each step between neighbours (C − 1)",
    size: 4,
    activation: "Sigmoid",
    final: "new nn.Sigmoid()",
    loss: "BCELoss",
    criterion: "new nn.BCELoss()",
    targets: { dtype: "float", shape: "[N, C − 1]", values: "output k: 1 where the class is above k, else 0" },
    target: "randint(0, 5, [16, 1]).gt(arange(4)).float()",
    uses: ["arange", "randint"],
    answer: "output.gt(0.5).sum(1); // how many steps are taken: the class",
    notes: ["Each output answers one question, is it more than k?, so that near misses cost less than far ones."],
    alternatives: [
      { activation: "none", loss: "CrossEntropyLoss", when: "the order matters little" },
      { activation: "none", loss: "MSELoss", when: "the steps are equally wide: predict the number and round" },
    ],
  },
  {
    problem: "distribution",
    aliases: ["soft labels", "distillation", "probabilities", "distributions"],
    title: "Shares that add up to 1",
    question: "How likely is each? What would a larger model say?",
    outputs: "one for each class (C)",
    size: 3,
    activation: "LogSoftmax",
    final: "new nn.LogSoftmax(1)",
    loss: "KLDivLoss",
    criterion: 'new nn.KLDivLoss({ reduction: "batchmean" })',
    targets: { dtype: "float", shape: "[N, C]", values: "probabilities, each row adds up to 1" },
    target: "rand([16, 3]).softmax(1)",
    uses: [],
    answer: "output.exp(); // the shares",
    notes: ['reduction: "batchmean" gives the divergence itself; the mean over all elements is C times too small.'],
    alternatives: [
      {
        activation: "none",
        loss: "CrossEntropyLoss",
        when: "the same gradients: it takes probabilities [N, C] as targets too",
      },
    ],
  },
  {
    problem: "segmentation",
    aliases: ["semantic segmentation", "per pixel", "pixel classification", "dense prediction"],
    title: "One class for each pixel",
    question: "What is where in the picture?",
    outputs: "one for each class, at each pixel",
    size: 3,
    activation: "none",
    final: null,
    loss: "CrossEntropyLoss",
    criterion: "new nn.CrossEntropyLoss()",
    targets: { dtype: "int32", shape: "[N, H, W]", values: "the number of the class of each pixel, 0 to C − 1" },
    target: "randint(0, 3, [2, 8, 8])",
    uses: ["randint"],
    answer: "output.argmax(1); // the likeliest class of each pixel",
    body: {
      input: "rand([2, 3, 8, 8])",
      layers: ["new nn.Conv2d(3, 8, 3, { padding: 1 })", "new nn.ReLU()", "new nn.Conv2d(8, 3, 1)"],
    },
    notes: [
      "Classes stand in dim 1 of the output, [N, C, H, W]; a convolution of size 1 takes the place of the last Linear.",
    ],
    alternatives: [
      {
        activation: "Sigmoid",
        loss: "BCELoss",
        when: "an object and its background: one output channel, float targets [N, 1, H, W]",
      },
    ],
  },
];
