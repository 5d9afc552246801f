import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { model } from "../peers/onnx-model.js";
import { OWN, type Program } from "../startup.js";

const folder = fileURLToPath(new URL("../peers", import.meta.url));
const modules = `${folder}/node_modules`;
const TFJS_WASM = `${modules}/@tensorflow/tfjs-backend-wasm/dist`;
const ORT = `${modules}/onnxruntime-web/dist`;

const floats = (numbers: number[]): { type: "float32"; data: Float32Array } => ({
  type: "float32",
  data: Float32Array.from(numbers),
});
const product = model({
  nodes: [{ op: "MatMul", inputs: ["a", "b"], output: "y" }],
  constants: [{ name: "b", shape: [2, 1], ...floats([5, 6]) }],
  inputs: [{ name: "a", shape: [2, 2], type: "float32" }],
  outputs: [{ name: "y", shape: [2, 1], type: "float32" }],
});

const peers: readonly Program[] = [
  {
    label: "TensorFlow.js wasm",
    folder,
    code: `import * as tf from "@tensorflow/tfjs"; import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
setWasmPaths(${JSON.stringify(`${TFJS_WASM}/`)}); await tf.setBackend("wasm");
if (tf.matMul([[1, 2], [3, 4]], [[5], [6]]).dataSync()[1] !== 39) throw new Error("wrong"); process.exit();`,
    files: [`${TFJS_WASM}/tfjs-backend-wasm-simd.wasm`],
  },
  {
    label: "ONNX Runtime Web",
    folder,
    code: `import * as ort from "onnxruntime-web/wasm"; ort.env.wasm.numThreads = 1;
const session = await ort.InferenceSession.create(Uint8Array.from(${JSON.stringify([...product])}));
const { y } = await session.run({ a: new ort.Tensor("float32", [1, 2, 3, 4], [2, 2]) });
if (y.data[1] !== 39) throw new Error("wrong");`,
    files: [`${ORT}/ort-wasm-simd-threaded.wasm`],
  },
  {
    label: "jax-js",
    folder,
    code: `globalThis.Float16Array ??= class {};
const { init, defaultDevice, numpy: np } = await import("@jax-js/jax"); await init("wasm"); defaultDevice("wasm");
if ((await np.matmul(np.array([[1, 2], [3, 4]]), np.array([[5], [6]])).data())[1] !== 39) throw new Error("wrong");`,
  },
];

/** The programs whose start and size are compared. Peers take part only if they are installed. */
export const programs = (): readonly Program[] => (existsSync(ORT) ? [OWN, ...peers] : [OWN]);
