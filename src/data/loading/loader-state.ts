import { formatShape, ValueError } from "../../base/errors.js";
import { Tensor } from "../../methods.js";
import { tensor } from "../../ops/layout/factories.js";

/** Where a DataLoader stands: plain data and tensors, for a file. */
export type LoaderState = {
  /** Batches that the epoch under way has given; 0 between epochs. */
  position: number;
  /** The samples of the epoch, one batch after the other, and the size of each batch; null where nothing is to be known. */
  order: { indices: Tensor; sizes: Tensor } | null;
  /** Samples in the data set, where it says. */
  length: number | null;
  /** Samples in a batch, where the loader makes them. */
  batchSize: number | null;
};

/** What a state is of. */
type Subject = Pick<LoaderState, "length" | "batchSize">;

/** A state without tensors. */
export type Place = { position: number; batches: readonly (readonly number[])[] | null };

export function packState({ position, batches }: Place, subject: Subject): LoaderState {
  const order = batches && {
    indices: tensor(Int32Array.from(batches.flat())),
    sizes: tensor(Int32Array.from(batches, (batch) => batch.length)),
  };
  return { position, order, ...subject };
}

const refuse = (problem: string): ValueError => new ValueError("DataLoader.loadStateDict", problem);

/** Takes a state apart after checking it, since it may come from a file. */
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
    const got = x instanceof Tensor ? `${x.dtype} of shape ${formatShape(x.shape)}` : String(x);
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
