/** A list of named numbers. */
import { h, setText } from "./dom.js";

export type Facts = { element: HTMLElement; set(name: string, value: string): void };

export function facts(names: readonly string[]): Facts {
  const values = new Map(names.map((name) => [name, h("dd", {}, "–")]));
  const items = names.map((name) => h("div", {}, h("dt", {}, name), values.get(name)!));
  return {
    element: h("dl", { class: "facts" }, ...items),
    set: (name, value) => setText(values.get(name)!, value),
  };
}

/** A number with `digits` decimals; a dash for undefined and NaN. */
export const decimal = (value: number | undefined, digits = 4): string =>
  value === undefined || Number.isNaN(value) ? "–" : value.toFixed(digits);

export const percent = (value: number, digits = 1): string => `${(100 * value).toFixed(digits)} %`;

export const whole = (value: number): string => value.toLocaleString("en-US");
