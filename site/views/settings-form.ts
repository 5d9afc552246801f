/** The settings that a visitor can change while an example trains. */
import type { Example } from "../catalogue.js";
import type { Settings } from "../train/trainer.js";
import { type Choice, select, wholeNumber } from "../ui/controls.js";
import { h, setText } from "../ui/dom.js";

type SettingsForm = { element: HTMLElement; show(example: Example, settings: Settings): void };

type Changes = {
  changed(settings: Partial<Settings>): void;
  /** Steps per second; null: no limit. */
  paced(rate: number | null): void;
  defaults(): void;
};

const PACES: readonly Choice<number | null>[] = [
  { value: 1, label: "1 per s" },
  { value: 5, label: "5 per s" },
  { value: 20, label: "20 per s" },
  { value: 60, label: "60 per s" },
  { value: null, label: "full speed" },
];

const headLabel = ({ activation, loss }: { activation: string; loss: string }): string => `${activation} + ${loss}`;

const numbers = (values: readonly number[]): Choice<number>[] =>
  values.map((value) => ({ value, label: String(value) }));

export function settingsForm(example: Example, { changed, paced, defaults }: Changes): SettingsForm {
  const note = h("p", { class: "note head-note" });
  const hint = h(
    "p",
    { class: "note" },
    example.seeded
      ? "You can change these during the training. A new seed starts it again."
      : "You can change these during the training.",
  );
  const noteFor = (from: Example, name: string): void =>
    setText(note, from.heads.find((head) => head.name === name)?.note ?? "");
  const { defaults: usual } = example;
  const heads = example.heads.map((head) => ({ value: head.name, label: headLabel(head) }));
  const head = select("Final activation + loss", "head", heads, usual.head, (value) => {
    noteFor(example, value);
    changed({ head: value });
  });
  const rate = select("Learning rate", "rate", numbers(example.rates), usual.learningRate, (learningRate) =>
    changed({ learningRate }),
  );
  const batch = select("Batch", "batch", numbers(example.batches), usual.batch, (value) => changed({ batch: value }));
  const seed = wholeNumber("Seed", "seed", usual.seed, (value) => changed({ seed: value }));
  const pace = select("Pace", "pace", PACES, example.pace, paced);
  const fields = [head.element, rate.element];
  if (example.batches.length > 0) fields.push(batch.element);
  if (example.seeded) fields.push(seed.element);
  fields.push(pace.element);
  head.element.classList.add("wide");
  const back = h("button", { type: "button", class: "quiet", click: defaults }, "Default settings");
  const legend = h("legend", {}, "Settings");
  return {
    element: h("fieldset", { class: "settings" }, legend, h("div", { class: "fields" }, ...fields), note, hint, back),
    show(from, settings) {
      rate.set(settings.learningRate);
      head.set(settings.head);
      noteFor(from, settings.head);
      batch.options(numbers(from.batches));
      batch.set(settings.batch);
      seed.set(settings.seed);
    },
  };
}
