/** A chart of `simdgrad/viz` in an element. The first `show` draws it. */
import type { Live, Picture } from "simdgrad/viz";
import { h } from "./dom.js";

export type Chart = { element: HTMLElement; show(picture: Picture): void };

/** @param className the class that sets the height */
export function chart(className = ""): Chart {
  const element = h("div", { class: `chart ${className}` });
  let live: Live | undefined;
  return {
    element,
    show(picture) {
      if (live === undefined) live = picture.mount(element);
      else live.update(picture);
    },
  };
}

/** A section with a heading. */
export const card = (title: string, ...children: (Node | string)[]): HTMLElement =>
  h("section", { class: "card" }, h("h2", {}, title), ...children);
