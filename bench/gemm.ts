import { alloc, free, view, workspace, writeStruct } from "../src/runtime/heap.js";
import { f32, f64 } from "../src/runtime/kernels.js";
import { launch } from "../src/runtime/launch.js";
import { limit } from "./limit.js";
import type { Case, Suite } from "./suite.js";
import { values } from "./work/inputs.js";
import { FORMS, type Form } from "./work/work.js";

type Type = "f32" | "f64";

const ALL = Object.keys(FORMS) as Form[];

/** m × n × k: squares, then the sizes in a small image network and in the smallest networks. */
const SIZES: readonly [m: number, n: number, k: number, forms: readonly Form[]][] = [
  [256, 256, 256, ALL],
  [512, 512, 512, ALL],
  [1024, 1024, 1024, ALL],
  [64, 64, 64, ALL],
  [48, 48, 48, ["A·B"]],
  [32, 32, 32, ["A·B"]],
  [4, 120, 400, ["A·Bᵀ"]],
  [4, 400, 120, ["A·B"]],
  [120, 400, 4, ["Aᵀ·B"]],
  [6, 3136, 75, ["A·B"]],
  [16, 400, 150, ["A·B"]],
  [16, 25088, 150, ["A·B"]],
  [64, 64516, 27, ["A·B"]],
  [128, 15625, 576, ["A·B"]],
  [128, 576, 15625, ["A·Bᵀ"]],
  [1, 1000, 1000, ["A·B", "A·Bᵀ"]],
  [640, 2, 2, ["A·Bᵀ"]],
  [2, 2, 640, ["Aᵀ·B"]],
];

/** The kernel alone on operands at fixed addresses. The first call makes them, so that skipped cases need no memory. */
function caseOf(type: Type, m: number, n: number, k: number, form: Form): Case {
  const [flipA, flipB] = FORMS[form];
  const size = type === "f32" ? 4 : 8;
  const counts = [m * k, k * n, m * n];
  const strides = [...(flipA ? [1, m, 0] : [k, 1, 0]), ...(flipB ? [1, k, 0] : [n, 1, 0]), n, 1, 0, 0, 0, 0];
  const { gemm, gemmUnits, gemmWork } = type === "f32" ? f32() : f64();
  let blocks: number[] | undefined;
  const make = (): number[] =>
    counts.map((count, seed) => {
      const at = alloc(count * size, "bench");
      const all = type === "f32" ? view().f32 : view().f64;
      all.set(values(count, seed), at / size);
      return at;
    });
  const fn = (): void => {
    blocks ??= make();
    const work = workspace(gemmWork(k));
    const struct = writeStruct([...blocks, 0, 1, m, n, k, ...strides]);
    launch(gemm, gemmUnits(struct), struct, work);
  };
  const end = (): void => {
    for (const [i, at] of (blocks ?? []).entries()) free(at, counts[i]! * size);
  };
  return {
    name: `${type} ${m}×${n}×${k} ${form}`,
    fn,
    work: 2 * m * n * k,
    limit: (seconds) => limit(type, seconds),
    end,
  };
}

function* cases(type: Type): Generator<Case> {
  for (const [m, n, k, forms] of SIZES) for (const form of forms) yield caseOf(type, m, n, k, form);
}

export const gemm: Suite = {
  name: "gemm",
  *cases() {
    yield* cases("f32");
    yield* cases("f64");
  },
};
