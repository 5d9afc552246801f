import { isDark, onSchemeChange } from "../picture/color-scheme.js";
import type { Size } from "../picture/svg.js";
import { FONT, palettes, type Theme } from "../picture/theme.js";
import type { Drawing } from "./drawing.js";
import { type OpenChart, openChart } from "./echarts.js";

// The DOM code of the charts. It reaches the page only through the given element.

type Page = Window & typeof globalThis;

/** A drawing in a page. @internal */
type Mounted = { update(drawing: Drawing): void; dispose(): void };

/** The least height for an element without a height of its own. */
const LEAST_HEIGHT = 120;

/** Two boxes: the outer one takes room in the page; the drawing in the inner one, which lies over it, takes none. */
function openBoxes(element: HTMLElement): { outer: HTMLElement; inner: HTMLElement } {
  const [outer, inner] = [element.ownerDocument.createElement("div"), element.ownerDocument.createElement("div")];
  outer.setAttribute("role", "img");
  outer.style.cssText = "position:relative;width:100%;height:100%;overflow:hidden";
  inner.style.cssText = "position:absolute;inset:0";
  outer.append(inner);
  element.append(outer);
  return { outer, inner };
}

/** The outer box fills the element. If the element has no height, the drawing's proportions give the height. */
function fitBox(outer: HTMLElement, { width, height }: Size): Size {
  outer.style.height = "100%";
  const room = { width: outer.clientWidth, height: outer.clientHeight };
  if (room.height >= LEAST_HEIGHT || room.width === 0) return room;
  room.height = Math.round(Math.max(LEAST_HEIGHT, Math.min(height, (room.width * height) / width)));
  outer.style.height = `${room.height}px`;
  return room;
}

/** Draws into an element at most once a frame, and again when its size or colour scheme changes. */
class Mount implements Mounted {
  readonly #page: Page;
  readonly #outer: HTMLElement;
  readonly #inner: HTMLElement;
  readonly #unwatch: () => void;
  #size: Size = { width: 0, height: 0 };
  #drawn: Size = this.#size;
  #chart: OpenChart | undefined;
  #frame = 0;
  #restUntil = 0;

  constructor(
    private drawing: Drawing,
    private readonly element: HTMLElement,
    private readonly theme: Theme,
  ) {
    this.#page = element.ownerDocument.defaultView!;
    ({ outer: this.#outer, inner: this.#inner } = openBoxes(element));
    this.#measure();
    this.#draw();
    this.#unwatch = this.#watch();
  }

  update(drawing: Drawing): void {
    this.drawing = drawing;
    this.#later();
  }

  dispose(): void {
    this.#page.cancelAnimationFrame(this.#frame);
    this.#unwatch();
    this.#chart?.close();
    this.#outer.remove();
  }

  /** Draws again when the size or the colours of the page change. Returns the function that stops this. */
  #watch(): () => void {
    const sizes = new this.#page.ResizeObserver(() => {
      this.#measure();
      this.#later();
    });
    sizes.observe(this.#outer);
    const unwatchScheme = onSchemeChange(this.element, () => this.#later());
    return () => {
      sizes.disconnect();
      unwatchScheme();
    };
  }

  /** Draws at the next frame; after a drawing of t ms it first leaves the page t ms for other work. */
  #later(): void {
    this.#frame ||= this.#page.requestAnimationFrame(() => {
      this.#frame = 0;
      const start = performance.now();
      if (start < this.#restUntil) {
        this.#later();
        return;
      }
      this.#draw();
      const end = performance.now();
      this.#restUntil = end + (end - start);
    });
  }

  /** Reading sizes makes the browser lay out the page, so this runs only when sizes have changed. */
  #measure(): void {
    this.#size = fitBox(this.#outer, this.drawing.size);
  }

  #draw(): void {
    const { drawing } = this;
    if (this.#size.width === 0) return; // the element is hidden; #watch draws when it gets a size
    const palette = palettes[isDark(this.element, this.theme) ? "dark" : "light"];
    this.#outer.setAttribute("aria-label", drawing.label);
    if (drawing.option === undefined) {
      this.#chart?.close();
      this.#chart = undefined;
      this.#inner.innerHTML = drawing.svg(this.#size, palette); // the SVG escapes all text
      return;
    }
    if (this.#chart === undefined) {
      this.#inner.replaceChildren();
      this.#chart = openChart(this.#inner, this.#size);
    } else if (this.#size !== this.#drawn) this.#chart.resize(this.#size);
    this.#drawn = this.#size;
    this.#chart.set(drawing.option(this.#size, palette));
  }
}

/** Draws into an element and follows its size and, where the theme is "auto", its colour scheme. @internal */
export const mountDrawing = (drawing: Drawing, element: HTMLElement, theme: Theme): Mounted =>
  new Mount(drawing, element, theme);

/** Drawings below each other under a title. The k-th drawing replaces the k-th one before. @internal */
export function mountStack(
  element: HTMLElement,
  title: string,
): { show(drawings: readonly Drawing[]): void; dispose(): void } {
  const box = element.ownerDocument.createElement("div");
  const heading = element.ownerDocument.createElement("div");
  heading.style.cssText = `font:bold 17px ${FONT};padding:4px 12px`;
  heading.textContent = title;
  if (title !== "") box.append(heading);
  element.append(box);
  let shown: { place: HTMLElement; mounted: Mounted }[] = [];
  const remove = (from: number): void => {
    for (const { place, mounted } of shown.slice(from)) {
      mounted.dispose();
      place.remove();
    }
    shown = shown.slice(0, from);
  };
  return {
    show(drawings) {
      remove(drawings.length);
      drawings.forEach((drawing, i) => {
        if (shown[i] !== undefined) {
          shown[i].mounted.update(drawing);
          return;
        }
        const place = element.ownerDocument.createElement("div");
        box.append(place);
        shown.push({ place, mounted: mountDrawing(drawing, place, "auto") });
      });
    },
    dispose() {
      remove(0);
      box.remove();
    },
  };
}
