import { F, linspace, nn, stack, type Tensor, tensor } from "simdgrad";
import { describe, expect, it } from "vitest";
import { activations, boundsOf, losses } from "../../../src/nn/catalogue.js";
import * as activationLayers from "../../../src/nn/layers/activation-layers.js";
import * as lossLayers from "../../../src/nn/layers/loss-layers.js";
import * as softmaxLayers from "../../../src/nn/layers/softmax-layers.js";
import type { LossTraits } from "../../../src/nn/layers/traits.js";

const classesOf = (file: object): string[] => Object.keys(file).filter((name) => name !== "default");
const types: Readonly<Record<string, unknown>> = nn;

describe("the list of activations", () => {
  it("has every class of their files, and nothing else", () => {
    const all = [...classesOf(activationLayers), ...classesOf(softmaxLayers)];
    expect(Object.keys(activations).sort()).toEqual(all.sort());
  });

  it.each(Object.entries(activations))("says of %s what is true", (name, { range, learns, make }) => {
    const module = make("float64");
    expect(module).toBeInstanceOf(types[name]);
    expect(module instanceof nn.Module && module.parameters().length > 0).toBe(learns === true);
    // graphs and advice also find it by the name of its operation
    expect(Object.keys(F).filter((key) => key.toLowerCase() === name.toLowerCase())).toHaveLength(1);
    if (range === null) return;
    const [low, high] = boundsOf(range);
    const x = linspace(-100, 100, 20_001, { dtype: "float64" });
    const y = module.forward(stack([x, x.neg()], 1)); // two classes, for a softmax
    const [least, most] = [y.min().item(), y.max().item()];
    expect(least >= low && most <= high, `${least} to ${most}`).toBe(true);
    if (Number.isFinite(low)) expect(least).toBeCloseTo(low, 1);
    if (Number.isFinite(high)) expect(most).toBeCloseTo(high, 1);
  });
});

describe("the list of losses", () => {
  it("has every class of their file, and nothing else", () => {
    expect(Object.keys(losses).sort()).toEqual(classesOf(lossLayers).sort());
  });

  const inputs: Record<LossTraits["input"], number[]> = {
    numbers: [-3, 2],
    logits: [-3, 2],
    probabilities: [0.25, 1],
    "log-probabilities": [-0.5, -1],
  };
  const targets: Record<LossTraits["target"], Tensor> = {
    numbers: tensor([[2, -7]]),
    labels: tensor([1], { dtype: "int32" }),
    probabilities: tensor([[0.25, 0.75]]),
    "0 or 1": tensor([[0, 1]]),
    "−1 or 1": tensor([[-1, 1]]),
  };

  it.each(Object.entries(losses))("says what %s takes", (name, { type, input, target, options }) => {
    expect(type).toBe(types[name]);
    const loss = new type({ ...options, reduction: "sum" }).forward(tensor([inputs[input]]), targets[target]);
    expect(loss.shape).toEqual([]);
    expect(Number.isFinite(loss.item())).toBe(true);
  });
});
