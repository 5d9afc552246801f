import { ValueError } from "../../base/errors.js";
import { anyNumber, boolean, define, integerFrom, orNull } from "../../base/signature.js";
import { portable } from "../../random/portable.js";
import { type RandomSource, RandomState, randomKind } from "./random-state.js";

/** Options of {@link makeMoons}. */
export interface MoonsOptions {
  /** Standard deviation of the normal noise added to both coordinates; none by default. */
  noise?: number | null;
  /** A seed or a generator; without it every call gives other points. */
  randomState?: RandomSource | null;
  /** Whether the points are in random order (true), or those of the outer moon first. */
  shuffle?: boolean;
}

/**
 * Two interleaving half circles, a toy problem of binary classification: scikit-learn's `make_moons`, with the same
 * points from the same seed. (They may differ in the last bit or two, as NumPy's sine, cosine and logarithm do between
 * hosts.)
 *
 * Returns the points [n, 2] and their labels [n]: 0 for the outer moon, 1 for the inner one.
 *
 * See https://scikit-learn.org/stable/modules/generated/sklearn.datasets.make_moons.html
 *
 * @example
 * ```ts
 * import { tensor } from "simdgrad";
 * import { makeMoons } from "simdgrad/data";
 * const [X, y] = makeMoons(1000, { noise: 0.3, randomState: 0 });
 * const input = tensor(X, { dtype: "float64" }); // [1000, 2]
 * ```
 */
export const makeMoons = define(
  "makeMoons",
  { nSamples: integerFrom(1) },
  (nSamples: number = 100, options: MoonsOptions = {}): [X: number[][], y: number[]] => moons(nSamples, options),
  { noise: orNull(anyNumber), randomState: orNull(randomKind), shuffle: boolean },
);

function moons(n: number, options: MoonsOptions): [X: number[][], y: number[]] {
  const { shuffle = true } = options;
  const noise = options.noise ?? undefined;
  if (noise !== undefined && !(noise >= 0)) throw new ValueError("makeMoons", `expected noise ≥ 0, got ${noise}`);
  const random = RandomState.from(options.randomState ?? undefined);
  const outer = halfCircle(Math.floor(n / 2));
  const inner = halfCircle(n - outer.length).map(([cos, sin]) => [1 - cos, 1 - sin - 0.5]);
  let X: number[][] = [...outer, ...inner];
  let y = [...outer.map(() => 0), ...inner.map(() => 1)];
  if (shuffle) {
    const order = random.permutation(n);
    X = order.map((i) => X[i]!);
    y = order.map((i) => y[i]!);
  }
  if (noise !== undefined) X = X.map((point) => point.map((x) => x + random.normal(0, noise)));
  return [X, y];
}

/** [cos t, sin t] for n values of t from 0 to π. */
function halfCircle(n: number): [number, number][] {
  const step = Math.PI / (n - 1);
  return Array.from({ length: n }, (_, i) => {
    const t = i === 0 ? 0 : i === n - 1 ? Math.PI : i * step;
    return [portable.cos(t), portable.sin(t)];
  });
}
