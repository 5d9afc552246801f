import { builtin } from "./node.js";

/** A worker that runs. */
export type Thread = {
  /** Ends it at once. */
  end(): void;
};

type NodeWorker = {
  once(event: "message" | "error" | "exit", listener: (value: unknown) => void): void;
  on(event: "error", listener: (error: unknown) => void): void;
  postMessage(message: unknown): void;
  terminate(): Promise<unknown>;
  unref(): void;
};
type NodeThreads = { Worker: new (code: string, options: object) => NodeWorker };

/** Why this host has no threads, and what to do; undefined where it has them. */
export function whyNoThreads(): { problem: string; hint: string } | undefined {
  const isolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated;
  if (typeof SharedArrayBuffer !== "undefined" && isolated !== false) return undefined;
  return {
    problem:
      "expected a page that is cross-origin isolated (browsers share memory between threads there only), got one that is not",
    hint: "Serve it with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp",
  };
}

/** Starts a worker with a message, and waits until it says that it is ready. It does not keep the process alive. */
export function startThread(code: string, message: unknown): Promise<Thread> {
  const threads = builtin<NodeThreads>("node:worker_threads");
  return threads ? startInNode(threads, code, message) : startInBrowser(code, message);
}

async function startInNode({ Worker }: NodeThreads, code: string, message: unknown): Promise<Thread> {
  // The worker only calls kernels: it needs none of the process's flags (loaders, inspectors).
  const worker = new Worker(code, { eval: true, execArgv: [], env: {} });
  await new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.on("error", reject);
    worker.once("exit", (code) => reject(new Error(`the worker ended with code ${code}`)));
    worker.postMessage(message);
  });
  worker.unref();
  return { end: () => void worker.terminate() };
}

async function startInBrowser(code: string, message: unknown): Promise<Thread> {
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(url);
  try {
    await new Promise((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = (event) =>
        reject(new Error(event.message || "the browser refused to start a worker from a Blob"));
      worker.postMessage(message);
    });
  } catch (error) {
    worker.terminate();
    throw error;
  } finally {
    URL.revokeObjectURL(url);
  }
  return { end: () => worker.terminate() };
}
