import { type CaseResult, type EntryResult, formatRatio, formatTime, type Results } from "../results.js";

/** The value that one case reached. */
type Reached = { name: string; value: number };

/** A bar of the project: in each of some cases, a value must be at least `least` or at most `most`. */
type Bar = {
  work: string;
  bar: string;
  least?: number;
  most?: number;
  format: (value: number) => string;
  reached: (cases: readonly CaseResult[]) => Reached[];
};

const WASM = ["TensorFlow.js wasm", "ONNX Runtime Web", "jax-js"];

const entryOf = (item: CaseResult, label: string): EntryResult | undefined =>
  item.entries.find((entry) => entry.label === label);

/** The values of the cases of a group whose names match, without cases where the value was not measured. */
const each =
  (group: string, name: RegExp, value: (item: CaseResult) => number | undefined) =>
  (cases: readonly CaseResult[]): Reached[] =>
    cases
      .filter((item) => item.group === group && name.test(item.name))
      .map((item) => ({ name: item.name, value: value(item) }))
      .filter((reached): reached is Reached => reached.value !== undefined);

const ANY = /./;
const fraction = (item: CaseResult): number | undefined => item.fraction;
const over = (label: string) => (item: CaseResult) => entryOf(item, label)?.ratio;
/** The ratio of the fastest Wasm peer. */
function overWasm(item: CaseResult): number | undefined {
  const ratios = WASM.map((label) => entryOf(item, label)?.ratio).filter((ratio) => ratio !== undefined);
  return ratios.length > 0 ? Math.min(...ratios) : undefined;
}
/** The speed of the first entry, if it was measured. */
const gigaflops = (item: CaseResult): number | undefined => {
  const { seconds } = item.entries[0]!;
  return seconds === undefined ? undefined : item.count / seconds / 1e9;
};

const times = formatRatio;
const REUSED = "matmul float32, operands reused";
const FRESH = "matmul float32, operands fresh";
const TRANSPOSED = "matmul float32, transposed";
const SMALL = "small and convolution-shaped matmul, operands";
const STEPS = "training steps";
const percent = (value: number): string => `${(100 * value).toFixed(0)} %`;
const giga = (value: number): string => `${value.toPrecision(3)} GFLOP/s`;

export const BARS: readonly Bar[] = [
  {
    work: "matmul float32 256³ to 1024³",
    bar: "0.72 of the machine's limit",
    least: 0.72,
    format: percent,
    reached: each(REUSED, ANY, fraction),
  },
  {
    work: "the same, operands reused",
    bar: "1.3 × the best Wasm peer",
    least: 1.3,
    format: times,
    reached: each(REUSED, ANY, overWasm),
  },
  {
    work: "the same, operands fresh",
    bar: "1.5 × the best Wasm peer",
    least: 1.5,
    format: times,
    reached: each(FRESH, ANY, overWasm),
  },
  {
    work: "the same, transposed",
    bar: "within 5 % of plain",
    least: 0.95,
    format: percent,
    reached: each(TRANSPOSED, ANY, over("simdgrad A·B")),
  },
  {
    work: "the same, transposed",
    bar: "10 × TensorFlow.js",
    least: 10,
    format: times,
    reached: each(TRANSPOSED, ANY, over("TensorFlow.js wasm")),
  },
  {
    work: "matmul float64 256³ to 1024³",
    bar: "20 GFLOP/s",
    least: 20,
    format: giga,
    reached: each("matmul float64", ANY, gigaflops),
  },
  {
    work: "matmul float64 256³ to 1024³",
    bar: "3 × the best Wasm peer",
    least: 3,
    format: times,
    reached: each("matmul float64", ANY, overWasm),
  },
  {
    work: "small and convolution-shaped matmul, operands reused",
    bar: "1.3 × the best Wasm peer",
    least: 1.3,
    format: times,
    reached: each(`${SMALL} reused`, ANY, overWasm),
  },
  {
    work: "small and convolution-shaped matmul, operands fresh",
    bar: "2 × the best Wasm peer",
    least: 2,
    format: times,
    reached: each(`${SMALL} fresh`, ANY, overWasm),
  },
  {
    work: "examples 1 and 2, a step",
    bar: "10 × PyTorch",
    least: 10,
    format: times,
    reached: each(STEPS, /example [12],/, over("PyTorch")),
  },
  ...(
    [
      [4, 2],
      [64, 1.3],
      [256, 1.2],
    ] as const
  ).map(
    ([batch, least]): Bar => ({
      work: `example 3, a step of ${batch} images`,
      bar: `${least} × PyTorch`,
      least,
      format: times,
      reached: each(STEPS, new RegExp(`example 3, batch ${batch}$`), over("PyTorch")),
    }),
  ),
  {
    work: "example 4, a step of 4 images, two threads on both sides",
    bar: "1.1 × PyTorch",
    least: 1.1,
    format: times,
    reached: each("two threads", /example 4/, over("PyTorch, 2 threads")),
  },
  ...(
    [
      ["jax-js", 40],
      ["TensorFlow.js wasm", 15],
    ] as const
  ).map(
    ([peer, least]): Bar => ({
      work: "example 3, a step of 4 images",
      bar: `${least} × ${peer}`,
      least,
      format: times,
      reached: each(STEPS, /example 3, batch 4$/, over(peer)),
    }),
  ),
  {
    work: "relu, add, Adam on large tensors",
    bar: "PyTorch's rate",
    least: 1,
    format: times,
    reached: each("large tensors", ANY, over("PyTorch")),
  },
  {
    work: "exp, sigmoid, tanh, gelu, softmax, one million",
    bar: "half of PyTorch's rate",
    least: 0.5,
    format: times,
    reached: each("elementwise", /exp|sigmoid|tanh|gelu|softmax/, over("PyTorch")),
  },
  {
    work: "exp and gelu, one million",
    bar: "4 × the best Wasm peer",
    least: 4,
    format: times,
    reached: each("elementwise", /exp|gelu/, overWasm),
  },
  {
    work: "two threads against one: 512³, example 4",
    bar: "1.8 ×",
    least: 1.8,
    format: times,
    reached: each("two threads", ANY, over("simdgrad")),
  },
  {
    work: "relaxed SIMD, Node 22, 512³",
    bar: "50 GFLOP/s",
    least: 50,
    format: giga,
    reached: each("relaxed SIMD", ANY, gigaflops),
  },
  {
    work: "import to first result, whole process",
    bar: "under 40 ms more than an empty script",
    most: 0.04,
    format: formatTime,
    reached: each("start-up", ANY, (item) => entryOf(item, "simdgrad")?.more),
  },
  {
    work: "download: core with Wasm, minified and gzipped",
    bar: "under 60 kB",
    most: 60_000,
    format: (bytes) => `${(bytes / 1000).toFixed(0)} kB`,
    reached: each("download", ANY, (item) => entryOf(item, "simdgrad")?.bytes),
  },
];

/** The range of the values that the cases of a bar reached, and how many cases meet the bar. */
export function judge({ least, most, format, reached }: Bar, { cases }: Results): { reached: string; met: string } {
  const all = reached(cases);
  if (all.length === 0) return { reached: "not measured", met: "–" };
  const values = all.map(({ value }) => value);
  const good = values.filter(
    (value) => (least === undefined || value >= least) && (most === undefined || value <= most),
  );
  const [low, high] = [Math.min(...values), Math.max(...values)].map(format);
  const met = good.length === all.length ? "yes" : all.length === 1 ? "no" : `${good.length} of ${all.length}`;
  return { reached: low === high ? low! : `${low} to ${high}`, met };
}
