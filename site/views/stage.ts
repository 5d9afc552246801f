/** What an example shows of its training: one module for each. */
import type { Name, Request, Shown, Task } from "../protocol.js";

export interface Stage<N extends Name> {
  readonly element: HTMLElement;
  /** A training begins: its data. */
  ready(info: Shown[N]["info"]): void;
  /** Takes note of a snapshot; its losses come once. */
  take(view: Shown[N]["view"]): void;
  /** Draws what was taken note of. Called at most once a frame. */
  draw(): void;
}

/** What a stage may ask of the training. */
export type Orders = {
  send(request: Request): void;
  /** Begins anew with something else to train. */
  open(part: Partial<Pick<Task, "files" | "size">>): void;
};
