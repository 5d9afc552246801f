/** Light or dark: as the system is set, until the visitor chooses. */
import { h } from "./dom.js";
import { icon } from "./icons.js";

type Theme = "light" | "dark";

const KEY = "simdgrad-theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

/** The current theme. */
export function theme(): Theme {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return system.matches ? "dark" : "light";
}

/** Calls `listener` when the theme changes. */
export function onTheme(listener: () => void): void {
  listeners.add(listener);
}

/** The choice of an earlier visit. The browser may forbid storage. */
function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(chosen: Theme): void {
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    return; // without storage the choice lasts for this visit
  }
}

/** Makes a button the switch between the themes. */
export function themeSwitch(button: HTMLElement): void {
  const show = (): void => {
    const other = theme() === "dark" ? "light" : "dark";
    button.replaceChildren(icon(other === "dark" ? "moon" : "sun"), h("span", {}, other === "dark" ? "Dark" : "Light"));
    button.setAttribute("aria-label", `Switch to ${other} colours`);
    for (const listener of listeners) listener();
  };
  const before = remembered();
  if (before === "light" || before === "dark") document.documentElement.dataset.theme = before;
  button.addEventListener("click", () => {
    const chosen = theme() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = chosen;
    remember(chosen);
    show();
  });
  system.addEventListener("change", show);
  show();
}
