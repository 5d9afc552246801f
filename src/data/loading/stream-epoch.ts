import { getRngState, setRngState } from "../../random/generator.js";
import { openScope } from "../../runtime/scope.js";
import { type IterableDataset, isPromise } from "./dataset.js";
import { type Collate, type Epoch, immediate, useForAwait, type Within } from "./epoch.js";

/** The samples, and what makes batches of them. */
type StreamFetch<T, B> = {
  dataset: IterableDataset<T>;
  batchSize: number;
  dropLast: boolean;
  collate: Collate<T, B>;
};

/** An epoch of an iterable data set. */
export class StreamEpoch<T, B> implements Epoch<B> {
  private source: Iterator<T> | AsyncIterator<T> | undefined;
  private ended = false;

  /** @param position batches given before the state was saved: their samples are skipped first */
  constructor(
    private readonly fetch: StreamFetch<T, B>,
    public position = 0,
  ) {}

  next(): [B] | undefined {
    if (this.source === undefined) {
      const { dataset } = this.fetch;
      if (!(Symbol.iterator in dataset)) throw useForAwait("an iterable data set, got one that is asynchronous");
      this.source = dataset[Symbol.iterator]();
      const end = this.startSkipping();
      try {
        this.take(this.position * this.fetch.batchSize);
      } finally {
        end();
      }
    }
    return this.give(this.take(this.fetch.batchSize));
  }

  async nextAsync(within: Within): Promise<[B] | undefined> {
    if (this.source === undefined) {
      const { dataset } = this.fetch;
      this.source = Symbol.asyncIterator in dataset ? dataset[Symbol.asyncIterator]() : dataset[Symbol.iterator]();
      const end = this.startSkipping();
      try {
        await this.takeAsync(this.position * this.fetch.batchSize, (body) => body());
      } finally {
        end();
      }
    }
    const samples = await this.takeAsync(this.fetch.batchSize, within);
    const batch = within(() => this.give(samples));
    return batch === undefined ? undefined : [await batch[0]];
  }

  lookAhead(): void {}

  order(): null {
    return null;
  }

  close(): void | Promise<void> {
    const closing: unknown = this.ended ? undefined : this.source?.return?.();
    if (isPromise(closing)) return Promise.resolve(closing).then(() => {});
  }

  /**
   * Around skipped samples: frees their tensors and undoes their draws, which the saved random state counts already.
   */
  private startSkipping(): () => void {
    const state = getRngState();
    const scope = openScope();
    return () => {
      scope.close();
      setRngState(state);
    };
  }

  /** The next `count` samples, or fewer at the end. */
  private take(count: number): T[] {
    const samples: T[] = [];
    while (samples.length < count && !this.ended) {
      const { done, value } = immediate(this.source!.next(), "a sample");
      if (done) this.ended = true;
      else samples.push(immediate<T>(value, "a sample"));
    }
    return samples;
  }

  private async takeAsync(count: number, within: Within): Promise<T[]> {
    const samples: T[] = [];
    while (samples.length < count && !this.ended) {
      const { done, value } = await within(() => this.source!.next());
      if (done) this.ended = true;
      else samples.push(await value);
    }
    return samples;
  }

  private give(samples: T[]): [B] | undefined {
    const { batchSize, dropLast, collate } = this.fetch;
    if (samples.length === 0 || (dropLast && samples.length < batchSize)) return undefined;
    const first = this.position * batchSize;
    const batch = collate(samples, (position) => `sample ${first + position}`);
    this.position++;
    return [batch];
  }
}
