import type { Size } from "../picture/svg.js";
import { FONT, palettes, type Theme } from "../picture/theme.js";
import type { Drawing } from "./drawing.js";
import { type OpenChart, openChart } from "./engine.js";

// All that knows the DOM: of the page it meets only what the given element leads to.

type Page = Window & typeof globalThis;

/** A drawing in a page. @internal */
export type Mounted = { update(drawing: Drawing): void; dispose(): void };

/** What an element without a height of its own gets at least. */
const LEAST_HEIGHT = 120;

/** Whether what is drawn into an element is to be dark: as its `color-scheme` says or, where that leaves it open, as the screen is. */
function isDark(page: Page, element: Element, theme: Theme): boolean {
  if (theme !== "auto") return theme === "dark";
  const schemes = page.getComputedStyle(element).colorScheme.split(" ");
  const [light, dark] = [schemes.includes("light"), schemes.includes("dark")];
  return light === dark ? page.matchMedia("(prefers-color-scheme: dark)").matches : dark;
}

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

/** Draws into an element, at most once a frame, and follows its size and colour scheme. @internal */
export function mountDrawing(first: Drawing, element: HTMLElement, theme: Theme): Mounted {
  const page: Page = element.ownerDocument.defaultView!;
  const { outer, inner } = openBoxes(element);
  let drawing = first;
  let chart: OpenChart | undefined;
  let size: Size = { width: 0, height: 0 };
  let frame = 0;

  /** Measures the box: pages are laid out for that, so it is done only when sizes have changed. */
  const measure = (): void => {
    const { width, height } = size;
    size = fitBox(outer, drawing.size);
    if (size.width !== width || size.height !== height) chart?.resize(size);
  };
  const draw = (): void => {
    frame = 0;
    if (size.width === 0) return; // hidden: its size changes when it is shown
    const palette = palettes[isDark(page, element, theme) ? "dark" : "light"];
    outer.setAttribute("aria-label", drawing.label);
    if (drawing.option === undefined) {
      chart?.close();
      chart = undefined;
      inner.innerHTML = drawing.svg(size, palette); // all text in it is escaped
      return;
    }
    if (chart === undefined) {
      inner.replaceChildren();
      chart = openChart(inner, size);
    }
    chart.set(drawing.option(size, palette));
  };
  const later = (): void => {
    frame ||= page.requestAnimationFrame(draw);
  };

  const sizes = new page.ResizeObserver(() => {
    measure();
    later();
  });
  const styles = new page.MutationObserver(later); // pages switch themes by a class or an attribute of their root
  const dark = page.matchMedia("(prefers-color-scheme: dark)");
  measure();
  draw();
  sizes.observe(outer);
  styles.observe(element.ownerDocument.documentElement, { attributes: true });
  dark.addEventListener("change", later);
  return {
    update(next) {
      drawing = next;
      later();
    },
    dispose() {
      page.cancelAnimationFrame(frame);
      sizes.disconnect();
      styles.disconnect();
      dark.removeEventListener("change", later);
      chart?.close();
      outer.remove();
    },
  };
}

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
