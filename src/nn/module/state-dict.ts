import { formatShape } from "../../base/errors.js";
import { sameShape } from "../../base/shape.js";
import { Tensor } from "../../methods.js";

/** How a state dict differs from a module's own. */
type StateDictDiff = {
  missingKeys: string[];
  unexpectedKeys: string[];
  /** Keys whose shapes disagree. */
  shapes: string[];
  /** All of it, a line for each key, both sides shown. */
  text: string;
};

/** A value of a state dict, which may come from a file: its shape, or what it is instead of a tensor. */
const shown = (value: unknown): string =>
  value instanceof Tensor ? formatShape(value.shape) : `${value === null ? "null" : typeof value} (no tensor)`;

/** Compares the state dict of a module with one that is to be loaded, key by key. */
export function stateDictDiff(own: Record<string, Tensor>, given: Record<string, Tensor>): StateDictDiff {
  const missingKeys = Object.keys(own).filter((key) => given[key] === undefined);
  const unexpectedKeys = Object.keys(given).filter((key) => own[key] === undefined);
  const shapes = Object.keys(own).filter(
    (key) =>
      given[key] !== undefined && !(given[key] instanceof Tensor && sameShape(own[key]!.shape, given[key].shape)),
  );
  const lines = [
    ...missingKeys.map((key) => `  - ${key} ${formatShape(own[key]!.shape)}: missing in the state dict`),
    ...unexpectedKeys.map((key) => `  + ${key} ${shown(given[key])}: not in the module`),
    ...shapes.map((key) => `  ~ ${key}: module ${formatShape(own[key]!.shape)}, state dict ${shown(given[key])}`),
  ];
  return { missingKeys, unexpectedKeys, shapes, text: lines.join("\n") };
}
