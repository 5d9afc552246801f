import { ValueError } from "../../base/errors.js";
import { type ArgumentsOf, anyNumber, boolean, define, type Kind, orNull } from "../../base/signature.js";
import { type RandomSource, RandomState, randomKind } from "./random-state.js";

/** A list of rows: a plain array (nested or not) or a typed array. */
export type Rows =
  | readonly unknown[]
  | Float32Array<ArrayBufferLike>
  | Float64Array<ArrayBufferLike>
  | Int32Array<ArrayBufferLike>
  | Uint8Array<ArrayBufferLike>;

/** The result of {@link trainTestSplit} for rows T: an array of the same kind. */
export type Taken<T extends Rows> = T extends readonly (infer Row)[]
  ? Row[]
  : T extends Float32Array
    ? Float32Array<ArrayBuffer>
    : T extends Float64Array
      ? Float64Array<ArrayBuffer>
      : T extends Int32Array
        ? Int32Array<ArrayBuffer>
        : Uint8Array<ArrayBuffer>;

/** Options of {@link trainTestSplit}. */
export interface SplitOptions {
  /**
   * The size of the test part: a share in (0, 1), rounded up, or a number of rows. By default the rest, or a quarter
   * where `trainSize` is left out too.
   */
  testSize?: number | null;
  /** The size of the training part: a share in (0, 1), rounded down, or a number of rows. By default the rest. */
  trainSize?: number | null;
  /** A seed or a generator; without it every call gives another split. */
  randomState?: RandomSource | null;
  /** Whether to draw the rows at random (true); otherwise the first rows train and the next ones test. */
  shuffle?: boolean;
  /** One label per row: both parts get the labels in the same proportions. */
  stratify?: ArrayLike<number> | ArrayLike<string> | null;
}

/**
 * Splits data into a training part and a test part, as scikit-learn's `train_test_split`: the same rows in the same
 * order from the same seed.
 *
 * See https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.train_test_split.html
 *
 * @example
 * ```ts
 * import { makeMoons, trainTestSplit } from "simdgrad/data";
 * const [X, y] = makeMoons(1000);
 * const [XTrain, XTest, yTrain, yTest] = trainTestSplit(X, y, { testSize: 0.2, randomState: 42 });
 * ```
 */
export function trainTestSplit<A extends Rows, B extends Rows>(
  X: A,
  y: B,
  options?: SplitOptions,
): [XTrain: Taken<A>, XTest: Taken<A>, yTrain: Taken<B>, yTest: Taken<B>];
export function trainTestSplit(...args: ArgumentsOf<typeof splitCall>): Taken<Rows>[] {
  return splitCall(...args);
}

const rowsKind: Kind<Rows> = {
  expected: "an array or a typed array",
  fits: (value): value is Rows =>
    Array.isArray(value) || [Float32Array, Float64Array, Int32Array, Uint8Array].some((kind) => value instanceof kind),
};

const labelsKind: Kind<ArrayLike<number> | ArrayLike<string>> = {
  expected: "a list of labels",
  fits: (value): value is ArrayLike<number> | ArrayLike<string> => rowsKind.fits(value),
};

const splitCall = define("trainTestSplit", { X: rowsKind, y: rowsKind }, splitRows, {
  testSize: orNull(anyNumber),
  trainSize: orNull(anyNumber),
  randomState: orNull(randomKind),
  shuffle: boolean,
  stratify: orNull(labelsKind),
});

function splitRows(X: Rows, y: Rows, options: SplitOptions = {}): Taken<Rows>[] {
  const n = X.length;
  if (y.length !== n) {
    throw new ValueError("trainTestSplit", `expected as many labels as rows, got ${n} rows and ${y.length} labels`);
  }
  const [train, test] = chooseRows(n, options);
  return [take(X, train), take(X, test), take(y, train), take(y, test)];
}

function chooseRows(n: number, options: SplitOptions): [train: number[], test: number[]] {
  const [trainCount, testCount] = partSizes(n, options.trainSize ?? undefined, options.testSize ?? undefined);
  const { shuffle = true, stratify } = options;
  if (!shuffle) {
    if (stratify) throw new ValueError("trainTestSplit", "stratify draws rows at random and needs shuffle: true");
    const rows = Array.from({ length: n }, (_, i) => i);
    return [rows.slice(0, trainCount), rows.slice(trainCount, trainCount + testCount)];
  }
  const random = RandomState.from(options.randomState ?? undefined);
  if (stratify) return stratifiedRows(n, stratify, trainCount, testCount, random);
  const order = random.permutation(n);
  return [order.slice(testCount, testCount + trainCount), order.slice(0, testCount)];
}

function partSizes(n: number, trainSize?: number, testSize?: number): [train: number, test: number] {
  const count = (name: string, size: number, round: (x: number) => number): number => {
    const isShare = size > 0 && size < 1;
    if (!isShare && !(Number.isInteger(size) && size >= 1 && size < n)) {
      throw new ValueError(
        "trainTestSplit",
        `expected ${name} to be a share in (0, 1) or a number of rows ` + `from 1 to ${n - 1}, got ${size}`,
      );
    }
    return isShare ? round(size * n) : size;
  };
  const train = trainSize === undefined ? undefined : count("trainSize", trainSize, Math.floor);
  const test =
    testSize === undefined
      ? train === undefined
        ? Math.ceil(0.25 * n)
        : n - train
      : count("testSize", testSize, Math.ceil);
  const sizes: [number, number] = [train ?? n - test, test];
  if (sizes[0] < 1 || sizes[0] + sizes[1] > n) {
    throw new ValueError(
      "trainTestSplit",
      `${n} rows cannot give ${sizes[0]} to train on and ${sizes[1]} to test with`,
    );
  }
  return sizes;
}

/** scikit-learn's StratifiedShuffleSplit: splits each class on its own, then shuffles both parts. */
function stratifiedRows(
  n: number,
  labels: ArrayLike<number> | ArrayLike<string>,
  trainCount: number,
  testCount: number,
  random: RandomState,
): [train: number[], test: number[]] {
  if (labels.length !== n) {
    throw new ValueError("trainTestSplit", `expected ${n} labels to stratify by, got ${labels.length}`);
  }
  const classes = rowsByClass(labels);
  const counts = classes.map((rows) => rows.length);
  if (Math.min(...counts) < 2 || Math.min(trainCount, testCount) < counts.length) {
    throw new ValueError(
      "trainTestSplit",
      `stratify needs two rows or more of every class, and parts with room for all ` +
        `${counts.length} classes; got classes of ${counts.join(", ")} rows, parts of ${trainCount} and ${testCount}`,
    );
  }
  const trainOf = approximateMode(counts, trainCount, random);
  const left = counts.map((count, i) => count - trainOf[i]!);
  const testOf = approximateMode(left, testCount, random);
  const orders = classes.map((rows) => random.permutation(rows));
  const train = orders.flatMap((order, i) => order.slice(0, trainOf[i]!));
  const test = orders.flatMap((order, i) => order.slice(trainOf[i]!, trainOf[i]! + testOf[i]!));
  return [random.permutation(train), random.permutation(test)];
}

/** The row numbers of each class, in ascending order of the labels. */
function rowsByClass(labels: ArrayLike<number> | ArrayLike<string>): number[][] {
  const rows = new Map<number | string, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    const known = rows.get(label);
    if (known) known.push(i);
    else rows.set(label, [i]);
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, numbers]) => numbers);
}

/** How many of `draws` each class gets: the most likely outcome of drawing without replacement; draws decide ties. */
function approximateMode(counts: number[], draws: number, random: RandomState): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const exact = counts.map((count) => (count / total) * draws);
  const result = exact.map(Math.floor);
  const remainders = exact.map((x, i) => x - result[i]!);
  let missing = draws - result.reduce((sum, count) => sum + count, 0);
  for (const value of [...new Set(remainders)].sort((a, b) => b - a)) {
    if (missing === 0) break;
    const tied = [...remainders.keys()].filter((i) => remainders[i] === value);
    const chosen = random.choice(tied, Math.min(tied.length, missing), { replace: false });
    for (const i of chosen) result[i]!++;
    missing -= chosen.length;
  }
  return result;
}

function take<T extends Rows>(rows: T, indices: readonly number[]): Taken<T>;
function take(rows: Rows, indices: readonly number[]): Taken<Rows> {
  if (isPlain(rows)) return indices.map((i) => rows[i]);
  const taken = rows.slice(0, indices.length); // an array of the same type
  for (const [to, from] of indices.entries()) taken[to] = rows[from]!;
  return taken;
}

function isPlain(rows: Rows): rows is readonly unknown[] {
  return Array.isArray(rows);
}
