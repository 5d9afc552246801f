/** The SHA-256 of the weights, compared with the one that Node computed. */
import ofExamples from "../../test/golden/digests.json" with { type: "json" };
import ofPage from "../../test/golden/site-digests.json" with { type: "json" };
import type { Digest } from "../train/trainer.js";
import { h, setText } from "./dom.js";
import { type Icon, icon } from "./icons.js";

const recorded = new Map<string, string>([...Object.entries(ofPage), ...Object.entries(ofExamples)]);

type Verdict = "equal" | "different" | "none";

/** Compares a digest with Node's, where Node's is recorded. */
function verdictOf({ key, hex }: Digest): Verdict {
  if (key === null) return "none";
  return recorded.get(key) === hex ? "equal" : "different";
}

const ICONS: Record<Verdict, Icon> = { equal: "check", different: "cross", none: "dash" };

function sentence(verdict: Verdict, { step }: Digest): string {
  if (verdict === "equal") return `Yes, at step ${step}`;
  if (verdict === "different") return `No: not at step ${step}`;
  return `Nothing on record at step ${step}`;
}

type DigestCard = { element: HTMLElement; show(digest: Digest): void; clear(): void };

export function digestCard(): DigestCard {
  const mark = h("p", { class: "verdict", role: "status", "data-verdict": "none" });
  const hex = h("code", { class: "hex" });
  const of = h("p", { class: "note" });
  const past = h("ul", { class: "chips", "aria-label": "Digests compared so far" });
  const element = h("section", { class: "card digest" }, h("h2", {}, "Same bits as Node?"), mark, hex, of, past);
  return {
    element,
    show(digest) {
      const verdict = verdictOf(digest);
      mark.dataset.verdict = verdict;
      mark.replaceChildren(icon(ICONS[verdict]), h("span", {}, sentence(verdict, digest)));
      setText(hex, digest.hex);
      setText(of, `SHA-256 of the ${digest.of}`);
      if (verdict === "none") return;
      const word = verdict === "equal" ? "equal" : "different";
      const chip = h("li", { class: verdict }, icon(ICONS[verdict]), h("span", {}, `step ${digest.step} ${word}`));
      past.append(chip);
    },
    clear() {
      past.replaceChildren();
      mark.replaceChildren();
      setText(hex, "");
      setText(of, "");
    },
  };
}
