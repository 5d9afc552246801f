import type { Dtype } from "../base/dtype.js";
import { FileError, ValueError } from "../base/errors.js";
import { type ArgumentsOf, checkArguments, define, type Kind } from "../base/signature.js";
import { Tensor } from "../methods.js";
import { openSource, type Source } from "../platform/files.js";
import { METADATA, readHeader } from "./safetensors-header.js";
import { collect, namedTensors, sourceKind, type Target, targetKind, writeParts } from "./target.js";
import { allOrNone, byteLength, bytesOf, objectOf, partsOf, tensorFrom } from "./tensor-bytes.js";

/** Options of {@link saveSafetensors}. */
export type SafetensorsOptions = {
  /** Texts about the file, such as `{ format: "pt" }`. */
  metadata?: Readonly<Record<string, string>>;
};

const NAMES: Readonly<Record<Dtype, string>> = {
  float64: "F64",
  float32: "F32",
  int32: "I32",
  uint8: "U8",
  bool: "BOOL",
};

/** Dtypes in the order of the reference implementation. */
const RANK: readonly Dtype[] = ["float64", "float32", "int32", "uint8", "bool"];

const utf8 = new TextEncoder();

/** Compares names by their bytes, as the reference implementation sorts them. */
function byName(a: string, b: string): number {
  const [left, right] = [utf8.encode(a), utf8.encode(b)];
  const at = left.findIndex((byte, i) => byte !== right[i]);
  return at < 0 ? left.length - right.length : left[at]! - (right[at] ?? -1);
}

function checkTensors(op: string, tensors: Readonly<Record<string, Tensor>>): void {
  for (const [name, x] of Object.entries(tensors)) {
    if (!(x instanceof Tensor))
      throw new ValueError(
        op,
        `expected tensors, got ${typeof x} as ${name}`,
        "Numbers and texts may go into metadata",
      );
    if (name === METADATA) throw new ValueError(op, `expected names of tensors, got ${METADATA}`, "Pass { metadata }");
    void x.ptr; // throws for a freed tensor, before anything is written
  }
}

/** The bytes of a file: the widest dtypes first, and names in order, so that everything is aligned. */
function* parts(
  op: string,
  tensors: Readonly<Record<string, Tensor>>,
  options: SafetensorsOptions,
): Generator<Uint8Array> {
  checkTensors(op, tensors);
  const entries = Object.entries(tensors).sort(
    ([a, x], [b, y]) => RANK.indexOf(x.dtype) - RANK.indexOf(y.dtype) || byName(a, b),
  );
  let at = 0;
  const fields = entries.map(([name, x]) => {
    const begin = at;
    at += byteLength(x);
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype: NAMES[x.dtype], shape: x.shape, data_offsets: [begin, at] })}`;
  });
  if (options.metadata !== undefined) fields.unshift(`"${METADATA}":${JSON.stringify(options.metadata)}`);
  const json = utf8.encode(`{${fields.join(",")}}`);
  const header = new Uint8Array(8 + 8 * Math.ceil(json.length / 8)).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - 8), true);
  header.set(json, 8);
  yield header;
  for (const [, x] of entries) yield* bytesOf(x);
}

/** Texts by name. The values are for the writer to check. */
const metadataKind: Kind<Record<string, string>> = {
  expected: "an object of texts",
  fits: (value): value is Record<string, string> =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) === Object.prototype,
};

type Tensors = Readonly<Record<string, Tensor>>;

const saveCall = define(
  "saveSafetensors",
  { tensors: namedTensors, target: targetKind },
  (tensors: Tensors, target: Target, options: SafetensorsOptions = {}) => ({ tensors, target, options }),
  { metadata: metadataKind },
);

const toCall = define(
  "toSafetensors",
  { tensors: namedTensors },
  (tensors: Tensors, options: SafetensorsOptions = {}) => ({ tensors, options }),
  { metadata: metadataKind },
);

/**
 * Writes tensors by name as safetensors.torch.save_file does: the same bytes. A file is replaced as a whole or, on any
 * failure, not at all.
 * @param tensors for example a state dict; of tensors that share memory each is written separately
 * @param target the path of a file (its folder must be there), or a WritableStream
 * @throws ValueError for a value that is no tensor, FileError when the file cannot be written
 * @see https://huggingface.co/docs/safetensors
 * @example
 * ```ts no-run
 * import { nn } from "simdgrad";
 * import { loadSafetensors, saveSafetensors } from "simdgrad/io";
 * const net = new nn.Linear(2, 1);
 * await saveSafetensors(net.stateDict(), "net.safetensors", { metadata: { format: "pt" } });
 * net.loadStateDict(await loadSafetensors("net.safetensors"));
 * ```
 */
export async function saveSafetensors(...args: ArgumentsOf<typeof saveCall>): Promise<void> {
  const { tensors, target, options } = saveCall(...args);
  await writeParts("saveSafetensors", target, parts("saveSafetensors", tensors, options));
}

/**
 * The bytes of the file that {@link saveSafetensors} writes, for hosts without files.
 * @example
 * ```ts
 * import { tensor } from "simdgrad";
 * import { loadSafetensors, toSafetensors } from "simdgrad/io";
 * const bytes = await toSafetensors({ weight: tensor([1, 2]) });
 * (await loadSafetensors(bytes)).weight; // tensor([1., 2.])
 * ```
 */
export async function toSafetensors(...args: ArgumentsOf<typeof toCall>): Promise<Uint8Array<ArrayBuffer>> {
  const { tensors, options } = toCall(...args);
  return collect(parts("toSafetensors", tensors, options));
}

/**
 * Reads the tensors of a .safetensors file, by name. The header is checked as a whole before anything is read: unknown
 * dtypes, keys that appear twice, tensors that overlap or leave holes, and files that are cut short are refused.
 *
 * F16 and BF16 become float32, all integers but U8 become int32 (one that int32 does not hold is refused). The tensors
 * belong to the innermost scope.
 * @param source the path of a file, a URL, a File or Blob, or bytes
 * @throws FileError for files that are not there, cut short, corrupt, or not of this format
 * @see https://huggingface.co/docs/safetensors
 */
export async function loadSafetensors(...args: [source: Source]): Promise<Record<string, Tensor>> {
  checkArguments("loadSafetensors", { source: sourceKind }, args);
  const [source] = args;
  const op = "loadSafetensors";
  const reader = await openSource(op, source);
  try {
    const { entries, data } = await readHeader(op, reader);
    const read = reader.read.bind(reader);
    const tensors = await allOrNone(entries, ({ name, type, shape, begin, end }) =>
      tensorFrom(
        type,
        shape,
        partsOf(read, data + begin, end - begin),
        (problem) => new FileError(op, `${reader.name}: ${name}: ${problem}`),
      ),
    );
    return objectOf(
      entries.map(({ name }) => name),
      tensors,
    );
  } finally {
    await reader.close();
  }
}

/** The texts about a .safetensors file (its `__metadata__`), without its tensors. */
export async function safetensorsMetadata(...args: [source: Source]): Promise<Record<string, string>> {
  checkArguments("safetensorsMetadata", { source: sourceKind }, args);
  const [source] = args;
  const reader = await openSource("safetensorsMetadata", source);
  try {
    return (await readHeader("safetensorsMetadata", reader)).metadata;
  } finally {
    await reader.close();
  }
}
