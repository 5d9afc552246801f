import { FileError } from "../base/errors.js";
import { plain, readPickle } from "../formats/pickle/read-pickle.js";
import type { Tensor } from "../methods.js";
import type { Reader } from "../platform/files.js";
import { type Parts, tensorFrom } from "./tensor-bytes.js";
import { isLegacy, readLegacy } from "./torch-legacy.js";
import type { StorageType } from "./torch-storage.js";
import { storageTypes } from "./torch-storage.js";
import { PendingStorage, PendingTensor, TensorMaker, TorchTable } from "./torch-tensors.js";
import { isZip, openZip } from "./zip-archive.js";

/** The values in a file of torch.save: tensors in plain containers. */
export type Loaded =
  | Tensor
  | number
  | bigint
  | string
  | boolean
  | null
  | Uint8Array
  | Loaded[]
  | Set<Loaded>
  | Map<Loaded, Loaded>
  | { [key: string]: Loaded };

async function readArchive(op: string, reader: Reader): Promise<{ value: unknown; maker: TensorMaker }> {
  const { name } = reader;
  const archive = await openZip(op, reader);
  const path = [...archive.sizes.keys()].find((entry) => /^[^/]+\/data\.pkl$/.test(entry));
  if (path === undefined) {
    const script = [...archive.sizes.keys()].some((entry) => entry.endsWith("/constants.pkl"));
    const hint = script ? "TorchScript models are code: save a state_dict() instead" : "Is it a .npz? Use loadNpz";
    throw new FileError(op, `${name}: expected data.pkl in an archive of torch.save, got none`, hint);
  }
  const folder = path.slice(0, -"data.pkl".length);
  const order = archive.sizes.has(`${folder}byteorder`) ? await archive.read(`${folder}byteorder`) : undefined;
  const table = new TorchTable(op, name);
  if (order !== undefined && new TextDecoder().decode(order) !== "little")
    throw table.fail("expected a little-endian file");
  const { value } = readPickle(op, name, await archive.read(path), table);
  for (const storage of table.storages.values()) {
    const [expected, got] = [storage.size * storage.type.itemSize, archive.sizes.get(`${folder}data/${storage.key}`)];
    if (expected !== got) {
      throw table.fail(`expected ${expected} bytes of storage ${storage.key}, got ${got ?? "no such entry"}`);
    }
  }
  const maker = new TensorMaker();
  try {
    for (const storage of table.storages.values()) {
      const parts: Parts = (take) => archive.parts(`${folder}data/${storage.key}`, take);
      maker.fill(storage, await tensorFrom(storage.type, [storage.size], parts, table.failIn(storage)));
    }
  } catch (error) {
    maker.free();
    throw error;
  }
  return { value, maker };
}

/** Storage types that appear as values are names. */
const isStorageType = (value: unknown): value is StorageType => [...storageTypes.values()].some((t) => t === value);

/** Reads what torch.save wrote, in either of its formats. */
export async function readTorch(op: string, reader: Reader): Promise<Loaded> {
  const { name } = reader;
  const head = await reader.read(0, Math.min(reader.size, 512));
  const read = isZip(head) ? readArchive : isLegacy(head) ? readLegacy : undefined;
  if (read === undefined)
    throw new FileError(op, `${name}: expected a file of torch.save, got ${kindOf(head)}`, hintOf(head));
  const { value, maker } = await read(op, reader);
  try {
    return plain(op, name, value, (leaf) => {
      if (leaf instanceof PendingTensor) return maker.make(leaf);
      if (leaf instanceof PendingStorage) throw new FileError(op, `${name}: expected tensors, got a bare storage`);
      if (isStorageType(leaf)) return `torch.${leaf.name}Storage`;
      if (typeof leaf === "function" || typeof leaf === "symbol")
        throw new FileError(op, `${name}: expected plain data, got a function`);
      if (typeof leaf === "object" && leaf !== null && !(leaf instanceof Uint8Array)) {
        throw new FileError(op, `${name}: expected plain data, got a function`);
      }
      return leaf;
    }) as Loaded;
  } catch (error) {
    maker.free();
    throw error;
  }
}

const isTar = (head: Uint8Array): boolean => new TextDecoder("latin1").decode(head.subarray(257, 262)) === "ustar";

function kindOf(head: Uint8Array): string {
  if (head.length === 0) return "an empty file";
  if (isTar(head)) return "a tar archive";
  if (head[0] === 0x1f && head[1] === 0x8b) return "a gzip file";
  if (head[0] === 0x93) return "a .npy file";
  const bytes = Array.from(head.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return `a file that starts with ${bytes}`;
}

function hintOf(head: Uint8Array): string | undefined {
  if (isTar(head)) return "PyTorch before 0.2 wrote tar archives: load and save it again with a newer one";
  if (head[0] === 0x93) return "Use loadNpy";
  return head[8] === 0x7b ? "Is it a .safetensors file? Use loadSafetensors" : undefined;
}
