import { ValueError } from "../../base/errors.js";
import { alwaysFalse, boolean, define, func, integerFrom, type Kind, orNull } from "../../base/signature.js";
import type { Generator } from "../../random/generator.js";
import { collateNamed } from "./collate.js";
import type { Dataset, IterableDataset, MapDataset } from "./dataset.js";
import type { Collate } from "./epoch.js";
import { DRAWN, datasetKind, iterableKind } from "./loading-kinds.js";
import type { Sampler } from "./samplers.js";

/** For each batch, the indices of its samples. */
export type Batches = Iterable<readonly number[]> & { readonly length?: number };

/** Options of a DataLoader that do not depend on the data. */
export interface LoadingOptions {
  /** Whether every epoch has a new random order (false). */
  shuffle?: boolean;
  /** The order of the samples, instead of `shuffle`. */
  sampler?: Sampler;
  /** Which samples make each batch, instead of `batchSize`, `shuffle`, `sampler` and `dropLast`. */
  batchSampler?: Batches;
  /** Whether a last batch that is not full is left out (false). */
  dropLast?: boolean;
  /** The generator that an epoch draws from; the default generator when left out. */
  generator?: Generator;
  /** 0: there are no workers. */
  numWorkers?: 0;
  /** false: there is no other memory. */
  pinMemory?: false;
}

/** Options of a DataLoader for samples T and batches B. */
export type DataLoaderOptions<T, B> =
  | (LoadingOptions & {
      /** Samples in a batch (1). */
      batchSize?: number;
      /** Makes a batch of samples; `defaultCollate` when left out. */
      collate?: (samples: T[]) => B;
    })
  | (LoadingOptions & {
      /** No batches: the samples one by one, as they are. */
      batchSize: null;
      /** Makes something of each sample; the sample itself when left out. */
      collate?: (sample: T) => B;
    });

/** What a loader takes by position, as PyTorch does: the data set, the batch size, shuffle, sampler, batchSampler. */
export type LoaderArguments<T, B> =
  | [dataset: MapDataset<T> | IterableDataset<T>, options?: DataLoaderOptions<T, B>]
  | [
      dataset: MapDataset<T> | IterableDataset<T>,
      batchSize: number | null,
      shuffle: boolean | null,
      sampler?: Sampler | null,
      batchSampler?: Batches | null,
    ]
  | [
      dataset: MapDataset<T> | IterableDataset<T>,
      batchSize: number,
      options?: LoadingOptions & { collate?: (samples: T[]) => B },
    ];

const noWorkers: Kind<number> = {
  expected: "0",
  fits: (value): value is number => value === 0,
  hint: () => "There are no workers: in a for-await loop the data set reads ahead by itself",
};

/** The call of a loader: its data set and its options, without those that were left out. */
export const loaderCall = define(
  "DataLoader",
  {
    dataset: datasetKind,
    batchSize: orNull(integerFrom(1)),
    shuffle: orNull(boolean),
    sampler: orNull(iterableKind),
    batchSampler: orNull(iterableKind),
  },
  (
    dataset: object,
    batchSize: number | null | undefined = undefined,
    shuffle: boolean | null = null,
    sampler: Sampler | null = null,
    batchSampler: Batches | null = null,
    { dropLast, collate, generator }: LoaderKeywords = {},
  ) => ({
    dataset,
    options: {
      ...(batchSize !== undefined && { batchSize }),
      ...(shuffle !== null && { shuffle }),
      ...(sampler && { sampler }),
      ...(batchSampler && { batchSampler }),
      ...(dropLast !== undefined && { dropLast }),
      ...(collate && { collate }),
      ...(generator && { generator }),
    },
  }),
  {
    dropLast: boolean,
    collate: func,
    ...DRAWN,
    numWorkers: noWorkers,
    pinMemory: alwaysFalse("The memory of WebAssembly is that of the program"),
  },
);

type LoaderKeywords = { dropLast?: boolean; collate?: (samples: never) => unknown; generator?: Generator | null };

/** Refuses options that contradict each other, as PyTorch does. */
export function checkOptions<T, B>(options: DataLoaderOptions<T, B>, mapStyle: boolean): void {
  const { batchSize = 1, shuffle = false, dropLast = false, sampler, batchSampler } = options;
  const given = { shuffle, sampler: sampler !== undefined, batchSampler: batchSampler !== undefined };
  const refuse = (problem: string): never => {
    throw new ValueError("DataLoader", problem);
  };
  for (const [name, on] of mapStyle ? [] : Object.entries(given)) {
    if (on) refuse(`expected no ${name} for an iterable data set, whose samples have no numbers`);
  }
  if (given.sampler && shuffle) refuse("expected sampler or shuffle, got both");
  if (given.batchSampler && (batchSize !== 1 || shuffle || given.sampler || dropLast)) {
    refuse("expected batchSampler alone, got batchSize, shuffle, sampler or dropLast beside it");
  }
  if (batchSize === null && dropLast) refuse("expected batches for dropLast, got batchSize null");
}

/** The function that makes a batch: the given `collate`, the default one, or without batches the identity. */
export function collateOf<T, B>(options: DataLoaderOptions<T, B>): Collate<T, B> {
  if (options.batchSize === null) {
    const { collate } = options;
    return ([sample]) => (collate === undefined ? (sample as B & T) : collate(sample!));
  }
  const { collate } = options;
  return collate ?? ((samples, name) => collateNamed(samples, "DataLoader", name) as B);
}

/**
 * The data set's `getBatch`; undefined where it has none, or where `collate` or the missing batch size rules it out.
 */
export function wholeOf<T, B>(dataset: Dataset<T>, options: DataLoaderOptions<T, B>) {
  if (options.collate !== undefined || options.batchSize === null || dataset.getBatch === undefined) return undefined;
  return (indices: readonly number[]): B | Promise<B> => dataset.getBatch!(indices) as B | Promise<B>;
}
