/**
 * Trains the examples as the page does, and prints the SHA-256 of their state at every checkpoint, as JSON. The page
 * compares its trainings with these digests, which are in test/golden/site-digests.json, and with those of
 * scripts/digest.ts.
 */
import { faces, houses, moons, scenes } from "../site/catalogue.js";
import { Faces } from "../site/train/faces.js";
import { Houses } from "../site/train/houses.js";
import { Moons } from "../site/train/moons.js";
import { drawScenes } from "../site/train/scene-data.js";
import { Scenes } from "../site/train/scenes.js";
import type { Trainer } from "../site/train/trainer.js";

const digests: Record<string, string> = {};

/** Trains to the last step of the tutorial. */
function run(trainer: Trainer): void {
  const note = (): void => {
    const digest = trainer.atCheckpoint ? trainer.digest() : null;
    if (digest?.key) digests[digest.key] = digest.hex;
  };
  note();
  while (!trainer.done) {
    trainer.advance();
    note();
  }
  trainer.dispose();
}

run(new Moons(moons.defaults));
for (const { name } of houses.heads) run(new Houses({ ...houses.defaults, head: name }));
run(new Scenes(scenes.defaults, drawScenes()));
run(new Faces(faces.defaults, "small"));
console.log(JSON.stringify(digests, null, 2));
