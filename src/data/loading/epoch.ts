import { ValueError } from "../../base/errors.js";
import { isPromise } from "./dataset.js";

/** Makes a batch of samples; `name` says which sample is meant, for errors. */
export type Collate<T, B> = (samples: T[], name: (position: number) => string) => B;

/** One epoch of a loader: it gives every batch of the data set once, in order, made in the innermost scope. */
export interface Epoch<B> {
  /** How many batches it has given. */
  readonly position: number;
  /** The next batch, in a list of its own, or nothing after the last. */
  next(): [B] | undefined;
  nextAsync(): Promise<[B] | undefined>;
  /** Tells the data set what the next batch will need. */
  lookAhead(): void;
  /** The order of the batches, where there is one. */
  order(): readonly (readonly number[])[] | null;
  /** The loop has ended, or was left. What is asynchronous may take until the promise is kept. */
  close(): void | Promise<void>;
}

/** Refuses a promise where nobody can wait for it. Should it fail too, the error stays this one. */
export function immediate<T>(value: T | Promise<T>, what: string): T {
  if (!isPromise(value)) return value;
  value.then(undefined, () => {});
  throw useForAwait(`${what}, got a promise`);
}

export function useForAwait(problem: string): ValueError {
  return new ValueError("DataLoader", `expected ${problem}, in a synchronous loop`, "Use for await");
}
