/** The page's side of a worker: takes every snapshot, and draws at most once per frame. */
import type { Name, Reply, Request } from "./protocol.js";

export type Snapshot<N extends Name> = Extract<Reply<N>, { type: "snapshot" }>;

/** What a view does with the worker's messages. */
type Listener<N extends Name> = {
  /** Stores a snapshot. Each holds only the losses since the last one, so none may be skipped. */
  take(snapshot: Snapshot<N>): void;
  /** Draws what is stored. */
  draw(): void;
  /** Handles all other messages. */
  hear(reply: Exclude<Reply<N>, { type: "snapshot" }>): void;
};

export class Client<N extends Name> {
  private readonly worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  private frame = 0;

  constructor(listener: Listener<N>) {
    this.worker.onmessage = ({ data }: MessageEvent<Reply<N>>) => {
      if (data.type !== "snapshot") {
        listener.hear(data);
        return;
      }
      listener.take(data);
      if (this.frame !== 0) return;
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        listener.draw();
        this.send({ type: "drawn" });
      });
    };
    this.worker.onerror = (event) => {
      event.preventDefault();
      listener.hear({ type: "failed", text: event.message || "the worker could not be started", over: true });
    };
  }

  send(request: Request): void {
    this.worker.postMessage(request);
  }

  /** Ends the worker, which frees its memory. */
  end(): void {
    cancelAnimationFrame(this.frame);
    this.worker.terminate();
  }
}
