/** The page's end of a worker: it takes snapshots as they come and draws at most once a frame. */
import type { Name, Reply, Request } from "./protocol.js";

export type Snapshot<N extends Name> = Extract<Reply<N>, { type: "snapshot" }>;

/** What a view does with what comes. */
type Listener<N extends Name> = {
  /** Takes note of a snapshot: its losses come once. */
  take(snapshot: Snapshot<N>): void;
  /** Draws what was taken note of. */
  draw(): void;
  /** Everything else. */
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

  /** Ends the worker and gives its memory back. */
  end(): void {
    cancelAnimationFrame(this.frame);
    this.worker.terminate();
  }
}
