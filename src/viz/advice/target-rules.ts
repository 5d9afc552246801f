import { formatShape } from "../../base/errors.js";
import { sameShape } from "../../base/shape.js";
import { inWords, reachOf } from "../../nn/catalogue.js";
import { type Rule, short, within } from "./finding.js";

// Rules about targets, outputs and the loss.

const labelShape: Rule = ({ loss, head: { output }, target }) => {
  if (loss.target !== "labels" || output === null || target === null) return null;
  const { shape } = output;
  const wanted = shape.length === 1 ? [] : [shape[0]!, ...shape.slice(2)];
  const probabilities = loss.name === "CrossEntropyLoss" && target.dtype.startsWith("float");
  if (sameShape(target.shape, wanted) || (probabilities && sameShape(target.shape, shape))) return null;
  const column = target.shape.length === wanted.length + 1 && target.shape.at(-1) === 1;
  const hot = sameShape(target.shape, shape);
  return {
    rule: "target-shape",
    problem: `${loss.name} takes labels of shape ${formatShape(wanted)} for outputs of shape ${formatShape(shape)}, and the targets have shape ${formatShape(target.shape)}`,
    advice: column
      ? "Write target.squeeze(-1)"
      : hot
        ? "Write target.argmax(1) for one-hot targets"
        : sameShape(target.shape, shape.slice(0, -1))
          ? "Move the classes of the outputs to dim 1: output.movedim(-1, 1)"
          : "Give one label for each sample",
  };
};

const elementShape: Rule = ({ loss, head: { output }, target }) => {
  if (loss.target === "labels" || output === null || target === null || sameShape(output.shape, target.shape))
    return null;
  const [from, to] = [formatShape(target.shape), formatShape(output.shape)];
  const [a, b] = [output.shape, target.shape];
  const column = a.length === 2 && a[1] === 1 && b.length === 1;
  const row = b.length === 2 && b[1] === 1 && a.length === 1;
  const crossed = column || row ? `: broadcast, they would compare each of ${a[0]} with each of ${b[0]}` : "";
  return {
    rule: "target-shape",
    problem: `${loss.name} compares element by element, and the outputs have shape ${to}, the targets ${from}${crossed}`,
    advice: column
      ? "Write target.unsqueeze(1)"
      : row
        ? "Write target.squeeze(1)"
        : a.reduce((n, size) => n * size, 1) === b.reduce((n, size) => n * size, 1)
          ? `Write target.view(${a.join(", ")})`
          : "Give a target for each output",
  };
};

const labelDtype: Rule = ({ loss, head: { output }, target }) => {
  if (loss.target !== "labels" || target === null || target.dtype === "int32" || target.dtype === "uint8") return null;
  const shares = output !== null && sameShape(target.shape, output.shape);
  if (loss.name === "CrossEntropyLoss" && target.dtype.startsWith("float") && (output === null || shares)) return null;
  return {
    rule: "target-dtype",
    problem: `${loss.name} takes the numbers of classes as int32, and the targets are ${target.dtype}`,
    advice: "Convert them with target.int()",
  };
};

const elementDtype: Rule = ({ loss, head: { output }, target }) => {
  if (loss.target === "labels" || target === null) return null;
  const wanted = output?.dtype ?? (target.dtype.startsWith("float") ? target.dtype : "float32");
  if (target.dtype === wanted) return null;
  return {
    rule: "target-dtype",
    problem: `${loss.name} takes targets of the outputs' type ${wanted}, and the targets are ${target.dtype}`,
    advice: `Convert them with target.${wanted === "float64" ? "double" : "float"}()`,
  };
};

const classRange: Rule = ({ loss, head: { outputs, refused }, target }) => {
  if (loss.target !== "labels" || outputs === null || outputs === 1 || target === null || target.values === null)
    return null;
  // Only the loss knows its ignoreIndex, so its refusal decides.
  if (target.dtype.startsWith("float") || within(target, 0, outputs - 1) || refused === null) return null;
  const { min, max } = target.values;
  return {
    rule: "class-range",
    problem: `Labels for ${outputs} outputs are 0 to ${outputs - 1}, and the targets go from ${min} to ${max}`,
    advice:
      min >= 1 && max === outputs
        ? "They count from 1: write target.sub(1)"
        : `Give the last layer ${max + 1} outputs, or correct the labels`,
  };
};

const shares: Rule = ({ loss, head: { output }, target }) => {
  const same = output !== null && target !== null && sameShape(target.shape, output.shape);
  if (loss.name !== "CrossEntropyLoss" || !same || !target.dtype.startsWith("float") || target.values === null)
    return null;
  if (target.shares) return null;
  const labels = within(target, 0, 1) && target.values.whole;
  return {
    rule: "targets-no-shares",
    problem:
      "CrossEntropyLoss takes probabilities that add up to 1 in each row as targets of the outputs' shape, and these do not",
    advice: labels ? "For several labels at once end in Sigmoid and use BCELoss" : "Divide each row by its sum",
  };
};

const binaryRange: Rule = ({ loss, target }) => {
  if (loss.target !== "0 or 1" || target === null || target.values === null || within(target, 0, 1)) return null;
  const { min, max } = target.values;
  return {
    rule: "target-range",
    problem: `${loss.name} takes targets from 0 to 1, and these go from ${short(min)} to ${short(max)}`,
    advice: min === -1 && max === 1 ? "Write target.add(1).div(2)" : "Scale them to 0 … 1",
  };
};

const signs: Rule = ({ loss, target }) => {
  if (loss.target !== "−1 or 1" || target === null || target.values === null) return null;
  const { min, max, whole } = target.values;
  if (whole && Math.abs(min) === 1 && Math.abs(max) === 1) return null;
  return {
    rule: "target-range",
    problem: `${loss.name} takes −1 and 1 as targets, and these go from ${short(min)} to ${short(max)}`,
    advice: whole && within(target, 0, 1) ? "Write target.mul(2).sub(1)" : "Convert them to −1 and 1",
  };
};

const noNumbers: Rule = ({ target }) => {
  if (target === null || target.values === null || target.values.finite) return null;
  return {
    rule: "target-not-finite",
    problem:
      "Some targets are NaN or infinite: the loss refuses them, or becomes that too, and the parameters after one step",
    advice: "Find them with isfinite(target), and leave those samples out",
  };
};

const outOfReach: Rule = ({ loss, last, target }) => {
  if (loss.target !== "numbers" || target === null || target.values === null) return null;
  if (last === null || last.range === null || within(target, ...reachOf(last))) return null;
  const { min, max } = target.values;
  return {
    rule: "target-range",
    problem: `The model ends in ${last.name}, whose results are ${inWords(last.range)}, and the targets go from ${short(min)} to ${short(max)}: some are out of reach`,
    advice: `Take ${last.name} out of the model, or scale the targets`,
  };
};

const squaresOfClasses: Rule = ({ loss, head: { ending }, target }) => {
  if (loss.name !== "MSELoss") return null;
  const labels = target?.values?.whole === true && within(target, 0, 1);
  if (ending === "Softmax" && (target === null || labels || target.shares)) {
    return {
      rule: "squares-of-classes",
      problem: "The model ends in Softmax and its loss is MSELoss, which hardly corrects a class that is surely wrong",
      advice: "Take Softmax out of the model and use CrossEntropyLoss with int32 labels",
    };
  }
  if (ending !== "Sigmoid" || !labels) return null;
  return {
    rule: "squares-of-classes",
    problem:
      "The targets are 0 and 1, the model ends in Sigmoid and its loss is MSELoss, which hardly corrects what is surely wrong",
    advice: "Use BCELoss",
  };
};

/** Rules about targets. */
export const targetRules: readonly Rule[] = [
  labelShape,
  elementShape,
  labelDtype,
  elementDtype,
  classRange,
  shares,
  binaryRange,
  signs,
  noNumbers,
  outOfReach,
  squaresOfClasses,
];
