/** The houses: a chart with the fitted curve for each final function. */
import { TUTORIAL, type Variant } from "../../examples/02-regression.js";
import { houses } from "../catalogue.js";
import type { HousesInfo, HouseView } from "../train/houses.js";
import { card } from "../ui/chart.js";
import { h, setText } from "../ui/dom.js";
import { decimal } from "../ui/facts.js";
import { fitChart } from "../ui/fit-chart.js";
import { lossChart, Means } from "./loss-chart.js";
import type { Stage } from "./stage.js";

const AXES = {
  x: { range: [20, 150], ticks: [30, 60, 90, 120, 150] },
  y: { range: [0, 10], ticks: [0, 2, 4, 6, 8, 10] },
} as const;

type Panel = { element: HTMLElement; show(view: HouseView, mse: number | undefined): void };

export function housesStage(): Stage<"houses"> {
  const multiples = h("div", { class: "multiples" });
  const losses = lossChart("epoch");
  const element = h("div", { class: "stage" }, multiples, card("Mean squared error", losses.element));
  let panels = new Map<Variant, Panel>();
  let series = new Map<Variant, Means>();
  let info: HousesInfo | undefined;
  let fits: HouseView[] = [];

  /** Makes new panels where other networks train than before. */
  const arrange = (): void => {
    const names = fits.map(({ name }) => name);
    if (names.join() === [...panels.keys()].join()) return;
    panels = new Map(names.map((name) => [name, panelFor(name, info!)]));
    multiples.classList.toggle("one", names.length === 1);
    multiples.replaceChildren(...[...panels.values()].map((panel) => panel.element));
  };
  return {
    element,
    ready(next) {
      info = next;
      series = new Map();
    },
    take(view) {
      fits = view.fits;
      for (const { name, losses } of fits) {
        const means = series.get(name) ?? new Means(1);
        series.set(name, means);
        for (const loss of losses) means.push(loss);
      }
    },
    draw() {
      if (fits.length === 0) return;
      arrange();
      for (const fit of fits) panels.get(fit.name)!.show(fit, series.get(fit.name)!.last);
      losses.draw(Object.fromEntries(fits.map(({ name }) => [titleOf(name), series.get(name)!])));
    },
  };
}

function titleOf(name: Variant): string {
  const { activation } = houses.heads.find((head) => head.name === name)!;
  return activation === "none" ? "Linear" : activation;
}

function panelFor(name: Variant, { prices, sizes, at }: HousesInfo): Panel {
  const title = titleOf(name);
  const plot = fitChart(`Size of twelve houses over their price, and the curve with ${title}`, prices, sizes, AXES);
  const error = h("p", { class: "mse" });
  const parameters = h("p", { class: "note parameters" });
  const tutorial = TUTORIAL[name]?.[0];
  const element = card(title, plot.element, error, parameters);
  element.dataset.variant = name;
  return {
    element,
    show(view, mse) {
      plot.draw(at, view.curve);
      setText(error, `MSE ${decimal(mse)}${tutorial === undefined ? "" : `, tutorial: ${tutorial}`}`);
      const list = Object.entries(view.parameters).map(([key, value]) => `${key} ${value.toFixed(4)}`);
      setText(parameters, list.join(", "));
    },
  };
}
