import { isDark, onSchemeChange } from "../picture/color-scheme.js";
import type { Theme } from "../picture/theme.js";

/** Something that has an SVG after its layout. */
type Drawn = { readonly title: string; svg(options: { theme: "light" | "dark" }): Promise<string> };

/** A graph in an element of a page. */
export type Mounted<G extends Drawn> = {
  readonly ready: Promise<void>;
  update(graph: G): Promise<void>;
  dispose(): void;
};

/** Draws a graph into an element in full size; the element scrolls where the graph is larger. */
export function mountGraph<G extends Drawn>(first: G, element: HTMLElement, theme: Theme): Mounted<G> {
  const box = element.ownerDocument.createElement("div");
  box.style.cssText = "max-width:100%;overflow:auto";
  box.tabIndex = 0; // the keyboard must reach a region that scrolls
  box.setAttribute("role", "group");
  element.append(box);
  let graph = first;
  let turn = 0;
  let shown = "";

  const draw = async (): Promise<void> => {
    const mine = ++turn;
    const svg = await graph.svg({ theme: isDark(element, theme) ? "dark" : "light" });
    if (mine !== turn || svg === shown) return; // a later draw() or dispose() came in between
    shown = svg;
    box.setAttribute("aria-label", graph.title);
    box.innerHTML = svg; // html() escaped all text in it
  };
  const stop = onSchemeChange(element, () => void draw());
  return {
    ready: draw(),
    update(next) {
      graph = next;
      return draw();
    },
    dispose() {
      turn++;
      stop();
      box.remove();
    },
  };
}
