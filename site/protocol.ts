/** What page and worker say to each other. A worker trains one example. */
import type { FacesInfo, FacesView } from "./train/faces.js";
import type { Size } from "./train/faces-net.js";
import type { HousesInfo, HousesView } from "./train/houses.js";
import type { MoonsInfo, MoonsView } from "./train/moons.js";
import type { ScenesInfo, ScenesView } from "./train/scenes.js";
import type { Digest, Settings } from "./train/trainer.js";

/** What each example shows: what stays, and what changes. */
export type Shown = {
  moons: { info: MoonsInfo; view: MoonsView };
  houses: { info: HousesInfo; view: HousesView };
  scenes: { info: ScenesInfo; view: ScenesView };
  faces: { info: FacesInfo; view: FacesView };
};

export type Name = keyof Shown;

/** What to train, and on what: files of CIFAR-10 for the scenes, a size for the faces. */
export type Task = { name: Name; settings: Settings; files?: readonly File[]; size?: Size };

export type GraphKind = "layers" | "operations";
export type Theme = "light" | "dark";
export type FileFormat = "pth" | "safetensors";

export type Request =
  /** Begins, or begins anew. */
  | { type: "open"; task: Task }
  | { type: "start" }
  | { type: "pause" }
  | { type: "set"; settings: Partial<Omit<Settings, "seed">> }
  /** Steps a second; null: as fast as it goes. */
  | { type: "pace"; rate: number | null }
  /** Which of the things that could be shown is looked at. */
  | { type: "look"; index: number }
  /** The page has drawn the last snapshot and is ready for the next. */
  | { type: "drawn" }
  | { type: "graph"; kind: GraphKind; theme: Theme }
  | { type: "export"; format: FileFormat };

export type Reply<N extends Name = Name> =
  /** What takes a while, in words. */
  | { type: "busy"; text: string }
  | { type: "ready"; info: Shown[N]["info"] }
  | { type: "snapshot"; step: number; running: boolean; done: boolean; view: Shown[N]["view"] }
  | { type: "digest"; digest: Digest }
  | { type: "graph"; kind: GraphKind; theme: Theme; svg: string }
  | { type: "file"; format: FileFormat; bytes: Uint8Array<ArrayBuffer> }
  /** The sentence of an error. Either the training is over, or it goes on and only what was asked for is missing. */
  | { type: "failed"; text: string; over: boolean };
