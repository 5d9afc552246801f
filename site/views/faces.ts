/** The faces: the 40 predicted attributes of one face beside the true ones. */
import type { FacesInfo, FacesView } from "../train/faces.js";
import type { Size } from "../train/faces-net.js";
import { card } from "../ui/chart.js";
import { type Bars, bars, type Row } from "../ui/confidence.js";
import { h, setText } from "../ui/dom.js";
import { decimal, facts, percent, whole } from "../ui/facts.js";
import { paintRgb, pixels } from "../ui/pixels.js";
import { lossChart, Means } from "./loss-chart.js";
import type { Orders, Stage } from "./stage.js";

const MEAN_OF: Record<Size, number> = { small: 5, full: 1 };

export function facesStage({ send }: Orders): Stage<"faces"> {
  const numbers = facts(["loss", "parameters", "right on test faces", "tested after"]);
  const losses = lossChart("batch");
  const row = h("div", { class: "faces", role: "group", "aria-label": "Test faces" });
  const large = h("div", { class: "portrait" });
  const attributes = h("div", { class: "attributes" });
  const score = h("p", { class: "note" });
  const source = h("p", { class: "note" });
  const element = h(
    "div",
    { class: "stage faces-stage" },
    card("Test faces", row, large, source),
    card("Attributes of this face: predicted and true", score, attributes),
    card("Loss", losses.element, numbers.element),
  );
  let info: FacesInfo | undefined;
  let list: Bars | undefined;
  let means = new Means(1);
  let view: FacesView | undefined;
  let hung = -1;

  const choose = (index: number): void => send({ type: "look", index });
  return {
    element,
    ready(next) {
      info = next;
      hung = -1;
      means = new Means(MEAN_OF[next.size]);
      list = bars(next.attributes.length, "Attributes");
      attributes.replaceChildren(list.element);
      row.replaceChildren(...thumbnails(next, choose));
      setText(source, next.source);
      numbers.set("parameters", whole(next.parameters));
    },
    take(next) {
      view = next;
      for (const loss of next.losses) means.push(loss);
    },
    draw() {
      if (view === undefined || info === undefined) return;
      if (hung !== view.face) hang(view.face);
      losses.draw({ loss: means });
      list!.set(judged(view, info));
      numbers.set("loss", decimal(means.last));
      const { accuracy } = view;
      numbers.set("right on test faces", accuracy === null ? "–" : percent(accuracy.all));
      numbers.set("tested after", accuracy === null ? "–" : `${whole(accuracy.step)} batches`);
      const truth = info.truth[view.face]!;
      const right = [...view.chances].filter((chance, i) => chance > 0.5 === (truth[i] === 1)).length;
      setText(
        score,
        `${right} of ${truth.length} are right for this face. A bar beyond the middle means yes; the true answer stands at its end.`,
      );
    },
  };

  /** Shows another face. */
  function hang(face: number): void {
    hung = face;
    large.replaceChildren(portrait(info!, face));
    [...row.children].forEach((button, i) => {
      button.setAttribute("aria-pressed", String(i === face));
    });
  }
}

/** For each attribute the predicted probability, whether it is right, and the truth. */
function judged({ chances, face }: FacesView, { attributes, truth: truths }: FacesInfo): Row[] {
  return attributes.map((name, i) => {
    const value = chances[i]!;
    const real = truths[face]![i] === 1;
    const right = value > 0.5 === real;
    const truth = `${right ? "" : "✗ "}${real ? "yes" : "no"}`;
    return { name: name.replaceAll("_", " "), value, mark: right ? "right" : "wrong", truth };
  });
}

function portrait({ pictures }: FacesInfo, face: number): HTMLCanvasElement {
  const { rgb, side } = pictures;
  const canvas = pixels(side, side, `Test face ${face + 1}`);
  paintRgb(canvas, rgb.subarray(face * 3 * side * side, (face + 1) * 3 * side * side));
  return canvas;
}

function thumbnails(info: FacesInfo, choose: (face: number) => void): HTMLElement[] {
  return Array.from({ length: info.pictures.count }, (_, face) => {
    const canvas = portrait(info, face);
    canvas.setAttribute("aria-hidden", "true");
    return h("button", { type: "button", "aria-label": `Face ${face + 1}`, click: () => choose(face) }, canvas);
  });
}
