/** The choice between the small network and the tutorial's own, which comes with a warning. */
import type { Size } from "../train/faces-net.js";
import { h } from "../ui/dom.js";

const WARNING =
  "It has 104,585,128 parameters. Training needs 2 GB of memory, and a step takes seconds. Phones cannot do it; where the memory is missing, the page says so.";

/** @param choose called with the size to train */
export function sizeChoice(choose: (size: Size) => void): HTMLElement {
  let size: Size = "small";
  const small = h("button", { type: "button", "aria-pressed": "true" }, "Small, quick");
  const full = h("button", { type: "button", "aria-pressed": "false" }, "The tutorial's own");
  const take = (next: Size): void => {
    if (next === size) return;
    size = next;
    small.setAttribute("aria-pressed", String(size === "small"));
    full.setAttribute("aria-pressed", String(size === "full"));
    choose(size);
  };
  const title = h("h2", { id: "size-title" }, "Train the tutorial's network?");
  const dialog = h("dialog", { "aria-labelledby": "size-title" }, title, h("p", {}, WARNING));
  const close = (sure: boolean): void => {
    dialog.close();
    if (sure) take("full");
  };
  dialog.append(
    h(
      "div",
      { class: "buttons" },
      h("button", { type: "button", class: "run", click: () => close(true) }, "Train it"),
      h("button", { type: "button", click: () => close(false) }, "Keep the small one"),
    ),
  );
  small.addEventListener("click", () => take("small"));
  full.addEventListener("click", () => size === "small" && dialog.showModal());
  const text =
    "The small network has the same structure, a sixteenth of the pixels and 164,360 parameters. The tutorial's own has 104,585,128.";
  const group = h("div", { class: "segmented", role: "group", "aria-label": "Size of the network" }, small, full);
  return h("section", { class: "card" }, h("h2", {}, "Network"), h("p", { class: "note" }, text), group, dialog);
}
