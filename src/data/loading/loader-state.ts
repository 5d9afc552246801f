import { formatShape, ValueError } from "../../base/errors.js";
import { shown } from "../../base/signature.js";
import { Tensor } from "../../methods.js";
import { tensor } from "../../ops/layout/factories.js";

/** The state of a DataLoader, in plain data and tensors that a file can hold. */
export type LoaderState = {
  /** Batches that the current epoch has given; 0 between epochs. */
  position: number;
  /**
   * The indices of the epoch's samples, batch after batch, and the size of each batch; null between epochs and for
   * iterables.
   */
  order: { indices: Tensor; sizes: Tensor } | null;
  /** Samples in the data set; null for iterables. */
  length: number | null;
  /** Samples in a batch; null where the loader does not cut batches itself. */
  batchSize: number | null;
};

/** What a state belongs to: a loader of this length and batch size. */
type Subject = Pick<LoaderState, "length" | "batchSize">;

/** A state without tensors: the batches given so far, and the indices of all batches. */
export type Place = { position: number; batches: readonly (readonly number[])[] | null };

export function packState({ position, batches }: Place, subject: Subject): LoaderState {
  const order = batches && {
    indices: tensor(Int32Array.from(batches.flat())),
    sizes: tensor(Int32Array.from(batches, (batch) => batch.length)),
  };
  return { position, order, ...subject };
}

const refuse = (problem: string): ValueError => new ValueError("DataLoader.loadStateDict", problem);

/** Checks a state, which may come from a file, and unpacks it. */
export function unpackState(state: LoaderState, subject: Subject): Place {
  const { position, order } = state;
  for (const key of ["length", "batchSize"] as const) {
    if (state[key] !== subject[key]) {
      throw refuse(`expected the state of a loader with ${key} ${subject[key]}, got one with ${key} ${state[key]}`);
    }
  }
  if (!Number.isInteger(position) || position < 0) throw refuse(`expected a position of 0 or more, got ${position}`);
  const numbered = subject.length !== null && position > 0;
  if (numbered !== (order !== null)) throw refuse(`expected ${numbered ? "an" : "no"} order at position ${position}`);
  return { position, batches: order && unpackOrder(order, position, subject.length!) };
}

function unpackOrder({ indices, sizes }: NonNullable<LoaderState["order"]>, position: number, samples: number) {
  for (const [name, x] of Object.entries({ indices, sizes })) {
    if (x instanceof Tensor && x.ndim === 1 && x.dtype === "int32") continue;
    const got = x instanceof Tensor ? `${x.dtype} of shape ${formatShape(x.shape)}` : shown(x);
    throw refuse(`expected order.${name} to be an int32 tensor with one dim, got ${got}`);
  }
  const [all, cuts] = [indices.toTypedArray(), [...sizes.toTypedArray()]];
  const total = cuts.reduce((a, b) => a + b, 0);
  if (total !== all.length || cuts.some((size) => size < 0) || position > cuts.length) {
    const got = `${cuts.length} batches of ${total} indices together, ${all.length} indices`;
    throw refuse(`expected the order of ${position} batches or more, got ${got}`);
  }
  const wrong = all.find((index) => index < 0 || index >= samples);
  if (wrong !== undefined) throw refuse(`expected indices in [0, ${samples - 1}] in the order, got ${wrong}`);
  let start = 0;
  return cuts.map((size) => {
    start += size;
    return Array.from(all.subarray(start - size, start));
  });
}
