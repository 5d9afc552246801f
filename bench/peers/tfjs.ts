/** TensorFlow.js as a contender; TFJS_BACKEND is "wasm" or "cpu". */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs";
import * as wasm from "@tensorflow/tfjs-backend-wasm";
import { serve } from "../compare/contender.js";
import { ARGUMENT_SCALE, convolutionShapes, values } from "../work/inputs.js";
import {
  type Adam,
  type Convolution,
  type Elementwise,
  FORMS,
  type Job,
  type Matmul,
  Unsupported,
  type Work,
} from "../work/work.js";
import { stepJob } from "./tfjs-steps.js";

const backend = process.env.TFJS_BACKEND ?? "wasm";
const folder = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"));
wasm.setWasmPaths(`${folder}/`);
await tf.setBackend(backend);
await tf.ready();

const floats = (count: number, seed: number, scale?: number): Float32Array =>
  Float32Array.from(values(count, seed, scale));

function repeat(body: () => tf.Tensor): (calls: number) => void {
  return (calls) => {
    for (let i = 0; i < calls; i++) body().dispose();
  };
}

const read =
  (body: () => tf.Tensor): (() => ArrayLike<number>) =>
  () => {
    const tensor = body();
    const data = tensor.dataSync();
    tensor.dispose();
    return data;
  };

function matmul({ m, n, k, form, dtype, fresh }: Matmul): Job {
  if (dtype === "float64") throw new Unsupported("TensorFlow.js has no float64");
  const [flipA, flipB] = FORMS[form];
  const [dataA, dataB] = [floats(m * k, 1), floats(k * n, 2)];
  const make = (): [tf.Tensor, tf.Tensor] => [
    tf.tensor(dataA, flipA ? [k, m] : [m, k]),
    tf.tensor(dataB, flipB ? [n, k] : [k, n]),
  ];
  const product = ([a, b]: [tf.Tensor, tf.Tensor]): tf.Tensor => tf.matMul(a, b, flipA, flipB);
  let pair = make();
  const end = (): void => tf.dispose(pair);
  const renew = (): void => {
    end();
    pair = make();
  };
  const job = { run: repeat(() => product(pair)), result: read(() => product(pair)), end };
  return fresh ? { ...job, renew } : job;
}

/** gelu by TensorFlow's formula, because TensorFlow.js has no kernel for it. */
const gelu = (x: tf.Tensor): tf.Tensor =>
  tf.tidy(() => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)));

const functions: Record<Elementwise["op"], (x: tf.Tensor) => tf.Tensor> = {
  relu: tf.relu,
  add: (x) => tf.add(x, x),
  exp: tf.exp,
  sigmoid: tf.sigmoid,
  tanh: tf.tanh,
  gelu,
  softmax: (x) => tf.softmax(x),
};

function elementwise({ op, count }: Elementwise): Job {
  const row = Math.min(count, 1000);
  const x = tf.tensor(floats(count, 1, ARGUMENT_SCALE), [count / row, row]);
  const body = (): tf.Tensor => functions[op](x);
  return { run: repeat(body), result: read(body), end: () => x.dispose() };
}

function adam({ count }: Adam): Job {
  const parameter = tf.variable(tf.tensor(floats(count, 1), [count]));
  const gradient = tf.tensor(floats(count, 2), [count]);
  const optimizer = tf.train.adam(0.001);
  const update = (): void => optimizer.applyGradients([{ name: parameter.name, tensor: gradient }]);
  const run = (calls: number): void => {
    for (let i = 0; i < calls; i++) update();
  };
  const result = (): ArrayLike<number> => {
    update();
    return parameter.dataSync();
  };
  const end = (): void => {
    tf.dispose([parameter, gradient]);
    optimizer.dispose();
  };
  return { run, result, end };
}

/** A convolution in NHWC, the only layout of the backends; the result to compare is in NCHW. */
function convolution(work: Convolution): Job {
  if (work.pass !== "forward") throw new Unsupported("the Wasm backend has no gradient of convolutions");
  const shapes = convolutionShapes(work);
  const of = (shape: number[], seed: number, order: number[]): tf.Tensor =>
    tf.tidy(() =>
      tf.transpose(
        tf.tensor(
          floats(
            shape.reduce((a, b) => a * b),
            seed,
          ),
          shape,
        ),
        order,
      ),
    );
  const x = of(shapes.x, 1, [0, 2, 3, 1]) as tf.Tensor4D;
  const weight = of(shapes.weight, 2, [2, 3, 1, 0]) as tf.Tensor4D;
  const body = (): tf.Tensor => tf.conv2d(x, weight, 1, "valid");
  const result = read(() => tf.tidy(() => tf.transpose(body(), [0, 3, 1, 2])));
  return { run: repeat(body), result, end: () => tf.dispose([x, weight]) };
}

function jobOf(work: Work): Job {
  switch (work.op) {
    case "matmul":
      return matmul(work);
    case "conv":
      return convolution(work);
    case "step":
      return stepJob(work, backend);
    default:
      if (work.dtype === "float64") throw new Unsupported("TensorFlow.js has no float64");
      return work.op === "adam" ? adam(work) : elementwise(work);
  }
}

await serve(jobOf, { "TensorFlow.js": tf.version.tfjs });
