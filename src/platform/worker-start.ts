import { builtin } from "./node.js";

type Port = { once(event: "message", listener: (message: unknown) => void): void; postMessage(message: unknown): void };

/** In a worker: waits for the one message that starts it. `ready` answers the thread that sent it. */
export function receiveStart(start: (message: unknown, ready: () => void) => void): void {
  const port = builtin<{ parentPort: Port | null }>("node:worker_threads")?.parentPort;
  if (port) port.once("message", (message) => start(message, () => port.postMessage("ready")));
  else addEventListener("message", ({ data }) => start(data, () => postMessage("ready")), { once: true });
}
