/** simdgrad's jobs, through the public API. */
import { F, grad, keep, nn, noGrad, optim, scope, type Tensor, tensor } from "simdgrad";
import { ARGUMENT_SCALE, convolutionShapes, values } from "./inputs.js";
import { stepJob } from "./simdgrad-steps.js";
import { type Adam, type Convolution, type Elementwise, FORMS, type Job, type Matmul, type Work } from "./work.js";

const input = (
  data: Float32Array | Float64Array,
  shape: readonly number[],
  dtype: "float32" | "float64",
  requiresGrad = false,
): Tensor => keep(tensor(data, { shape, dtype, requiresGrad }));

/** Calls a function `calls` times, each in its own scope, which frees the result before the next call. */
function repeat(body: () => unknown): (calls: number) => void {
  const once = (): void => scope(() => void body());
  return (calls) => {
    for (let i = 0; i < calls; i++) once();
  };
}

function matmul({ m, n, k, form, dtype, fresh }: Matmul): Job {
  const [flipA, flipB] = FORMS[form];
  const Data = dtype === "float32" ? Float32Array : Float64Array;
  const [dataA, dataB] = [Data.from(values(m * k, 1)), Data.from(values(k * n, 2))];
  const make = (): [Tensor, Tensor] => [
    input(dataA, flipA ? [k, m] : [m, k], dtype),
    input(dataB, flipB ? [n, k] : [k, n], dtype),
  ];
  const product = ([a, b]: [Tensor, Tensor]): Tensor => (flipA ? a.t() : a).mm(flipB ? b.t() : b);
  let pair = make();
  const end = (): void => {
    for (const operand of pair) operand.free();
  };
  const renew = (): void => {
    end();
    pair = make();
  };
  const result = (): ArrayLike<number> => scope(() => product(pair).toTypedArray());
  const job = { run: repeat(() => product(pair)), result, end };
  return fresh ? { ...job, renew } : job;
}

const functions: Record<Elementwise["op"], (x: Tensor) => Tensor> = {
  relu: F.relu,
  add: (x) => x.add(x),
  exp: (x) => x.exp(),
  sigmoid: (x) => x.sigmoid(),
  tanh: (x) => x.tanh(),
  gelu: (x) => F.gelu(x),
  softmax: (x) => F.softmax(x, 1),
};

function elementwise({ op, dtype, count }: Elementwise): Job {
  const x = input(values(count, 1, ARGUMENT_SCALE), [count / Math.min(count, 1000), Math.min(count, 1000)], dtype);
  const apply = (): Tensor => functions[op](x);
  return { run: repeat(apply), result: () => scope(() => apply().toTypedArray()), end: () => x.free() };
}

function adam({ dtype, count }: Adam): Job {
  const parameter = new nn.Parameter(tensor(values(count, 1), { dtype }));
  keep(parameter);
  parameter.grad = input(values(count, 2), [count], dtype);
  const optimizer = new optim.Adam([parameter], { lr: 0.001 });
  const run = repeat(() => optimizer.step());
  const result = (): ArrayLike<number> => {
    run(1);
    return parameter.toTypedArray();
  };
  return { run, result };
}

function convolution(work: Convolution): Job {
  const shapes = convolutionShapes(work);
  const of = (shape: readonly number[], seed: number): Tensor =>
    input(
      values(
        shape.reduce((a, b) => a * b),
        seed,
      ),
      shape,
      "float32",
      work.pass !== "forward",
    );
  const [x, weight] = [of(shapes.x, 1), of(shapes.weight, 2)];
  const y = keep(F.conv2d(x, weight));
  const gradient = of(shapes.y, 3).detach();
  const wanted = work.pass === "input" ? x : weight;
  const body = (): Tensor => {
    if (work.pass === "forward") return F.conv2d(x, weight);
    return grad(y, wanted, { gradOutputs: gradient, retainGraph: true })[0]!;
  };
  const end = (): void => {
    for (const each of [x, weight, y, gradient]) each.free();
  };
  return { run: repeat(body), result: () => scope(() => body().toTypedArray()), end };
}

/** The job that does some work. */
export function jobOf(work: Work): Job {
  switch (work.op) {
    case "matmul":
      return noGrad(() => matmul(work));
    case "conv":
      return convolution(work);
    case "adam":
      return adam(work);
    case "step":
      return stepJob(work);
    default:
      return elementwise(work);
  }
}
