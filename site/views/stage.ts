/** The part of the page that shows an example's training. Each example has its own. */
import type { Name, Request, Shown, Task } from "../protocol.js";

export interface Stage<N extends Name> {
  readonly element: HTMLElement;
  /** A training begins with this data. */
  ready(info: Shown[N]["info"]): void;
  /** Stores a snapshot. Each holds only the losses since the last one. */
  take(view: Shown[N]["view"]): void;
  /** Draws what is stored. Called at most once per frame. */
  draw(): void;
}

/** The requests that a stage can make. */
export type Orders = {
  send(request: Request): void;
  /** Starts a new training with other files or another size. */
  open(part: Partial<Pick<Task, "files" | "size">>): void;
};
