import { FileError } from "../../base/errors.js";
import { Built, type PickleTable } from "../../formats/pickle/read-pickle.js";

/** A NumPy array as a pickle holds it. */
export class NumpyArray extends Built {
  shape: readonly unknown[] = [];
  /** NumPy's name of the element type: `u1` for uint8. */
  dtype = "";
  fortran: unknown = false;
  bytes = new Uint8Array();

  /** @param state a tuple: (version,) shape, dtype, whether the order is Fortran's, bytes */
  setState(state: unknown): void {
    const [shape, dtype, fortran, bytes] = Array.isArray(state) ? state.slice(-4) : [];
    if (!Array.isArray(shape) || !(dtype instanceof NumpyDtype) || !(bytes instanceof Uint8Array)) return;
    Object.assign(this, { shape, dtype: dtype.name, fortran, bytes });
  }
}

class NumpyDtype extends Built {
  constructor(readonly name: string) {
    super();
  }

  /** The state holds the byte order and the like, which do not matter for uint8. */
  setState(): void {}
}

/** A text; Python 2 pickles it as bytes. Of an object only the class is named: a nested one may be endless. */
export function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return String.fromCharCode(...value.subarray(0, 100));
  return typeof value === "object" ? `a ${value === null ? "None" : value.constructor.name}` : String(value);
}

/** The only objects that a pickle may build here: NumPy arrays, dtypes, and bytes. */
export function numpyTable(op: string, file: string): PickleTable {
  return {
    byteStrings: true,
    find(module, name) {
      const inner = module.replace("numpy._core", "numpy.core");
      if (inner === "numpy" && name === "ndarray") return { value: "ndarray" };
      if (inner === "numpy" && name === "dtype") return { call: ([type]) => new NumpyDtype(textOf(type)) };
      if (inner === "numpy.core.multiarray" && name === "_reconstruct") return { call: () => new NumpyArray() };
      if (inner === "numpy.core.numeric" && name === "_frombuffer") {
        return { call: ([bytes, dtype, shape, order]) => fromBuffer([shape, dtype, order === "F", bytes]) };
      }
      if (module === "_codecs" && name === "encode") return { call: ([text]) => latin1(op, file, text) };
      return undefined;
    },
  };
}

function fromBuffer(state: readonly unknown[]): NumpyArray {
  const out = new NumpyArray();
  out.setState(state);
  return out;
}

/** Bytes that Python 3 pickled for Python 2: a text of characters below 256. */
function latin1(op: string, file: string, text: unknown): Uint8Array {
  const letters = typeof text === "string" ? text : "";
  const out = new Uint8Array(letters.length);
  for (let i = 0; i < out.length; i++) {
    const code = letters.charCodeAt(i);
    if (code > 255) throw new FileError(op, `expected bytes in ${file}, got a text`);
    out[i] = code;
  }
  return out;
}
