import { endingRules } from "./ending-rules.js";
import type { Finding, Scene } from "./finding.js";
import { targetRules } from "./target-rules.js";

/** The findings of all rules; the error of the loss itself where no rule explains it. */
export function findingsIn(scene: Scene): Finding[] {
  const found = [...endingRules, ...targetRules].flatMap((rule) => rule(scene) ?? []);
  const { refused } = scene.head;
  if (found.length > 0 || refused === null) return found;
  return [
    { rule: "refused", problem: `The loss does not take them: ${refused}`, advice: "Change the targets, or the loss" },
  ];
}
