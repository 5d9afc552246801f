/** Work as plain data that can be sent to any library's process. Each library makes a job of it. */
export type Dtype = "float32" | "float64";

/** Which operands are stored transposed. */
export const FORMS = { A·B: [false, false], A·Bᵀ: [false, true], Aᵀ·B: [true, false], Aᵀ·Bᵀ: [true, true] } as const;
export type Form = keyof typeof FORMS;

export type Matmul = {
  op: "matmul";
  dtype: Dtype;
  /** [m, k] · [k, n] = [m, n]. */
  m: number;
  n: number;
  k: number;
  form: Form;
  /** New tensors for every call, as in training, instead of the same ones. */
  fresh: boolean;
};

/** Functions of each element; softmax along rows of a thousand. */
export const FUNCTIONS = ["relu", "add", "exp", "sigmoid", "tanh", "gelu", "softmax"] as const;
export type Elementwise = { op: (typeof FUNCTIONS)[number]; dtype: Dtype; count: number };

/** Adam's update of one parameter. */
export type Adam = { op: "adam"; dtype: Dtype; count: number };

/** A convolution without padding, or one of its two gradients. */
export type Convolution = {
  op: "conv";
  pass: "forward" | "input" | "weight";
  batch: number;
  channels: number;
  filters: number;
  side: number;
  kernel: number;
};

/**
 * The learning rate of training steps after the comparison of their losses. A network that has learned its one batch
 * has gradients of 0, and its momentum decays to subnormal numbers, which are a hundred times slower on some
 * processors. Real trainings do not do that.
 */
export const RESTING_RATE = 1e-12;

/** A training step of an example: zeroGrad, forward, loss, backward, update. */
export type Step = { op: "step"; example: 1 | 2 | 3 | 4; batch: number };

export type Work = Matmul | Elementwise | Adam | Convolution | Step;

/** Work that one library is ready to do. */
export type Job = {
  /** Does the work `calls` times. */
  run: (calls: number) => void | Promise<void>;
  /** Makes new operands for the next call; it is not timed. */
  renew?: () => void;
  /** The result of one call; of a training step the losses of the first three. */
  result: () => ArrayLike<number> | Promise<ArrayLike<number>>;
  /** Frees the memory of the job. */
  end?: () => void;
};

/** A library cannot do this work; the message says why. */
export class Unsupported extends Error {}

export const outputSide = ({ side, kernel }: Convolution): number => side - kernel + 1;

/** The amount of work of a call: floating-point operations, elements, or (of a training step) rows or images. */
export function amount(work: Work): { count: number; unit: "FLOP" | "B" | "element" | "row" } {
  switch (work.op) {
    case "matmul":
      return { count: 2 * work.m * work.n * work.k, unit: "FLOP" };
    case "conv": {
      const outputs = work.batch * work.filters * outputSide(work) ** 2;
      return { count: 2 * outputs * work.channels * work.kernel ** 2, unit: "FLOP" };
    }
    case "step":
      return { count: work.batch, unit: "row" };
    default:
      return { count: work.count, unit: "element" };
  }
}

/** The name of work in output and in filters. */
export function nameOf(work: Work): string {
  switch (work.op) {
    case "matmul": {
      const { dtype, m, k, n, form, fresh } = work;
      return `matmul ${dtype} ${m}×${k}×${n} ${form}${fresh ? " fresh" : ""}`;
    }
    case "conv": {
      const { pass, batch, channels, filters, side, kernel } = work;
      const pair = pass === "forward" ? pass : `gradient of ${pass}`;
      return `conv ${batch}×${channels}×${side}² to ${filters}, ${kernel}×${kernel}, ${pair}`;
    }
    case "step":
      return `example ${work.example}, batch ${work.batch}`;
    default:
      return `${work.op} ${work.dtype} ${work.count.toLocaleString("en-US")}`;
  }
}
