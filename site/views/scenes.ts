/** CIFAR-10: predicted classes of test pictures, the first filters, loss and accuracies. */
import type { ScenesInfo, ScenesView } from "../train/scenes.js";
import { card } from "../ui/chart.js";
import { type Bars, bars, type Row } from "../ui/confidence.js";
import { h, setText } from "../ui/dom.js";
import { dropZone } from "../ui/drop.js";
import { decimal, facts, percent, whole } from "../ui/facts.js";
import { paintPlanes, paintRgb, pixels } from "../ui/pixels.js";
import { lossChart, Means } from "./loss-chart.js";
import type { Orders, Stage } from "./stage.js";

const MEAN_OF = 25;
const FILTERS = 6;
const SIDE = 5;
/** The number of classes shown for each picture. */
const NAMED = 3;

export function scenesStage({ open }: Orders): Stage<"scenes"> {
  const numbers = facts(["loss", "epochs done", "test accuracy", "tested after"]);
  const losses = lossChart(`batch (means of ${MEAN_OF})`);
  const gallery = h("ul", { class: "gallery" });
  const filters = Array.from({ length: FILTERS }, (_, i) => pixels(SIDE, SIDE, `Filter ${i + 1} of conv1`));
  const classes = bars(10, "Accuracy for each class");
  const source = h("p", { class: "note" });
  const zone = dropZone("Train on the real CIFAR-10", (files) => open({ files }));
  const drawn = h(
    "button",
    { type: "button", class: "quiet", click: () => open({ files: [] }) },
    "Back to the drawings",
  );
  const shown = card("Test pictures and their predicted classes", gallery);
  shown.classList.add("whole");
  const element = h(
    "div",
    { class: "stage two" },
    shown,
    card("Loss", losses.element, numbers.element),
    card("Accuracy by class, on the test pictures", classes.element),
    card("Filters of the first layer", h("div", { class: "filters" }, ...filters)),
    card("Pictures", source, zone, drawn),
  );
  let info: ScenesInfo | undefined;
  let guesses: Bars[] = [];
  let means = new Means(MEAN_OF);
  let view: ScenesView | undefined;
  return {
    element,
    ready(next) {
      info = next;
      means = new Means(MEAN_OF);
      guesses = hang(gallery, next);
      setText(source, next.source);
      drawn.hidden = !next.source.startsWith("Your");
    },
    take(next) {
      view = next;
      for (const loss of next.losses) means.push(loss);
    },
    draw() {
      if (view === undefined || info === undefined) return;
      losses.draw({ loss: means });
      guesses.forEach((guess, i) => {
        guess.set(likeliest(view!.chances.subarray(10 * i, 10 * i + 10), info!.classes, info!.truth[i]!));
      });
      const size = 3 * SIDE * SIDE;
      filters.forEach((canvas, i) => {
        paintPlanes(canvas, view!.filters.subarray(i * size, (i + 1) * size));
      });
      numbers.set("loss", decimal(means.last, 3));
      numbers.set("epochs done", String(view.epoch));
      const { accuracy } = view;
      numbers.set("test accuracy", accuracy === null ? "–" : percent(accuracy.all));
      numbers.set("tested after", accuracy === null ? "–" : `${whole(accuracy.step)} batches`);
      classes.set(info.classes.map((name, i) => ({ name, value: accuracy?.classes[i] ?? Number.NaN })));
    },
  };
}

/** The most probable classes of a picture; the true class is marked. */
function likeliest(chances: Float32Array, classes: readonly string[], truth: number): Row[] {
  const order = [...chances.keys()].sort((a, b) => chances[b]! - chances[a]!).slice(0, NAMED);
  return order.map((i) => ({ name: classes[i]!, value: chances[i]!, ...(i === truth ? { mark: "right" } : {}) }));
}

/** Shows the pictures with their true classes. Returns the bars below them. */
function hang(gallery: HTMLElement, { pictures, classes, truth }: ScenesInfo): Bars[] {
  const { rgb, side, count } = pictures;
  const guesses = Array.from({ length: count }, (_, i) => bars(NAMED, `Likeliest classes of picture ${i + 1}`));
  const items = guesses.map((guess, i) => {
    const name = classes[truth[i]!]!;
    const canvas = pixels(side, side, `Test picture ${i + 1}: ${name}`);
    paintRgb(canvas, rgb.subarray(i * 3 * side * side, (i + 1) * 3 * side * side));
    return h("li", {}, canvas, h("p", {}, name), guess.element);
  });
  gallery.replaceChildren(...items);
  return guesses;
}
