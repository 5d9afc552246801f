/** The page: the part of the address after # names the view. */
import { examples, faces, fullFaces, houses, moons, scenes } from "./catalogue.js";
import { facesCode } from "./code/faces.js";
import { housesCode } from "./code/houses.js";
import { moonsCode } from "./code/moons.js";
import { scenesCode } from "./code/scenes.js";
import { h } from "./ui/dom.js";
import { themeSwitch } from "./ui/theme.js";
import { facesStage } from "./views/faces.js";
import { housesStage } from "./views/houses.js";
import { moonsStage } from "./views/moons.js";
import { scenesStage } from "./views/scenes.js";
import { sheetView } from "./views/sheet.js";
import { sizeChoice } from "./views/size-choice.js";
import { Workbench } from "./views/workbench.js";

type View = { element: HTMLElement; enter(): void; leave(): void };

const makers: Record<string, () => View> = {
  moons: () => new Workbench({ name: "moons", example: () => moons, stage: moonsStage, code: moonsCode }),
  houses: () => new Workbench({ name: "houses", example: () => houses, stage: housesStage, code: housesCode }),
  scenes: () => new Workbench({ name: "scenes", example: () => scenes, stage: scenesStage, code: scenesCode }),
  faces: () =>
    new Workbench({
      name: "faces",
      example: (size) => (size === "small" ? faces : fullFaces),
      stage: facesStage,
      code: facesCode,
      extras: ({ open }) => sizeChoice((size) => open({ size })),
    }),
  sheet: sheetView,
};

const titles = [...examples.map(({ name, tab }) => [name, tab] as const), ["sheet", "The sheet"] as const];
const opened = new Map<string, View>();
const main = document.querySelector("#main")!;
let current: View | undefined;

const links = new Map(titles.map(([name, title]) => [name, h("a", { href: `#${name}` }, title)]));
document.querySelector("#nav")!.append(...links.values());
themeSwitch(document.querySelector<HTMLElement>("#theme")!);

/** Shows the view that the address names. A view is made when it is first shown, and then kept. */
function show(): void {
  const asked = location.hash.slice(1);
  if (asked === "main") return; // the link that skips to the content
  const name = asked in makers ? asked : "moons";
  const view = opened.get(name) ?? makers[name]!();
  opened.set(name, view);
  if (view === current) return;
  current?.leave();
  current = view;
  for (const [other, link] of links) {
    if (other === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${titles.find(([other]) => other === name)![1]} · simdgrad`;
  main.replaceChildren(view.element);
  view.enter();
}

addEventListener("hashchange", show);
show();
