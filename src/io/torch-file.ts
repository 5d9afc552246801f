import { checkArguments } from "../base/signature.js";
import { openSource, type Source } from "../platform/files.js";
import { anything, collect, sourceKind, type Target, targetKind, writeParts } from "./target.js";
import { type Loaded, readTorch } from "./torch-read.js";
import { type Saveable, torchEntries } from "./torch-write.js";
import { type ZipEntry, zipParts } from "./zip-archive.js";

/** PyTorch aligns the data in its archives to this many bytes. */
const ALIGN = 64;

const parts = (entries: ZipEntry[]): AsyncGenerator<Uint8Array> => zipParts(entries, ALIGN);

/**
 * Writes tensors and plain data as torch.save does, for torch.load: a state dict, a checkpoint, a list of tensors. A
 * file is replaced as a whole or, on any failure, not at all.
 *
 * Whole numbers become Python's integers, other numbers its floats, plain objects and Maps its dicts (keys such as "0"
 * its integers, as optimizers have them), arrays its lists. Tensors that share memory share it in the file too.
 *
 * @param value tensors, numbers, strings, booleans, null, and arrays, Maps and plain objects of such
 * @param target the path of a file (its folder must be there), or a WritableStream
 * @throws ValueError for any other value (a module: save its stateDict()), FileError when the file cannot be written
 * @see https://pytorch.org/docs/stable/generated/torch.save.html
 * @example
 * ```ts no-run
 * import { nn } from "simdgrad";
 * import { load, save } from "simdgrad/io";
 * const net = new nn.Linear(2, 1);
 * await save(net.stateDict(), "net.pth");
 * net.loadStateDict((await load("net.pth")) as nn.StateDict);
 * ```
 */
export async function save(...args: [value: Saveable, target: Target]): Promise<void> {
  checkArguments("save", { value: anything, target: targetKind }, args);
  const [value, target] = args;
  await writeParts("save", target, parts(torchEntries("save", value)));
}

/**
 * The bytes of the file that {@link save} writes, for hosts without files.
 * @example
 * ```ts
 * import { tensor } from "simdgrad";
 * import { load, toBytes } from "simdgrad/io";
 * const bytes = await toBytes({ weight: tensor([1, 2]), epoch: 3 });
 * await load(bytes); // the same again
 * ```
 */
export async function toBytes(...args: [value: Saveable]): Promise<Uint8Array<ArrayBuffer>> {
  checkArguments("toBytes", { value: anything }, args);
  const [value] = args;
  return collect(parts(torchEntries("toBytes", value)));
}

/**
 * Reads what torch.save (or {@link save}) wrote, in its zip format or the older one. Only tensors and plain containers
 * are built; a file that asks for anything else, such as a whole pickled module, is refused before anything is built.
 *
 * float16 and bfloat16 become float32, all integers but uint8 become int32 (an int64 that int32 does not hold is
 * refused), dicts become plain objects, tuples arrays, dtypes their names. The tensors belong to the innermost scope.
 *
 * @param source the path of a file, a URL, a File or Blob, or bytes
 * @throws FileError for files that are not there, cut short, corrupt, or not of this format
 * @see https://pytorch.org/docs/stable/generated/torch.load.html
 */
export async function load(...args: [source: Source]): Promise<Loaded> {
  checkArguments("load", { source: sourceKind }, args);
  const [source] = args;
  const reader = await openSource("load", source);
  try {
    return await readTorch("load", reader);
  } finally {
    await reader.close();
  }
}
