import type { Theme } from "./theme.js";

type Page = Window & typeof globalThis;

const pageOf = (element: Element): Page => element.ownerDocument.defaultView!;

/**
 * Whether what is drawn into an element is to be dark: as its `color-scheme` says or, where that leaves it open, as the
 * screen is.
 */
export function isDark(element: Element, theme: Theme): boolean {
  if (theme !== "auto") return theme === "dark";
  const page = pageOf(element);
  const schemes = page.getComputedStyle(element).colorScheme.split(" ");
  const [light, dark] = [schemes.includes("light"), schemes.includes("dark")];
  return light === dark ? page.matchMedia("(prefers-color-scheme: dark)").matches : dark;
}

/**
 * Calls `changed` whenever an element may have to be drawn in other colours: pages switch themes by a class or an attribute
 * of their root, readers in the settings of their system.
 * @returns what ends it
 */
export function onSchemeChange(element: Element, changed: () => void): () => void {
  const page = pageOf(element);
  const styles = new page.MutationObserver(changed);
  styles.observe(element.ownerDocument.documentElement, { attributes: true });
  const dark = page.matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", changed);
  return () => {
    styles.disconnect();
    dark.removeEventListener("change", changed);
  };
}
