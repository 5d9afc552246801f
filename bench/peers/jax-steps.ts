import { grad, jit, lax, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { classes, convolutionShapes, values, weight } from "../work/inputs.js";
import { type Adam, type Convolution, type Job, RESTING_RATE, type Step, Unsupported } from "../work/work.js";
import { arrayOf } from "./jax-array.js";

/** Parameters of example 3, in PyTorch's shapes. */
const SHAPES = [[6, 3, 5, 5], [6], [16, 6, 5, 5], [16], [120, 400], [120], [84, 120], [84], [10, 84], [10]];

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b);

/** 2 × 2 max pooling as a maximum over two extra dims, because jax-js has the gradient of a maximum. */
function pool(x: np.Array): np.Array {
  const [n, c, h, w] = x.shape as [number, number, number, number];
  return np.max(x.reshape([n, c, h / 2, 2, w / 2, 2]), [3, 5]);
}

const layer = (x: np.Array, w: np.Array, bias: np.Array): np.Array => np.matmul(x, np.transpose(w)).add(bias);
const conv = (x: np.Array, w: np.Array, bias: np.Array): np.Array =>
  lax.conv(x, w, [1, 1], "VALID").add(bias.reshape([-1, 1, 1]));

function loss(parameters: np.Array[], x: np.Array, y: np.Array): np.Array {
  const [w1, b1, w2, b2, w3, b3, w4, b4, w5, b5] = parameters as [np.Array, ...np.Array[]];
  const batch = x.shape[0]!;
  let h = pool(nn.relu(conv(x, w1, b1!)));
  h = pool(nn.relu(conv(h, w2!, b2!)));
  h = nn.relu(layer(h.reshape([batch, 400]), w3!, b3!));
  h = nn.relu(layer(h, w4!, b4!));
  const chances = nn.logSoftmax(layer(h, w5!, b5!), 1);
  return chances
    .mul(nn.oneHot(y, 10))
    .sum()
    .mul(-1 / batch);
}

type State = { parameters: np.Array[]; momenta: np.Array[] };

/** A step of SGD with momentum: loss, gradients and update in one compiled function. */
function step({ parameters, momenta }: State, x: np.Array, y: np.Array, lr: np.Array): [np.Array, State] {
  const [value, gradients] = valueAndGrad(loss)(tree.ref(parameters), x, y) as [np.Array, np.Array[]];
  const next = momenta.map((momentum, i) => momentum.mul(0.9).add(gradients[i]!));
  const moved = parameters.map((p, i) => p.sub(next[i]!.ref.mul(lr.ref)));
  lr.dispose();
  return [value, { parameters: moved, momenta: next }];
}

export function stepJob({ example, batch }: Step): Job {
  if (example !== 3) throw new Unsupported("only example 3 was written for jax-js");
  const compiled = jit(step);
  let state: State = {
    parameters: SHAPES.map((shape, i) => arrayOf(weight(shape, i), shape)),
    momenta: SHAPES.map((shape) => np.zeros(shape)),
  };
  const x = arrayOf(values(batch * 3072, 1, 2), [batch, 3, 32, 32]);
  const y = arrayOf(classes(batch, 2), [batch], "int32");
  let rate = np.array(0.001);
  const once = async (): Promise<number> => {
    const [value, next] = compiled(state, x.ref, y.ref, rate.ref);
    state = next;
    await Promise.all([...state.parameters, ...state.momenta].map((array) => array.blockUntilReady()));
    return (await value.data())[0]!;
  };
  const run = async (calls: number): Promise<void> => {
    for (let i = 0; i < calls; i++) await once();
  };
  const result = async (): Promise<number[]> => {
    const losses = [await once(), await once(), await once()];
    rate.dispose();
    rate = np.array(RESTING_RATE);
    return losses;
  };
  return { run, result, end: () => void tree.dispose([state, x, y, rate]) };
}

/** Adam as a compiled function of parameter, gradient, moments and the two corrections. */
export function adamJob({ count, dtype }: Adam): Job {
  if (dtype === "float64") throw new Unsupported("written for float32 only");
  const update = jit((p: np.Array, g: np.Array, m: np.Array, v: np.Array, size: np.Array, root: np.Array) => {
    const first = m.mul(0.9).add(g.ref.mul(0.1));
    const second = v.mul(0.999).add(np.square(g).mul(0.001));
    const moved = p.sub(first.ref.mul(size).div(np.sqrt(second.ref).div(root).add(1e-8)));
    return [moved, first, second];
  });
  let [p, m, v] = [arrayOf(values(count, 1), [count]), np.zeros([count]), np.zeros([count])];
  const g = arrayOf(values(count, 2), [count]);
  let steps = 0;
  const once = async (): Promise<void> => {
    steps++;
    const corrections = [0.001 / (1 - 0.9 ** steps), Math.sqrt(1 - 0.999 ** steps)].map((x) => np.array(x));
    [p, m, v] = update(p, g.ref, m, v, ...(corrections as [np.Array, np.Array])) as [np.Array, np.Array, np.Array];
    await Promise.all([p, m, v].map((array) => array.blockUntilReady()));
  };
  const run = async (calls: number): Promise<void> => {
    for (let i = 0; i < calls; i++) await once();
  };
  const result = async (): Promise<ArrayLike<number>> => {
    await once();
    return (await p.ref.data()) as Float32Array;
  };
  return { run, result, end: () => void tree.dispose([p, m, v, g]) };
}

/** A gradient of a convolution y, as that of ∑ y · dy; the sum takes almost no time. */
export function gradientJob(work: Convolution): Job {
  const shapes = convolutionShapes(work);
  const [x, w, dy] = [shapes.x, shapes.weight, shapes.y].map((shape, i) =>
    arrayOf(values(product(shape), i + 1), shape),
  ) as [np.Array, np.Array, np.Array];
  const score = (a: np.Array, b: np.Array, c: np.Array): np.Array => lax.conv(a, b, [1, 1], "VALID").mul(c).sum();
  const compiled = jit(grad(score, { argnums: work.pass === "input" ? 0 : 1 }));
  const apply = (): np.Array => compiled(x.ref, w.ref, dy.ref);
  const run = async (calls: number): Promise<void> => {
    for (let i = 0; i < calls; i++) {
      const gradient = apply();
      await gradient.blockUntilReady();
      gradient.dispose();
    }
  };
  const result = async (): Promise<ArrayLike<number>> => (await apply().data()) as Float32Array;
  return { run, result, end: () => void tree.dispose([x, w, dy]) };
}
