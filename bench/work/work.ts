/** Work that several libraries can do, described so that it can be sent to any of them; each makes a job of it. */
export type Dtype = "float32" | "float64";

/** Which operands are stored transposed. */
export const FORMS = { A·B: [false, false], A·Bᵀ: [false, true], Aᵀ·B: [true, false], Aᵀ·Bᵀ: [true, true] } as const;
export type Form = keyof typeof FORMS;

export type Matmul = {
  op: "matmul";
  dtype: Dtype;
  /** Rows of the result, its columns, and what is summed over. */
  m: number;
  n: number;
  k: number;
  form: Form;
  /** New tensors for every call, as in training, instead of the same ones. */
  fresh: boolean;
};

/** One function of every element; softmax along rows of a thousand. */
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
 * The learning rate of training steps once their losses were compared. A network that learned its one batch by heart would
 * have gradients of 0, and momentum that decays to subnormal numbers, which cost some processors a hundred times as much:
 * no training on data is like that.
 */
export const RESTING_RATE = 1e-12;

/** A training step of one of the examples: gradients forgotten, forward, loss, backward, update. */
export type Step = { op: "step"; example: 1 | 2 | 3 | 4; batch: number };

export type Work = Matmul | Elementwise | Adam | Convolution | Step;

/** Work made ready in one library. */
export type Job = {
  /** Does the work so many times. */
  run: (calls: number) => void | Promise<void>;
  /** Makes new operands for the next call; it is not timed. */
  renew?: () => void;
  /** The result of doing it once, or of a training step the losses of the first three. */
  result: () => ArrayLike<number> | Promise<ArrayLike<number>>;
  /** Frees its memory. */
  end?: () => void;
};

/** Thrown for what a library cannot do; the message says why. */
export class Unsupported extends Error {}

export const outputSide = ({ side, kernel }: Convolution): number => side - kernel + 1;

/** What one call does: floating-point operations, or bytes read and written; a training step counts images or rows. */
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

/** The name under which work is printed and filtered. */
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
