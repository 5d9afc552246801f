/** The four examples as the page presents them: choices and defaults. */
import type { Settings } from "./train/trainer.js";

/** A final activation and the loss that goes with it. */
export type Head = { name: string; activation: string; loss: string; note: string };

type ExampleName = "moons" | "houses" | "scenes" | "faces";

export type Example = {
  name: ExampleName;
  /** As in the tab. */
  tab: string;
  title: string;
  /** What it is about, in a sentence or two. */
  intro: string;
  heads: readonly Head[];
  defaults: Settings;
  /** Learning rates to choose from. */
  rates: readonly number[];
  /** Batches to choose from; none where there is no choice. */
  batches: readonly number[];
  /** Whether anything is drawn by lot. */
  seeded: boolean;
  /** Steps a second at the start; null: as fast as it goes. */
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
    "Two interleaved half moons, 640 points to train on, and a network with two hidden units in float64. It stops when the validation loss has not improved for 15 epochs, and takes its best weights back.",
  heads: [
    head("sigmoid", "sigmoid", "BCELoss", "The tutorial's choice: the output is the probability of class 1."),
    head(
      "logits",
      "none",
      "BCEWithLogitsLoss",
      "The same loss computed from logits: no saturated sigmoid, no log of 0.",
    ),
    head("hardsigmoid", "hardsigmoid", "BCELoss", "Cheap, but flat beyond ±3: points out there teach nothing."),
    head("tanh", "tanh", "MSELoss", "Classes −1 and 1 and a squared error: it works, only less surely."),
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
    "Twelve houses, their price and their size. One weight and one bias, and six functions to choose from at the end; the mean squared error, Adam, 100 epochs.",
  heads: [
    head("all", "all six", "MSELoss", "Six networks at once, each with a final function of its own."),
    head("linear", "none", "MSELoss", "A number without bounds: no final activation."),
    head(
      "relu",
      "ReLU",
      "MSELoss",
      "For numbers that are never negative. Here it changes nothing: all sizes are above 0.",
    ),
    head("prelu", "PReLU", "MSELoss", "A slope below 0 that is learned; above 0 the identity."),
    head("bentIdentity", "BentIdentity", "MSELoss", "Nearly a line, bent around 0."),
    head(
      "softExponential",
      "SoftExponential",
      "MSELoss",
      "Between logarithm, line and exponential, by a parameter that is learned.",
    ),
    head(
      "softExponential2",
      "1 / SoftExponential + β",
      "MSELoss",
      "A final function of one's own, with two parameters.",
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
    "Small colour pictures of ten classes and a convolutional network of 62,006 parameters: cross-entropy, SGD with momentum, batches of four. The pictures are drawings that stand in for CIFAR-10, until you drop the real files here.",
  heads: [
    head("logits", "none", "CrossEntropyLoss", "The tutorial's choice: the softmax is inside the loss."),
    head("logSoftmax", "logSoftmax", "NLLLoss", "The same in two parts."),
    head("softmax", "softmax", "MSELoss", "The Brier score: it learns, but slowly where the net is surely wrong."),
    head("sigmoid", "sigmoid", "BCELoss", "Ten yes-or-no questions, as if a picture could show several things."),
    head(
      "mistake",
      "softmax",
      "CrossEntropyLoss",
      "The classic mistake: softmax twice. The loss can hardly fall below 1.46.",
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
  head("sigmoid", "sigmoid", "BCELoss", "The tutorial's choice: a probability for each attribute, each on its own."),
  head("logits", "none", "BCEWithLogitsLoss", "The same loss computed from logits: no saturated sigmoid, no log of 0."),
  head("hardsigmoid", "hardsigmoid", "BCELoss", "Cheap, but flat beyond ±3: what is surely wrong teaches nothing."),
  head("squares", "sigmoid", "MSELoss", "It learns, but slowly where the net is surely wrong."),
];

export const faces: Example = {
  name: "faces",
  tab: "Faces",
  title: "Many labels at once",
  intro:
    "Drawn faces that stand in for CelebA's, each with 40 attributes, any of which may be true. Four blocks of convolutions and a sigmoid for each attribute, binary cross-entropy, Adam.",
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
