import * as tf from "@tensorflow/tfjs";
import { classes, values, weight } from "../work/inputs.js";
import { type Job, RESTING_RATE, type Step, Unsupported } from "../work/work.js";

/** The last argument of a function for tf.customGrad; tfjs-core types it as a tensor. */
type Saved = { save: (tensors: tf.Tensor[]) => void };

/**
 * x · w with a gradient that first transposes its operands: matMul's gradient multiplies transposed operands, for which
 * the Wasm backend has only a scalar loop.
 */
const dense = tf.customGrad((x, w, save) => {
  (save as Saved["save"])([x as tf.Tensor, w as tf.Tensor]);
  return {
    value: tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [a, b] = saved as [tf.Tensor2D, tf.Tensor2D];
      return [tf.matMul(dy as tf.Tensor2D, tf.transpose(b)), tf.matMul(tf.transpose(a), dy as tf.Tensor2D)];
    },
  };
});

/**
 * A convolution without padding, with its own gradients: the Wasm backend has none for the filters, and a scalar loop
 * for the input. Here both are convolutions, which run on XNNPACK: dw = x * dy with channels as images, and dx =
 * (padded dy) * (flipped filters).
 */
const conv = tf.customGrad((x, w, save) => {
  (save as Saved["save"])([x as tf.Tensor, w as tf.Tensor]);
  return {
    value: tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "valid"),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [input, filters] = saved as [tf.Tensor4D, tf.Tensor4D];
      const side = filters.shape[0] - 1;
      const channelsFirst = tf.transpose(input, [3, 1, 2, 0]);
      const asFilters = tf.transpose(dy as tf.Tensor4D, [1, 2, 0, 3]);
      const ofFilters = tf.transpose(tf.conv2d(channelsFirst, asFilters, 1, "valid"), [1, 2, 0, 3]);
      const padded = tf.pad(dy as tf.Tensor4D, [
        [0, 0],
        [side, side],
        [side, side],
        [0, 0],
      ]);
      const flipped = tf.transpose(tf.reverse(filters, [0, 1]), [0, 1, 3, 2]);
      return [tf.conv2d(padded, flipped as tf.Tensor4D, 1, "valid"), ofFilters];
    },
  };
});

/** The first layer's input needs no gradient. */
const firstConv = (x: tf.Tensor4D) =>
  tf.customGrad((w, save) => {
    (save as Saved["save"])([w as tf.Tensor]);
    return {
      value: tf.conv2d(x, w as tf.Tensor4D, 1, "valid"),
      gradFunc: (dy: tf.Tensor) => {
        const channelsFirst = tf.transpose(x, [3, 1, 2, 0]);
        const asFilters = tf.transpose(dy as tf.Tensor4D, [1, 2, 0, 3]);
        return [tf.transpose(tf.conv2d(channelsFirst, asFilters, 1, "valid"), [1, 2, 0, 3])];
      },
    };
  });

/** Example 3's parameters in PyTorch's shapes, each with the order of dims in TensorFlow.js. */
const PARAMETERS: readonly [shape: number[], order: number[]][] = [
  [
    [6, 3, 5, 5],
    [2, 3, 1, 0],
  ],
  [[6], [0]],
  [
    [16, 6, 5, 5],
    [2, 3, 1, 0],
  ],
  [[16], [0]],
  [
    [120, 400],
    [1, 0],
  ],
  [[120], [0]],
  [
    [84, 120],
    [1, 0],
  ],
  [[84], [0]],
  [
    [10, 84],
    [1, 0],
  ],
  [[10], [0]],
];

/** The network of example 3 and its training step. The cpu backend has all gradients itself. */
export function stepJob({ example, batch }: Step, backend: string): Job {
  if (example !== 3) throw new Unsupported("only example 3 was written for TensorFlow.js");
  const parameters = PARAMETERS.map(([shape, order], i) =>
    tf.tidy(() => tf.variable(tf.transpose(tf.tensor(Float32Array.from(weight(shape, i)), shape), order))),
  );
  const [w1, b1, w2, b2, w3, b3, w4, b4, w5, b5] = parameters as tf.Tensor[];
  const pixels = tf.tensor4d(Float32Array.from(values(batch * 3072, 1, 2)), [batch, 3, 32, 32]);
  const x = tf.transpose(pixels, [0, 2, 3, 1]) as tf.Tensor4D;
  const y = tf.oneHot(tf.tensor1d(Int32Array.from(classes(batch, 2)), "int32"), 10);
  const optimizer = tf.train.momentum(0.001, 0.9);
  const byHand = backend === "wasm";
  const layer = (from: tf.Tensor, to: tf.Tensor, bias: tf.Tensor): tf.Tensor =>
    tf.add(byHand ? dense(from, to) : tf.matMul(from as tf.Tensor2D, to as tf.Tensor2D), bias);
  const pool = (from: tf.Tensor): tf.Tensor => tf.maxPool(tf.relu(from) as tf.Tensor4D, 2, 2, "valid");
  const loss = (): tf.Scalar => {
    const first = byHand ? firstConv(x)(w1!) : tf.conv2d(x, w1 as tf.Tensor4D, 1, "valid");
    let h = pool(tf.add(first, b1!));
    h = pool(tf.add(byHand ? conv(h, w2!) : tf.conv2d(h as tf.Tensor4D, w2 as tf.Tensor4D, 1, "valid"), b2!));
    h = tf.reshape(tf.transpose(h, [0, 3, 1, 2]), [batch, 400]); // PyTorch's order of features
    h = tf.relu(layer(h, w3!, b3!));
    h = tf.relu(layer(h, w4!, b4!));
    return tf.losses.softmaxCrossEntropy(y, layer(h, w5!, b5!)) as tf.Scalar;
  };
  return {
    run: (calls) => {
      for (let i = 0; i < calls; i++) optimizer.minimize(loss, false);
    },
    result: () => {
      const losses = [0, 1, 2].map(() => optimizer.minimize(loss, true)!.dataSync()[0]!);
      optimizer.setLearningRate(RESTING_RATE);
      return losses;
    },
    end: () => {
      tf.dispose([...parameters, pixels, x, y]);
      optimizer.dispose();
    },
  };
}
