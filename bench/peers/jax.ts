/** jax-js as a contender, on its Wasm backend. Its jit compiles all work. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { defaultDevice, init, jit, lax, nn, numpy as np } from "@jax-js/jax";
import { serve } from "../compare/contender.js";
import { ARGUMENT_SCALE, convolutionShapes, values } from "../work/inputs.js";
import { type Dtype, type Elementwise, FORMS, type Job, Unsupported, type Work } from "../work/work.js";
import { arrayOf } from "./jax-array.js";
import { adamJob, gradientJob, stepJob } from "./jax-steps.js";

// jax-js tests values against a class that only Node 24 and later have.
Object.assign(globalThis, { Float16Array: Reflect.get(globalThis, "Float16Array") ?? class {} });
await init("wasm");
defaultDevice("wasm");

type Fn = (...operands: np.Array[]) => np.Array;

function job(fn: Fn, make: () => np.Array[], fresh = false): Job {
  const compiled = jit(fn as (...operands: np.Array[]) => np.Array);
  let operands = make();
  const free = (): void => {
    for (const array of operands) array.dispose();
  };
  const apply = (): np.Array => compiled(...operands.map((array) => array.ref));
  const run = async (calls: number): Promise<void> => {
    for (let i = 0; i < calls; i++) {
      const y = apply();
      await y.blockUntilReady();
      y.dispose();
    }
  };
  const result = async (): Promise<ArrayLike<number>> => (await apply().data()) as Float32Array;
  const end = (): void => {
    free();
    compiled.dispose();
  };
  const renew = (): void => {
    free();
    operands = make();
  };
  return fresh ? { run, renew, result, end } : { run, result, end };
}

const functions: Record<Elementwise["op"], (x: np.Array) => np.Array> = {
  relu: nn.relu,
  add: (x) => x.ref.add(x),
  exp: np.exp,
  sigmoid: nn.sigmoid,
  tanh: np.tanh,
  gelu: (x) => nn.gelu(x, { approximate: false }),
  softmax: (x) => nn.softmax(x, 1),
};

const operand = (shape: number[], seed: number, dtype: Dtype, scale?: number): np.Array =>
  arrayOf(
    values(
      shape.reduce((a, b) => a * b),
      seed,
      scale,
    ),
    shape,
    dtype,
  );

function jobOf(work: Work): Job {
  switch (work.op) {
    case "matmul": {
      const { m, n, k, dtype, form, fresh } = work;
      const [flipA, flipB] = FORMS[form];
      const [dataA, dataB] = [values(m * k, 1), values(k * n, 2)];
      const make = () => [
        arrayOf(dataA, flipA ? [k, m] : [m, k], dtype),
        arrayOf(dataB, flipB ? [n, k] : [k, n], dtype),
      ];
      const product: Fn = (a, b) => np.matmul(flipA ? np.transpose(a!) : a!, flipB ? np.transpose(b!) : b!);
      return job(product, make, fresh);
    }
    case "conv": {
      const { x, weight } = convolutionShapes(work);
      if (work.pass !== "forward") return gradientJob(work);
      const make = () => [operand(x, 1, "float32"), operand(weight, 2, "float32")];
      return job((a, b) => lax.conv(a!, b!, [1, 1], "VALID"), make);
    }
    case "adam":
      return adamJob(work);
    case "step":
      return stepJob(work);
    default: {
      if (work.dtype === "float64") throw new Unsupported("jax-js computes these in float32");
      const row = Math.min(work.count, 1000);
      const make = () => [operand([work.count / row, row], 1, work.dtype, ARGUMENT_SCALE)];
      return job((x) => functions[work.op](x!), make);
    }
  }
}

const manifest = createRequire(import.meta.url)
  .resolve("@jax-js/jax")
  .replace(/dist.*/, "package.json");
const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
await serve(jobOf, { "jax-js": version });
