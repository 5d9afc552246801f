/** The sheet: which final activation and loss for which problem. */
import {
  activationSketches,
  lossSketches,
  plotFunction,
  problems,
  type Recommendation,
  type Sketch,
} from "simdgrad/viz";
import { chart } from "../ui/chart.js";
import { codeBlock } from "../ui/code.js";
import { h } from "../ui/dom.js";

export function sheetView(): { element: HTMLElement; enter(): void; leave(): void } {
  const intro =
    "Which final activation and which loss does a network need? It depends on the question. Every program below runs as it is.";
  const contents = h("ul", {}, ...problems.map(({ problem, title }) => h("li", {}, jump(problem, title))));
  const element = h(
    "div",
    { class: "sheet" },
    h("header", { class: "intro" }, h("h1", {}, "The sheet"), h("p", {}, intro)),
    h("nav", { class: "contents", "aria-label": "Problems" }, contents),
    ...problems.map(row),
  );
  return { element, enter: () => {}, leave: () => {} };
}

/** A button that scrolls to a problem. It is not a link, because the address names the view. */
function jump(problem: string, title: string): HTMLElement {
  const go = (): void => {
    const target = document.querySelector<HTMLElement>(`#problem-${problem}`)!;
    target.scrollIntoView();
    target.focus({ preventScroll: true });
  };
  return h("button", { type: "button", class: "quiet", click: go }, title);
}

function row({
  problem,
  title,
  question,
  outputs,
  activation,
  loss,
  targets,
  notes,
  alternatives,
  code,
}: Recommendation): HTMLElement {
  const { element, set } = codeBlock(`the program for: ${title}`);
  set(code);
  const list = alternatives.map((other) =>
    h("li", {}, h("strong", {}, `${other.activation} + ${other.loss}`), `: ${other.when}`),
  );
  return h(
    "section",
    { class: "card problem", id: `problem-${problem}`, tabindex: -1, "aria-labelledby": `title-${problem}` },
    h("h2", { id: `title-${problem}` }, title),
    h("p", { class: "note" }, question),
    h(
      "div",
      { class: "problem-columns" },
      h(
        "div",
        {},
        h(
          "p",
          { class: "answer" },
          h("strong", {}, activation === "none" ? "no activation" : activation),
          " + ",
          h("strong", {}, loss),
        ),
        h(
          "p",
          { class: "note" },
          `Outputs: ${outputs}. Targets: ${targets.dtype} ${targets.shape}, ${targets.values}.`,
        ),
        h("ul", { class: "notes" }, ...notes.map((note) => h("li", {}, note))),
        ...(list.length === 0 ? [] : [h("h3", {}, "Or"), h("ul", { class: "notes" }, ...list)]),
      ),
      h("div", { class: "sketches" }, sketch(activationSketches, activation), sketch(lossSketches, loss)),
    ),
    h("details", {}, h("summary", {}, "Code to paste"), element),
  );
}

/** The plot of an activation or a loss, with its formula. */
function sketch(sketches: readonly Sketch[], name: string): HTMLElement {
  const found = sketches.find((one) => one.name === name);
  if (found === undefined) return h("div", {});
  const { from, to, curves, axis, formula, range } = found;
  const plot = chart("sketch");
  plot.show(
    plotFunction(Object.fromEntries(curves.map(({ name: curve, f }) => [curve, f])), from, to, { xLabel: axis }),
  );
  const title = name === "none" ? "no activation" : name;
  return h("figure", {}, h("figcaption", {}, h("strong", {}, title), `: ${formula}. ${range}.`), plot.element);
}
