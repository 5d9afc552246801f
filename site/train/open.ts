/** Makes the trainer of a task. */
import type { Task } from "../protocol.js";
import { Faces } from "./faces.js";
import { Houses } from "./houses.js";
import { Moons } from "./moons.js";
import { drawScenes, readScenes } from "./scene-data.js";
import { Scenes } from "./scenes.js";
import type { Trainer } from "./trainer.js";

/** @param busy called with a text about what takes a while */
export async function openTrainer(task: Task, busy: (text: string) => void): Promise<Trainer> {
  const { name, settings } = task;
  switch (name) {
    case "moons":
      return new Moons(settings);
    case "houses":
      return new Houses(settings);
    case "scenes": {
      const files = task.files ?? [];
      busy(files.length > 0 ? "Reading the files…" : "Drawing 6,000 pictures…");
      return new Scenes(settings, files.length > 0 ? await readScenes(files) : drawScenes());
    }
    case "faces": {
      const size = task.size ?? "small";
      busy(size === "full" ? "Making 104,585,128 weights…" : "Drawing the first faces…");
      return new Faces(settings, size);
    }
  }
}
