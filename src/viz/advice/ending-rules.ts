import { givesLogarithms, givesShares, inWords, reachOf } from "../../nn/catalogue.js";
import { type Rule, within } from "./finding.js";

// Rules about the last activation and the loss.

const oneOutput: Rule = ({ loss, head }) => {
  if (loss.target !== "labels" || head.outputs !== 1) return null;
  return {
    rule: "one-output",
    problem: `${loss.name} chooses between classes, and the model has one output: its loss is 0 whatever the model says`,
    advice:
      "For two classes end in Sigmoid and use BCELoss with float targets [N, 1], or give the last layer an output for each class",
  };
};

const softmaxTwice: Rule = ({ loss, last }) => {
  if (loss.name !== "CrossEntropyLoss" || last?.classes === undefined) return null;
  const logarithms = givesLogarithms(last);
  const effect = logarithms
    ? "the second one changes nothing"
    : "of probabilities it makes nearly equal ones, so learning is slow";
  return {
    rule: "softmax-before-cross-entropy",
    problem: `CrossEntropyLoss has a log-softmax inside, and the model ends in ${last.name}: ${effect}`,
    advice: logarithms
      ? `Take ${last.name} out of the model, or use NLLLoss`
      : `Take ${last.name} out of the model; output.softmax(1) gives probabilities when they are to be read`,
  };
};

const softmaxDim: Rule = ({ loss, head: { ending, output, ofClasses } }) => {
  if (ofClasses !== false || output === null) return null;
  if (output.shape.length > 2 && loss.target !== "labels") return null; // then the classes may lie along any dim
  return {
    rule: "softmax-dim",
    problem: `The model ends in ${ending} along a dim that is not that of the classes: what it says of one sample depends on the others, and does not add up to 1 along dim 1`,
    advice: `Write ${ending}(1)`,
  };
};

const squashedLogits: Rule = ({ loss, last, head: { outputs } }) => {
  if (loss.name !== "CrossEntropyLoss" || outputs === 1 || last === null || last.classes) return null;
  if (last.range === null || reachOf(last)[0] === Number.NEGATIVE_INFINITY) return null;
  return {
    rule: "squashed-logits",
    problem: `CrossEntropyLoss takes any numbers as logits, and the model ends in ${last.name}, whose results are ${inWords(last.range)}: no class can become sure`,
    advice: `Take ${last.name} out of the model. If samples have several labels at once, use Sigmoid with BCELoss`,
  };
};

const logitsIntoBce: Rule = ({ loss, last, head: { ending, output } }) => {
  const [low, high] = reachOf(last);
  if (loss.name !== "BCELoss" || (low >= 0 && high <= 1)) return null;
  // The last operation is no activation of the list: the values decide.
  if (ending === null && (output === null || output.values === null || within(output, 0, 1))) return null;
  const end = ending === "" ? "a layer without activation" : ending === null ? "numbers beyond 0 and 1" : ending;
  return {
    rule: "logits-into-bce",
    problem: `BCELoss takes probabilities, 0 to 1, and the model ends in ${end}`,
    advice: "End in Sigmoid, or use BCEWithLogitsLoss, which has it inside",
  };
};

const sigmoidTwice: Rule = ({ loss, last }) => {
  const [low, high] = reachOf(last);
  if (loss.name !== "BCEWithLogitsLoss" || last === null || low < 0) return null;
  const upToOne = high <= 1;
  const why = upToOne ? "all probabilities lie between 0.5 and 0.73" : "no output can say less than 1/2";
  return {
    rule: "sigmoid-before-logits-loss",
    problem: `BCEWithLogitsLoss has a sigmoid inside, and the model ends in ${last.name}: ${why}`,
    advice: `Take ${last.name} out of the model${upToOne ? ", or use BCELoss" : ""}`,
  };
};

const logProbabilities: Rule = ({ loss, last, head: { ending, output } }) => {
  if (loss.input !== "log-probabilities" || givesLogarithms(last)) return null;
  if (ending === null && (output === null || output.values === null || output.values.max <= 0)) return null;
  const end = ending === "" ? "a layer without activation" : ending === null ? "numbers above 0" : ending;
  return {
    rule: "no-log-probabilities",
    problem: `${loss.name} takes log-probabilities, and the model ends in ${end}`,
    advice:
      loss.target === "labels"
        ? "End in LogSoftmax(1), or use CrossEntropyLoss, which has it inside"
        : "End in LogSoftmax(1)",
  };
};

const exclusiveLabels: Rule = ({ loss, last, target }) => {
  if (loss.name !== "BCELoss" || !givesShares(last) || target === null || target.shares || target.shape.length < 2)
    return null;
  return {
    rule: "softmax-of-labels",
    problem: `The model ends in ${last.name}, whose outputs add up to 1, and the targets do not: labels that are there at once take from each other`,
    advice: "End in Sigmoid: each label has a probability of its own",
  };
};

/** Rules about the last activation. */
export const endingRules: readonly Rule[] = [
  oneOutput,
  softmaxTwice,
  softmaxDim,
  squashedLogits,
  logitsIntoBce,
  sigmoidTwice,
  logProbabilities,
  exclusiveLabels,
];
