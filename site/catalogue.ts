/** The four examples as the page shows them: texts, choices and defaults. */
import type { Settings } from "./train/trainer.js";

/** A final activation and the loss that goes with it. */
export type Head = { name: string; activation: string; loss: string; note: string };

type ExampleName = "moons" | "houses" | "scenes" | "faces";

export type Example = {
  name: ExampleName;
  /** The text of the tab. */
  tab: string;
  title: string;
  /** One to three sentences about the example. */
  intro: string;
  heads: readonly Head[];
  defaults: Settings;
  /** The learning rates that a visitor can choose. */
  rates: readonly number[];
  /** The batch sizes that a visitor can choose; empty where there is only one. */
  batches: readonly number[];
  /** Whether the example draws random numbers, so that a seed matters. */
  seeded: boolean;
  /** Steps per second at the start; null: no limit. */
  pace: number | null;
  /** What a step is called. */
  unit: "epoch" | "batch";
};

const head = (name: string, activation: string, loss: string, note: string): Head => ({ name, activation, loss, note });

export const moons: Example = {
  name: "moons",
  tab: "Moons",
  title: "One of two classes",
  intro:
    "Two interleaved half moons, 640 points to train on, and a network with two hidden units in float64. It stops when the validation loss has not improved for 15 epochs, and restores its best weights.",
  heads: [
    head("sigmoid", "sigmoid", "BCELoss", "The tutorial's choice: the output is the probability of class 1."),
    head(
      "logits",
      "none",
      "BCEWithLogitsLoss",
      "The same loss computed from logits: no saturated sigmoid, no log of 0.",
    ),
    head(
      "hardsigmoid",
      "hardsigmoid",
      "BCELoss",
      "Cheap, but flat beyond ±3: points with such outputs give no gradient.",
    ),
    head("tanh", "tanh", "MSELoss", "Classes −1 and 1 with a squared error: it works, but less reliably."),
  ],
  defaults: { seed: 0, learningRate: 0.01, head: "sigmoid", batch: 640 },
  rates: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3],
  batches: [16, 64, 640],
  seeded: true,
  pace: 60,
  unit: "epoch",
};

export const houses: Example = {
  name: "houses",
  tab: "Houses",
  title: "A number",
  intro:
    "The size of twelve houses, predicted from their price. One weight, one bias and one of six final functions; mean squared error, Adam, 100 epochs.",
  heads: [
    head("all", "all six", "MSELoss", "Six networks at once, each with another final function."),
    head("linear", "none", "MSELoss", "The output may be any number: no final activation."),
    head(
      "relu",
      "ReLU",
      "MSELoss",
      "For outputs that are never negative. Here it changes nothing: all sizes are above 0.",
    ),
    head("prelu", "PReLU", "MSELoss", "The identity above 0; below 0 a line with a learned slope."),
    head("bentIdentity", "BentIdentity", "MSELoss", "Nearly a line, with a bend at 0."),
    head(
      "softExponential",
      "SoftExponential",
      "MSELoss",
      "A learned parameter moves it between logarithm, line and exponential.",
    ),
    head(
      "softExponential2",
      "1 / SoftExponential + β",
      "MSELoss",
      "A function that the example defines itself, with two parameters.",
    ),
  ],
  defaults: { seed: 0, learningRate: 0.01, head: "all", batch: 12 },
  rates: [0.001, 0.003, 0.01, 0.03, 0.1],
  batches: [],
  seeded: false,
  pace: 20,
  unit: "epoch",
};

export const scenes: Example = {
  name: "scenes",
  tab: "CIFAR-10",
  title: "One label of many",
  intro:
    "Small colour pictures of ten classes, and a convolutional network with 62,006 parameters: cross-entropy, SGD with momentum, batches of four. The pictures are drawings that stand in for CIFAR-10 until you drop the real files here.",
  heads: [
    head("logits", "none", "CrossEntropyLoss", "The tutorial's choice: the softmax is inside the loss."),
    head("logSoftmax", "logSoftmax", "NLLLoss", "The same loss in two steps."),
    head(
      "softmax",
      "softmax",
      "MSELoss",
      "The Brier score: it learns, but slowly where the network is confident and wrong.",
    ),
    head("sigmoid", "sigmoid", "BCELoss", "Ten yes-or-no questions, as if a picture could show several classes."),
    head(
      "mistake",
      "softmax",
      "CrossEntropyLoss",
      "A classic mistake: softmax is applied twice. The loss cannot fall below 1.46.",
    ),
  ],
  defaults: { seed: 0, learningRate: 0.001, head: "logits", batch: 4 },
  rates: [0.0001, 0.0003, 0.001, 0.003, 0.01],
  batches: [1, 4, 16, 64],
  seeded: true,
  pace: null,
  unit: "batch",
};

const faceHeads = [
  head("sigmoid", "sigmoid", "BCELoss", "The tutorial's choice: a separate probability for each attribute."),
  head("logits", "none", "BCEWithLogitsLoss", "The same loss computed from logits: no saturated sigmoid, no log of 0."),
  head("hardsigmoid", "hardsigmoid", "BCELoss", "Cheap, but flat beyond ±3: confident wrong outputs give no gradient."),
  head("squares", "sigmoid", "MSELoss", "It learns, but slowly where the network is confident and wrong."),
];

export const faces: Example = {
  name: "faces",
  tab: "Faces",
  title: "Many labels at once",
  intro:
    "Drawn faces that stand in for CelebA's. Each of 40 attributes may be true or false. Four blocks of convolutions, a sigmoid for each attribute, binary cross-entropy, Adam.",
  heads: faceHeads,
  defaults: { seed: 0, learningRate: 0.003, head: "sigmoid", batch: 16 },
  rates: [0.0001, 0.0003, 0.001, 0.003, 0.01],
  batches: [4, 8, 16, 32],
  seeded: true,
  pace: null,
  unit: "batch",
};

/** The tutorial's own network. */
export const fullFaces: Example = {
  ...faces,
  defaults: { seed: 0, learningRate: 0.0001, head: "sigmoid", batch: 4 },
  batches: [1, 2, 4],
};

export const examples: readonly Example[] = [moons, houses, scenes, faces];
