import { F, manualSeed, nn, randint, randn, setNumThreads, type Tensor } from "simdgrad";
import { useRelaxedSimd } from "simdgrad/relaxed";
import { onThreads, Training } from "./threads.js";

/** Values, each with the sum of magnitudes that scales its rounding error. */
export type Judged = { values: number[]; magnitudes: number[] };

const numbers = (x: Tensor): number[] => [...x.toTypedArray()];

/** A product for every path of gemm: whole tiles, edges, few rows, few columns, one row. */
function products(dtype: "float32" | "float64"): Judged[] {
  manualSeed(1);
  const sizes: [number, number, number][] = [
    [40, 64, 300],
    [37, 29, 70],
    [4, 120, 400],
    [50, 3, 90],
    [1, 33, 600],
  ];
  return sizes.map(([m, n, k]) => {
    const [a, b] = [randn([m, k], { dtype }), randn([k, n], { dtype })];
    return { values: numbers(a.matmul(b)), magnitudes: numbers(a.abs().matmul(b.abs())) };
  });
}

/** The gradients of a step; the largest one of a tensor scales its errors. */
function step(): Judged[] {
  manualSeed(2);
  const net = new nn.Sequential(
    new nn.Conv2d(3, 6, 5),
    new nn.Tanh(),
    new nn.Conv2d(6, 16, 5),
    new nn.Tanh(),
    new nn.Flatten(),
    new nn.Linear(16 * 24 * 24, 10),
  );
  F.crossEntropy(net.forward(randn([4, 3, 32, 32])), randint(10, [4])).backward();
  return net.parameters().map((p) => {
    const values = numbers(p.grad!);
    const most = values.reduce((top, x) => Math.max(top, Math.abs(x)), 0);
    return { values, magnitudes: values.map(() => most) };
  });
}

/** A training that must give the same bits on one thread and on two. */
async function trained(threads: number): Promise<string> {
  return onThreads(threads, () => {
    const training = new Training();
    for (let i = 0; i < 2; i++) training.step();
    return training.state();
  });
}

const [way] = process.argv.slice(2);
const attempt = (): string => {
  try {
    useRelaxedSimd();
    return "done";
  } catch (error) {
    return String(error);
  }
};
const compute = (): unknown => ({ float32: products("float32"), float64: products("float64"), step: step() });
const ways: Record<string, () => unknown> = {
  ordinary: compute,
  relaxed: () => {
    useRelaxedSimd();
    useRelaxedSimd(); // a second call has no effect
    return compute();
  },
  first: attempt,
  late: () => {
    randn([2, 2]);
    return attempt();
  },
  "behind threads": async () => {
    await setNumThreads(2);
    return attempt();
  },
  threads: async () => {
    useRelaxedSimd();
    return (await trained(1)) === (await trained(2));
  },
};
console.log(JSON.stringify(await ways[way!]!()));
