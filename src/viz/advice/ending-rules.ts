import { LABELS, REACH, type Rule, span, within } from "./finding.js";

// What a model ends in, and the loss.

const oneOutput: Rule = ({ loss, head }) => {
  if (!LABELS.has(loss) || head.outputs !== 1) return null;
  return {
    rule: "one-output",
    problem: `${loss} chooses between classes, and the model has one output: its loss is 0 whatever the model says`,
    advice:
      "For two classes end in Sigmoid and use BCELoss with float targets [N, 1], or give the last layer an output for each class",
  };
};

const softmaxTwice: Rule = ({ loss, head: { ending } }) => {
  if (loss !== "CrossEntropyLoss" || (ending !== "Softmax" && ending !== "LogSoftmax")) return null;
  const effect =
    ending === "Softmax"
      ? "of probabilities it makes nearly equal ones, so learning is slow"
      : "the second one changes nothing";
  return {
    rule: "softmax-before-cross-entropy",
    problem: `CrossEntropyLoss has a log-softmax inside, and the model ends in ${ending}: ${effect}`,
    advice:
      ending === "Softmax"
        ? "Take Softmax out of the model; output.softmax(1) gives probabilities when they are to be read"
        : "Take LogSoftmax out of the model, or use NLLLoss",
  };
};

const softmaxDim: Rule = ({ loss, head: { ending, output, ofClasses } }) => {
  if (ofClasses !== false || output === null) return null;
  if (output.shape.length > 2 && !LABELS.has(loss)) return null; // then the classes may lie along any dim
  return {
    rule: "softmax-dim",
    problem: `The model ends in ${ending} along a dim that is not that of the classes: what it says of one sample depends on the others, and does not add up to 1 along dim 1`,
    advice: `Write ${ending}(1)`,
  };
};

const squashedLogits: Rule = ({ loss, head: { ending, outputs } }) => {
  if (loss !== "CrossEntropyLoss" || outputs === 1) return null;
  if (ending !== "Sigmoid" && ending !== "ReLU" && ending !== "Tanh") return null;
  return {
    rule: "squashed-logits",
    problem: `CrossEntropyLoss takes any numbers as logits, and the model ends in ${ending}, whose results are ${span(REACH[ending]!)}: no class can become sure`,
    advice: `Take ${ending} out of the model. If samples have several labels at once, use Sigmoid with BCELoss`,
  };
};

const logitsIntoBce: Rule = ({ loss, head: { ending, output } }) => {
  if (loss !== "BCELoss" || ["Sigmoid", "Hardsigmoid", "Softmax"].includes(ending ?? "")) return null;
  // An ending of the model's own making is judged by what it gives.
  if (ending === null && (output === null || output.values === null || within(output, 0, 1))) return null;
  const last = ending === "" ? "a layer without activation" : ending === null ? "numbers beyond 0 and 1" : ending;
  return {
    rule: "logits-into-bce",
    problem: `BCELoss takes probabilities, 0 to 1, and the model ends in ${last}`,
    advice: "End in Sigmoid, or use BCEWithLogitsLoss, which has it inside",
  };
};

const sigmoidTwice: Rule = ({ loss, head: { ending } }) => {
  if (
    loss !== "BCEWithLogitsLoss" ||
    ending === null ||
    !["Sigmoid", "Hardsigmoid", "Softmax", "ReLU"].includes(ending)
  )
    return null;
  const why = ending === "ReLU" ? "no output can say less than 1/2" : "all probabilities lie between 0.5 and 0.73";
  return {
    rule: "sigmoid-before-logits-loss",
    problem: `BCEWithLogitsLoss has a sigmoid inside, and the model ends in ${ending}: ${why}`,
    advice: ending === "ReLU" ? "Take ReLU out of the model" : `Take ${ending} out of the model, or use BCELoss`,
  };
};

const logProbabilities: Rule = ({ loss, head: { ending, output } }) => {
  if ((loss !== "NLLLoss" && loss !== "KLDivLoss") || ending === "LogSoftmax" || ending === "LogSigmoid") return null;
  if (ending === null && (output === null || output.values === null || output.values.max <= 0)) return null;
  const last = ending === "" ? "a layer without activation" : ending === null ? "numbers above 0" : ending;
  return {
    rule: "no-log-probabilities",
    problem: `${loss} takes log-probabilities, and the model ends in ${last}`,
    advice:
      loss === "NLLLoss"
        ? "End in LogSoftmax(1), or use CrossEntropyLoss, which has it inside"
        : "End in LogSoftmax(1)",
  };
};

const exclusiveLabels: Rule = ({ loss, head: { ending }, target }) => {
  if (loss !== "BCELoss" || ending !== "Softmax" || target === null || target.shares || target.shape.length < 2)
    return null;
  return {
    rule: "softmax-of-labels",
    problem:
      "The model ends in Softmax, whose outputs add up to 1, and the targets do not: labels that are there at once take from each other",
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
