/** The moons: the network's decision surface, its losses and its parameters. */
import type { MoonsInfo, MoonsView } from "../train/moons.js";
import { card } from "../ui/chart.js";
import { h } from "../ui/dom.js";
import { decimal, facts, percent } from "../ui/facts.js";
import { surface } from "../ui/surface.js";
import { lossChart, Means } from "./loss-chart.js";
import type { Stage } from "./stage.js";

export function moonsStage(): Stage<"moons"> {
  const numbers = facts(["train loss", "valid loss", "test accuracy", "best epoch", "its valid loss"]);
  const plane = surface();
  const losses = lossChart("epoch");
  const table = h("table", { class: "numbers" });
  const element = h(
    "div",
    { class: "stage two" },
    card("The network's decision over the plane", plane.element),
    h(
      "div",
      { class: "stage" },
      card("Losses", losses.element, numbers.element),
      card("Parameters", h("div", { class: "scroll" }, table)),
    ),
  );
  let [train, valid] = [new Means(1), new Means(1)];
  let view: MoonsView | undefined;
  return {
    element,
    ready(info: MoonsInfo) {
      [train, valid] = [new Means(1), new Means(1)];
      plane.points(info);
    },
    take(next) {
      view = next;
      for (const loss of next.train) train.push(loss);
      for (const loss of next.valid) valid.push(loss);
    },
    draw() {
      if (view === undefined) return;
      plane.draw(view.surface);
      losses.draw({ train, valid });
      numbers.set("train loss", decimal(train.last));
      numbers.set("valid loss", decimal(valid.last));
      numbers.set("test accuracy", percent(view.testAccuracy));
      numbers.set("best epoch", view.best.epoch < 0 ? "–" : String(view.best.epoch));
      numbers.set("its valid loss", decimal(view.best.loss));
      parameterRows(table, view.parameters);
    },
  };
}

/** Writes a row for each parameter; existing cells are reused. */
function parameterRows(table: HTMLTableElement, parameters: Record<string, number[]>): void {
  Object.entries(parameters).forEach(([name, values], i) => {
    const row = table.rows[i] ?? table.insertRow();
    if (row.cells.length === 0) row.append(h("th", { scope: "row" }, name), h("td"));
    row.cells[1]!.textContent = values.map((value) => value.toFixed(4).padStart(8)).join(" ");
  });
}
