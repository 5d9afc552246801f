/** A graph that the worker draws when it is first shown, and again when the model or the theme has changed. */
import type { GraphKind, Theme } from "../protocol.js";
import { h, setText } from "./dom.js";
import { onTheme, theme } from "./theme.js";

export type GraphPanel = {
  element: HTMLElement;
  /** The panel is visible now. */
  shown(): void;
  /** The model has changed. */
  stale(): void;
  set(svg: string, of: Theme): void;
};

/** @param ask asks the worker for the graph in a theme */
export function graphPanel(kind: GraphKind, text: string, ask: (kind: GraphKind, theme: Theme) => void): GraphPanel {
  const picture = h("div", { class: "graph", tabindex: 0, role: "region", "aria-label": text });
  const note = h("p", { class: "note" }, text);
  const element = h("div", { class: "card" }, note, picture);
  let wanted: Theme | undefined;
  let drawn: Theme | undefined;

  const refresh = (): void => {
    if (element.hidden || element.closest("[hidden]") !== null || wanted === theme()) return;
    wanted = theme();
    if (drawn === undefined) setText(picture, "Drawing…");
    ask(kind, wanted);
  };
  onTheme(refresh);
  return {
    element,
    shown: refresh,
    stale() {
      wanted = undefined;
      refresh();
    },
    set(svg, of) {
      if (of !== theme()) return;
      drawn = of;
      picture.innerHTML = svg; // from Graph.svg, which escapes names
    },
  };
}
