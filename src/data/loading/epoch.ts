import { ValueError } from "../../base/errors.js";
import { isPromise } from "./dataset.js";

/** Makes a batch of samples; `name` gives the name of a sample for errors. */
export type Collate<T, B> = (samples: T[], name: (position: number) => string) => B;

/** Runs a synchronous part of the making of a batch in the scope of that batch. */
export type Within = <R>(body: () => R) => R;

/** One epoch of a loader: gives the batches in order, made in the innermost scope. */
export interface Epoch<B> {
  /** The number of batches given so far. */
  readonly position: number;
  /** The next batch, wrapped in a list; undefined after the last. */
  next(): [B] | undefined;
  /** @param within runs a synchronous part in the scope of the batch */
  nextAsync(within: Within): Promise<[B] | undefined>;
  /** Tells the data set which samples the next batch needs. */
  lookAhead(): void;
  /** The indices of all batches; null where samples have none. */
  order(): readonly (readonly number[])[] | null;
  /** Ends the epoch, early or not; an asynchronous source ends when the promise resolves. */
  close(): void | Promise<void>;
}

/** Throws for a promise, since a synchronous loop cannot wait. If the promise fails too, that error is dropped. */
export function immediate<T>(value: T | Promise<T>, what: string): T {
  if (!isPromise(value)) return value;
  value.then(undefined, () => {});
  throw useForAwait(`${what}, got a promise`);
}

export function useForAwait(problem: string): ValueError {
  return new ValueError("DataLoader", `expected ${problem}, in a synchronous loop`, "Use for await");
}
