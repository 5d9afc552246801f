/** The worker: a session that handles the page's requests. */
import type { Reply, Request } from "./protocol.js";
import { Session } from "./session.js";
import { buffersIn } from "./transfer.js";

/** Nested timers wait at least 4 ms. A message to itself does not, and arrives after the requests that are waiting. */
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

/** Transfers the buffers of snapshots and files. Other replies hold buffers that the worker still needs. */
function post(reply: Reply): void {
  const handed = reply.type === "snapshot" || reply.type === "file" ? buffersIn(reply) : [];
  self.postMessage(reply, { transfer: handed });
}

const session = new Session({ post, later, now: () => performance.now() });
self.onmessage = ({ data }: MessageEvent<Request>) => void session.handle(data);
