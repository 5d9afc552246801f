/** Tabs as the ARIA Authoring Practices describe them: the arrow keys, Home and End select a tab and show its panel. */
import { freshId, h } from "./dom.js";

type Tab = { name: string; label: string; panel: HTMLElement; shown?: () => void };

type Tabs = { list: HTMLElement; panels: HTMLElement[] };

/** @param label the purpose of the tabs */
export function tabs(label: string, items: readonly Tab[]): Tabs {
  const list = h("div", { role: "tablist", "aria-label": label, class: "tabs" });
  let selected = items[0]!.name;
  const buttons = items.map(({ name, label: text, panel }) => {
    const [id, panelId] = [freshId("tab"), freshId("panel")];
    const button = h("button", { type: "button", role: "tab", id, "aria-controls": panelId, "data-tab": name }, text);
    panel.id = panelId;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", id);
    panel.tabIndex = 0;
    button.addEventListener("click", () => select(name));
    return button;
  });
  list.append(...buttons);

  function select(name: string): void {
    selected = name;
    items.forEach((item, i) => {
      const chosen = item.name === name;
      const button = buttons[i]!;
      button.setAttribute("aria-selected", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
      item.panel.hidden = !chosen;
      if (chosen) item.shown?.();
    });
  }

  list.addEventListener("keydown", (event) => {
    const at = items.findIndex(({ name }) => name === selected);
    const next: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: items.length - 1 };
    const to = next[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const index = (to + items.length) % items.length;
    select(items[index]!.name);
    buttons[index]!.focus();
  });
  select(selected);
  return { list, panels: items.map(({ panel }) => panel) };
}
