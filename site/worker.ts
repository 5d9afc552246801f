/** The worker: a session that listens to the page. */
import type { Reply, Request } from "./protocol.js";
import { Session } from "./session.js";
import { buffersIn } from "./transfer.js";

/** Timers wait 4 ms at least when they follow each other; messages to oneself do not, and let orders come first. */
const channel = new MessageChannel();
let task: (() => void) | undefined;
channel.port1.onmessage = () => {
  const next = task;
  task = undefined;
  next?.();
};

function later(next: () => void, wait: number): void {
  if (wait >= 4) {
    setTimeout(next, wait);
    return;
  }
  task = next;
  channel.port2.postMessage(null);
}

/** What stays in the worker must not be handed over: only what a snapshot or a file holds. */
function post(reply: Reply): void {
  const handed = reply.type === "snapshot" || reply.type === "file" ? buffersIn(reply) : [];
  self.postMessage(reply, { transfer: handed });
}

const session = new Session({ post, later, now: () => performance.now() });
self.onmessage = ({ data }: MessageEvent<Request>) => void session.handle(data);
