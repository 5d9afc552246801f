/** The messages between page and worker. A worker trains one example. */
import type { FacesInfo, FacesView } from "./train/faces.js";
import type { Size } from "./train/faces-net.js";
import type { HousesInfo, HousesView } from "./train/houses.js";
import type { MoonsInfo, MoonsView } from "./train/moons.js";
import type { ScenesInfo, ScenesView } from "./train/scenes.js";
import type { Digest, Settings } from "./train/trainer.js";

/** What each example shows: `info` stays the same, `view` changes from step to step. */
export type Shown = {
  moons: { info: MoonsInfo; view: MoonsView };
  houses: { info: HousesInfo; view: HousesView };
  scenes: { info: ScenesInfo; view: ScenesView };
  faces: { info: FacesInfo; view: FacesView };
};

export type Name = keyof Shown;

/**
 * The example to train and its settings; for the scenes the files of CIFAR-10, for the faces the size of the network.
 */
export type Task = { name: Name; settings: Settings; files?: readonly File[]; size?: Size };

export type GraphKind = "layers" | "operations";
export type Theme = "light" | "dark";
export type FileFormat = "pth" | "safetensors";

export type Request =
  /** Opens a training; a training that is open ends. */
  | { type: "open"; task: Task }
  | { type: "start" }
  | { type: "pause" }
  | { type: "set"; settings: Partial<Omit<Settings, "seed">> }
  /** Steps per second; null: no limit. */
  | { type: "pace"; rate: number | null }
  /** Selects which item the view shows, such as a face. */
  | { type: "look"; index: number }
  /** The page has drawn the last snapshot and can take the next. */
  | { type: "drawn" }
  | { type: "graph"; kind: GraphKind; theme: Theme }
  | { type: "export"; format: FileFormat };

export type Reply<N extends Name = Name> =
  /** Says what takes a while. */
  | { type: "busy"; text: string }
  | { type: "ready"; info: Shown[N]["info"] }
  | { type: "snapshot"; step: number; running: boolean; done: boolean; view: Shown[N]["view"] }
  | { type: "digest"; digest: Digest }
  | { type: "graph"; kind: GraphKind; theme: Theme; svg: string }
  | { type: "file"; format: FileFormat; bytes: Uint8Array<ArrayBuffer> }
  /** The text of an error. `over`: the training has ended; otherwise only the request has failed. */
  | { type: "failed"; text: string; over: boolean };
