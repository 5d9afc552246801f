import { isDark, onSchemeChange } from "../picture/color-scheme.js";
import type { Size } from "../picture/svg.js";
import { FONT, palettes, type Theme } from "../picture/theme.js";
import type { Drawing } from "./drawing.js";
import { type OpenChart, openChart } from "./echarts.js";

// All that knows the DOM: of the page it meets only what the given element leads to.

type Page = Window & typeof globalThis;

/** A drawing in a page. @internal */
type Mounted = { update(drawing: Drawing): void; dispose(): void };

/** What an element without a height of its own gets at least. */
const LEAST_HEIGHT = 120;

/** The boxes of a drawing: one that takes room, and one in it that lies over it, so that what is drawn takes none. */
function openBoxes(element: HTMLElement): { outer: HTMLElement; inner: HTMLElement } {
  const [outer, inner] = [element.ownerDocument.createElement("div"), element.ownerDocument.createElement("div")];
  outer.setAttribute("role", "img");
  outer.style.cssText = "position:relative;width:100%;height:100%;overflow:hidden";
  inner.style.cssText = "position:absolute;inset:0";
  outer.append(inner);
  element.append(outer);
  return { outer, inner };
}

/** As wide as the element; as high too, where it has a height, and in the drawing's own proportions where not. */
function fitBox(outer: HTMLElement, { width, height }: Size): Size {
  outer.style.height = "100%";
  const room = { width: outer.clientWidth, height: outer.clientHeight };
  if (room.height >= LEAST_HEIGHT || room.width === 0) return room;
  room.height = Math.round(Math.max(LEAST_HEIGHT, Math.min(height, (room.width * height) / width)));
  outer.style.height = `${room.height}px`;
  return room;
}

/** What is drawn into an element, at most once a frame, and follows its size and colour scheme. */
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

  /** Draws anew when the size or the colours of the page change. Returns what ends that. */
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

  /** Draws at the next frame, or a few later where it takes so long that the page would have no time for anything else. */
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

  /** Pages are laid out for this, so it is done only when sizes have changed. */
  #measure(): void {
    this.#size = fitBox(this.#outer, this.drawing.size);
  }

  #draw(): void {
    const { drawing } = this;
    if (this.#size.width === 0) return; // hidden: its size changes when it is shown
    const palette = palettes[isDark(this.element, this.theme) ? "dark" : "light"];
    this.#outer.setAttribute("aria-label", drawing.label);
    if (drawing.option === undefined) {
      this.#chart?.close();
      this.#chart = undefined;
      this.#inner.innerHTML = drawing.svg(this.#size, palette); // all text in it is escaped
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

/** Drawings below each other in an element, under a title: each is drawn anew where it was. @internal */
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
