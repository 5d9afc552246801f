/** The buttons start, pause and reset, the current step, and the state in words. */
import { h, setText } from "../ui/dom.js";
import { whole } from "../ui/facts.js";
import { type Icon, icon } from "../ui/icons.js";

export type State = "busy" | "ready" | "running" | "paused" | "done" | "failed";

const WORDS: Record<State, string> = {
  busy: "One moment…",
  ready: "Ready",
  running: "Training",
  paused: "Paused",
  done: "Finished",
  failed: "Stopped by an error",
};

const BUTTON: Record<State, [icon: Icon, label: string]> = {
  busy: ["play", "Start"],
  ready: ["play", "Start"],
  running: ["pause", "Pause"],
  paused: ["play", "Go on"],
  done: ["play", "Train on"],
  failed: ["play", "Start"],
};

type RunBar = {
  element: HTMLElement;
  /** @param text a text in place of the state's own */
  state(state: State, text?: string): void;
  step(step: number): void;
};

export function runBar(unit: string, toggle: () => void, reset: () => void): RunBar {
  const run = h("button", { type: "button", class: "run", click: toggle });
  const again = h("button", { type: "button", click: reset }, icon("reset"), h("span", {}, "Reset"));
  const number = h("strong", { class: "step" });
  const word = h("span", { class: "state", role: "status" });
  return {
    element: h("div", { class: "run-bar" }, run, again, h("span", { class: "steps" }, `${unit} `, number), word),
    state(state, text = WORDS[state]) {
      const [name, label] = BUTTON[state];
      run.replaceChildren(icon(name), h("span", {}, label));
      run.setAttribute("aria-disabled", String(state === "busy" || state === "failed"));
      word.dataset.state = state;
      setText(word, text);
    },
    step: (step) => setText(number, whole(step)),
  };
}
