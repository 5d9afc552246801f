/** Input fields with labels. */
import { freshId, h } from "./dom.js";

export type Choice<T> = { value: T; label: string };

export type Field<T> = { element: HTMLElement; set(value: T): void; options(choices: readonly Choice<T>[]): void };

/** A list to choose from. */
export function select<T>(
  label: string,
  name: string,
  choices: readonly Choice<T>[],
  initial: T,
  changed: (value: T) => void,
): Field<T> {
  const id = freshId(name);
  const list = h("select", { id, name });
  let shown = choices;
  const set = (value: T): void => {
    list.selectedIndex = shown.findIndex((choice) => choice.value === value);
  };
  const options = (next: readonly Choice<T>[]): void => {
    shown = next;
    list.replaceChildren(...next.map((choice) => h("option", {}, choice.label)));
  };
  options(choices);
  set(initial);
  list.addEventListener("change", () => changed(shown[list.selectedIndex]!.value));
  return { element: h("div", { class: "field" }, h("label", { for: id }, label), list), set, options };
}

/** A field for an integer in [0, 2^32). Another input is replaced by the last valid one. */
export function wholeNumber(
  label: string,
  name: string,
  initial: number,
  changed: (value: number) => void,
): Field<number> {
  const id = freshId(name);
  const input = h("input", { id, name, type: "number", min: 0, max: 4294967295, step: 1, inputmode: "numeric" });
  let value = initial;
  const set = (next: number): void => {
    value = next;
    input.value = String(next);
  };
  set(initial);
  input.addEventListener("change", () => {
    const next = Number(input.value);
    const fine = input.value.trim() !== "" && Number.isInteger(next) && next >= 0 && next < 2 ** 32;
    set(fine ? next : value);
    if (fine) changed(next);
  });
  return { element: h("div", { class: "field" }, h("label", { for: id }, label), input), set, options: () => {} };
}
