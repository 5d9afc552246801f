import { convolutionWork } from "../work/convolutions.js";
import { type Dtype, FORMS, type Form, FUNCTIONS, type Matmul, nameOf, type Step, type Work } from "../work/work.js";
import type { ContenderName } from "./contenders.js";

/** The work of one contender in a case; `folder`: take the simdgrad of the checkout there. */
export type Entry = { label: string; contender: ContenderName; work: Work; folder?: string };

/** The same work by several contenders, side by side. Ratios are times over the first one's time. */
export type Case = { group: string; name: string; entries: Entry[] };

const WASM = ["TensorFlow.js wasm", "ONNX Runtime Web", "jax-js"] as const;
const ALL = ["simdgrad", "PyTorch", ...WASM] as const;

const entry = (contender: ContenderName, work: Work): Entry => ({ label: contender, contender, work });
const sideBySide = (group: string, work: Work, contenders: readonly ContenderName[]): Case => ({
  group,
  name: nameOf(work),
  entries: contenders.map((each) => entry(each, work)),
});

const SQUARES = [256, 512, 1024];
const SMALL: readonly (readonly [m: number, k: number, n: number])[] = [
  [32, 32, 32],
  [48, 48, 48],
  [64, 64, 64],
  [4, 400, 120],
  [6, 75, 3136],
  [16, 150, 400],
  [16, 150, 25088],
  [64, 27, 64516],
  [128, 576, 15625],
];

type Sizes = readonly [m: number, k: number, n: number];
const matmul = ([m, k, n]: Sizes, dtype: Dtype, form: Form, fresh: boolean): Matmul => ({
  op: "matmul",
  dtype,
  m,
  n,
  k,
  form,
  fresh,
});
const cube = (n: number): Sizes => [n, n, n];

function* products(): Generator<Case> {
  for (const fresh of [false, true]) {
    const group = `matmul float32, operands ${fresh ? "fresh" : "reused"}`;
    const contenders = fresh ? ALL : (["simdgrad", "PyTorch", "NumPy", ...WASM] as const);
    for (const n of SQUARES) yield sideBySide(group, matmul(cube(n), "float32", "A·B", fresh), contenders);
  }
  for (const n of SQUARES) {
    for (const form of (Object.keys(FORMS) as Form[]).slice(1)) {
      const item = sideBySide("matmul float32, transposed", matmul(cube(n), "float32", form, false), ALL);
      const plain = matmul(cube(n), "float32", "A·B", false);
      item.entries.splice(1, 0, { label: "simdgrad A·B", contender: "simdgrad", work: plain });
      yield item;
    }
  }
  const doubles = ["simdgrad", "PyTorch", "NumPy", "ONNX Runtime Web", "jax-js"] as const;
  for (const n of SQUARES) yield sideBySide("matmul float64", matmul(cube(n), "float64", "A·B", false), doubles);
  for (const fresh of [false, true]) {
    const group = `small and convolution-shaped matmul, operands ${fresh ? "fresh" : "reused"}`;
    for (const sizes of SMALL) yield sideBySide(group, matmul(sizes, "float32", "A·B", fresh), ALL);
  }
}

const MILLION = 1e6;
function* elements(): Generator<Case> {
  for (const op of FUNCTIONS) yield sideBySide("elementwise", { op, dtype: "float32", count: MILLION }, ALL);
  for (const op of ["relu", "add"] as const) {
    yield sideBySide("large tensors", { op, dtype: "float32", count: 10 * MILLION }, ALL);
  }
  for (const count of [MILLION, 10 * MILLION]) {
    yield sideBySide("large tensors", { op: "adam", dtype: "float32", count }, ALL);
  }
}

function* convolutions(): Generator<Case> {
  for (const work of convolutionWork) {
    // jax-js has all gradients, but takes a minute for a large convolution.
    const small = work.kernel === 5;
    const forward = WASM.filter((name) => small || name !== "jax-js");
    const peers = work.pass === "forward" ? forward : WASM.filter((name) => small && name === "jax-js");
    yield sideBySide("convolutions", work, ["simdgrad", "PyTorch", ...peers]);
  }
}

const step = (example: Step["example"], batch: number): Step => ({ op: "step", example, batch });
function* steps(): Generator<Case> {
  const group = "training steps";
  yield sideBySide(group, step(1, 640), ["simdgrad", "PyTorch"]);
  yield sideBySide(group, step(2, 12), ["simdgrad", "PyTorch"]);
  yield sideBySide(group, step(3, 4), ["simdgrad", "PyTorch", "jax-js", "TensorFlow.js wasm", "TensorFlow.js cpu"]);
  for (const batch of [64, 256]) yield sideBySide(group, step(3, batch), ["simdgrad", "PyTorch"]);
  yield sideBySide(group, step(4, 4), ["simdgrad", "PyTorch"]);
}

const SQUARE_512 = matmul(cube(512), "float32", "A·B", false);
function* options(): Generator<Case> {
  const two = ["simdgrad, 2 threads", "simdgrad", "PyTorch, 2 threads"] as const;
  for (const work of [SQUARE_512, step(4, 4)]) yield sideBySide("two threads", work, two);
  yield sideBySide("relaxed SIMD", SQUARE_512, ["simdgrad relaxed, Node 22", "simdgrad, Node 22"]);
}

export const CASES: readonly Case[] = [...products(), ...elements(), ...convolutions(), ...steps(), ...options()];
