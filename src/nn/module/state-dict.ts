import { formatShape } from "../../base/errors.js";
import { sameShape } from "../../base/shape.js";
import { Tensor } from "../../methods.js";

/** The differences between a state dict and a module's own. */
type StateDictDiff = {
  missingKeys: string[];
  unexpectedKeys: string[];
  /** Keys whose shapes disagree. */
  shapes: string[];
  /** All differences: a line for each key, with both sides. */
  text: string;
};

/** The shape of a value of a state dict, or, since that may come from a file, the type of a value that is no tensor. */
const shown = (value: unknown): string =>
  value instanceof Tensor ? formatShape(value.shape) : `${value === null ? "null" : typeof value} (no tensor)`;

/** Whether a key is that of a batch norm's count of batches, which files of PyTorch before 0.4.1 do not have. */
export const isBatchCount = (key: string): boolean => /(^|\.)num_batches_tracked$/.test(key);

/** Compares the state dict of a module with a given one, key by key. */
export function stateDictDiff(own: Record<string, Tensor>, given: Record<string, Tensor>): StateDictDiff {
  const missingKeys = Object.keys(own).filter((key) => given[key] === undefined && !isBatchCount(key));
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
