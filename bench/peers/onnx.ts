/** ONNX Runtime Web as a contender: a session of one operation. */
import * as ort from "onnxruntime-web/wasm";
import { serve } from "../compare/contender.js";
import { ARGUMENT_SCALE, convolutionShapes, values } from "../work/inputs.js";
import { type Dtype, type Elementwise, FORMS, type Job, Unsupported, type Work } from "../work/work.js";
import { type Constant, type ElementType, model, type Node, type Value } from "./onnx-model.js";

ort.env.wasm.numThreads = 1;

type Operand = { shape: readonly number[]; data: Float32Array | Float64Array };
type Operation = { dtype: Dtype; operands: Operand[]; nodes: Node[]; shape: readonly number[]; fresh?: boolean };

const operand = (shape: readonly number[], seed: number, dtype: Dtype, scale?: number): Operand => {
  const data = values(
    shape.reduce((a, b) => a * b),
    seed,
    scale,
  );
  return { shape, data: dtype === "float32" ? Float32Array.from(data) : data };
};

const ints = (name: string, data: number[]): Constant => ({
  name,
  type: "int64",
  shape: [data.length],
  data: BigInt64Array.from(data, BigInt),
});

/**
 * A session with the outputs y and `first`, one element of y. Timed runs ask for `first` only, so that the copy of y to
 * JavaScript is not timed. Reused operands are constants of the model, which the runtime packs in advance. Constant
 * folding is off, because it would do all the work in advance.
 */
async function session({ dtype, operands, nodes, shape, fresh = false }: Operation): Promise<ort.InferenceSession> {
  const type: ElementType = dtype;
  const named = operands.map((each, i) => ({ ...each, name: `x${i}`, type }));
  const axes = shape.map((_, i) => i);
  const bounds = [
    ints(
      "from",
      axes.map(() => 0),
    ),
    ints(
      "to",
      axes.map(() => 1),
    ),
    ints("axes", axes),
  ];
  const slice: Node = { op: "Slice", inputs: ["y", "from", "to", "axes"], output: "first" };
  const outputs: Value[] = [
    { name: "y", type, shape },
    { name: "first", type, shape: axes.map(() => 1) },
  ];
  const inputs = fresh ? named : [];
  const bytes = model({ nodes: [...nodes, slice], constants: [...bounds, ...(fresh ? [] : named)], inputs, outputs });
  return ort.InferenceSession.create(bytes, {
    executionProviders: ["wasm"],
    graphOptimizationLevel: fresh ? "all" : "disabled",
    logSeverityLevel: 3,
  });
}

async function job(operation: Operation): Promise<Job> {
  const { dtype, operands, fresh = false } = operation;
  const running = await session(operation);
  const make = (): Record<string, ort.Tensor> =>
    Object.fromEntries(
      operands.map(({ data, shape }, i) => [`x${i}`, new ort.Tensor(dtype, data.slice(), [...shape])]),
    );
  let feeds = fresh ? make() : {};
  const run = async (calls: number): Promise<void> => {
    for (let i = 0; i < calls; i++) await running.run(feeds, ["first"]);
  };
  const result = async (): Promise<ArrayLike<number>> => {
    const { y } = await running.run(feeds, ["y"]);
    return y!.data as Float32Array | Float64Array;
  };
  const end = (): void => void running.release();
  const renew = (): void => {
    feeds = make();
  };
  return fresh ? { run, renew, result, end } : { run, result, end };
}

const OPS: Record<Elementwise["op"], string> = {
  relu: "Relu",
  add: "Add",
  exp: "Exp",
  sigmoid: "Sigmoid",
  tanh: "Tanh",
  gelu: "Gelu",
  softmax: "Softmax",
};

function elementwise({ op, dtype, count }: Elementwise): Promise<Job> {
  const row = Math.min(count, 1000);
  const shape = [count / row, row];
  const inputs = op === "add" ? ["x0", "x0"] : ["x0"];
  const nodes = [{ op: OPS[op], inputs, output: "y" }];
  return job({ dtype, operands: [operand(shape, 1, dtype, ARGUMENT_SCALE)], nodes, shape });
}

function jobOf(work: Work): Promise<Job> {
  switch (work.op) {
    case "matmul": {
      const { m, n, k, dtype, form, fresh } = work;
      const [flipA, flipB] = FORMS[form];
      const operands = [operand(flipA ? [k, m] : [m, k], 1, dtype), operand(flipB ? [n, k] : [k, n], 2, dtype)];
      const attributes = { transA: Number(flipA), transB: Number(flipB) };
      const plain = { op: "MatMul", inputs: ["x0", "x1"], output: "y" };
      const nodes = [flipA || flipB ? { ...plain, op: "Gemm", attributes } : plain];
      return job({ dtype, operands, nodes, shape: [m, n], fresh });
    }
    case "conv": {
      if (work.pass !== "forward") throw new Unsupported("ONNX Runtime Web has no gradients");
      const { x, weight, y } = convolutionShapes(work);
      const operands = [operand(x, 1, "float32"), operand(weight, 2, "float32")];
      return job({ dtype: "float32", operands, nodes: [{ op: "Conv", inputs: ["x0", "x1"], output: "y" }], shape: y });
    }
    case "adam":
    case "step":
      throw new Unsupported("ONNX Runtime Web does not train");
    default:
      return elementwise(work);
  }
}

await serve(jobOf, { "ONNX Runtime Web": ort.env.versions.web ?? "unknown" });
