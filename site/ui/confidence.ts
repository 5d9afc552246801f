/** Probabilities as bars, with names and numbers. */
import { h, setText } from "./dom.js";
import { percent } from "./facts.js";

/** `value` is NaN while it is unknown; the stylesheet uses `mark`; `truth` is a text at the end of the row. */
export type Row = { name: string; value: number; mark?: "right" | "wrong"; truth?: string };

export type Bars = { element: HTMLElement; set(rows: readonly Row[]): void };

/** @param count the number of rows */
export function bars(count: number, label: string): Bars {
  const rows = Array.from({ length: count }, () => {
    const name = h("span", { class: "name" });
    const fill = h("span", { class: "fill" });
    const number = h("span", { class: "number" });
    const truth = h("span", { class: "truth" });
    const item = h("li", {}, name, h("span", { class: "track", "aria-hidden": "true" }, fill), number, truth);
    return { item, name, fill, number, truth };
  });
  return {
    element: h("ul", { class: "bars", "aria-label": label }, ...rows.map(({ item }) => item)),
    set(values) {
      values.forEach(({ name, value, mark = "", truth = "" }, i) => {
        const row = rows[i]!;
        setText(row.name, name);
        setText(row.number, Number.isNaN(value) ? "–" : percent(value, 0));
        row.fill.style.transform = `scaleX(${Math.min(Math.max(value || 0, 0), 1).toFixed(4)})`;
        if (row.item.dataset.mark !== mark) row.item.dataset.mark = mark;
        setText(row.truth, truth);
      });
    },
  };
}
