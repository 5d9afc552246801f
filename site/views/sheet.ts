/** The sheet: which final activation and loss for which problem. */
import { h } from "../ui/dom.js";

export function sheetView(): { element: HTMLElement; enter(): void; leave(): void } {
  return { element: h("div", {}, h("h1", {}, "The sheet")), enter: () => {}, leave: () => {} };
}
