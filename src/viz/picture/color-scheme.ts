import type { Theme } from "./theme.js";

type Page = Window & typeof globalThis;

const pageOf = (element: Element): Page => element.ownerDocument.defaultView!;

/**
 * Whether to draw in dark colours: the theme decides; "auto" takes the element's `color-scheme` and, if that allows
 * both or none, the setting of the screen.
 */
export function isDark(element: Element, theme: Theme): boolean {
  if (theme !== "auto") return theme === "dark";
  const page = pageOf(element);
  const schemes = page.getComputedStyle(element).colorScheme.split(" ");
  const [light, dark] = [schemes.includes("light"), schemes.includes("dark")];
  return light === dark ? page.matchMedia("(prefers-color-scheme: dark)").matches : dark;
}

/**
 * Calls `changed` whenever the colours of an element may have changed: pages switch themes by a class or an attribute
 * of their root, users in the settings of their system.
 * @returns the function that stops this
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
