import { FileError } from "../base/errors.js";
import { checkArguments } from "../base/signature.js";
import type { Tensor } from "../methods.js";
import { openSource, type Source } from "../platform/files.js";
import { checkTensor, npyFile, readNpy } from "./npy.js";
import { collect, namedTensors, sourceKind, type Target, targetKind, writeParts } from "./target.js";
import { allOrNone, objectOf } from "./tensor-bytes.js";
import { isZip, openZip, zipParts } from "./zip-archive.js";

const SUFFIX = ".npy";

function parts(op: string, tensors: Readonly<Record<string, Tensor>>): AsyncGenerator<Uint8Array> {
  for (const [name, x] of Object.entries(tensors)) checkTensor(op, x, ` as ${name}`);
  return zipParts(Object.entries(tensors).map(([name, x]) => ({ path: `${name}${SUFFIX}`, ...npyFile(x) })));
}

/**
 * Writes tensors by name as numpy.savez does: a zip archive of .npy files, not compressed. A file is replaced as a
 * whole or, on any failure, not at all.
 * @param target the path of a file (its folder must be there), or a WritableStream
 * @throws ValueError for a value that is no tensor, FileError when the file cannot be written
 * @see https://numpy.org/doc/stable/reference/generated/numpy.savez.html
 * @example
 * ```ts no-run
 * import { rand } from "simdgrad";
 * import { loadNpz, saveNpz } from "simdgrad/io";
 * await saveNpz({ x: rand([2, 3]), y: rand([2]) }, "data.npz");
 * const { x, y } = await loadNpz("data.npz");
 * ```
 */
export async function saveNpz(...args: [tensors: Readonly<Record<string, Tensor>>, target: Target]): Promise<void> {
  checkArguments("saveNpz", { tensors: namedTensors, target: targetKind }, args);
  const [tensors, target] = args;
  await writeParts("saveNpz", target, parts("saveNpz", tensors));
}

/**
 * The bytes of the file that {@link saveNpz} writes, for hosts without files.
 * @example
 * ```ts
 * import { tensor } from "simdgrad";
 * import { loadNpz, toNpz } from "simdgrad/io";
 * const bytes = await toNpz({ x: tensor([1, 2]) });
 * (await loadNpz(bytes)).x; // tensor([1., 2.])
 * ```
 */
export async function toNpz(...args: [tensors: Readonly<Record<string, Tensor>>]): Promise<Uint8Array<ArrayBuffer>> {
  checkArguments("toNpz", { tensors: namedTensors }, args);
  const [tensors] = args;
  return collect(parts("toNpz", tensors));
}

/**
 * Reads what numpy.savez, numpy.savez_compressed (or {@link saveNpz}) wrote: tensors by name, as {@link loadNpy} makes
 * them. Every checksum is compared.
 * @param source the path of a file, a URL, a File or Blob, or bytes
 * @throws FileError for files that are not there, cut short, corrupt, or not of this format
 * @see https://numpy.org/doc/stable/reference/generated/numpy.load.html
 */
export async function loadNpz(...args: [source: Source]): Promise<Record<string, Tensor>> {
  checkArguments("loadNpz", { source: sourceKind }, args);
  const [source] = args;
  const op = "loadNpz";
  const reader = await openSource(op, source);
  try {
    if (!isZip(await reader.read(0, Math.min(reader.size, 4)))) {
      throw new FileError(op, `${reader.name}: expected a .npz file, got another format`, "Use loadNpy for .npy files");
    }
    const archive = await openZip(op, reader);
    const paths = [...archive.sizes.keys()];
    const odd = paths.find((path) => !path.endsWith(SUFFIX));
    if (odd !== undefined) throw new FileError(op, `${reader.name}: expected .npy files in it, got ${odd}`);
    const tensors = await allOrNone(paths, async (path) => {
      const bytes = await archive.read(path);
      return readNpy(op, `${reader.name}: ${path}`, bytes.length, async (from, length) =>
        bytes.slice(from, from + length),
      );
    });
    return objectOf(
      paths.map((path) => path.slice(0, -SUFFIX.length)),
      tensors,
    );
  } finally {
    await reader.close();
  }
}
