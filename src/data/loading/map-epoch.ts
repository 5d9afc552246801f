import { type Dataset, isPromise } from "./dataset.js";
import { type Collate, type Epoch, immediate, type Within } from "./epoch.js";
import type { Order } from "./order.js";

/** What makes batches: `whole` at once where it is defined, else `collate` from single samples. */
type MapFetch<T, B> = {
  dataset: Dataset<T>;
  collate: Collate<T, B>;
  whole: ((indices: readonly number[]) => B | Promise<B>) | undefined;
};

/** An epoch of a data set whose samples have indices. */
export class MapEpoch<T, B> implements Epoch<B> {
  private lookedAhead = false;

  constructor(
    private readonly fetch: MapFetch<T, B>,
    private readonly plan: Order,
    public position = 0,
  ) {}

  next(): [B] | undefined {
    const indices = this.plan.at(this.position);
    if (indices === undefined) return undefined;
    const { dataset, whole } = this.fetch;
    if (whole !== undefined) return this.give(immediate(whole(indices), "a batch"));
    return this.give(
      this.collated(
        indices.map((i) => immediate(dataset.get(i), "a sample")),
        indices,
      ),
    );
  }

  async nextAsync(within: Within): Promise<[B] | undefined> {
    const indices = this.plan.at(this.position);
    if (indices === undefined) return undefined;
    const { dataset, whole } = this.fetch;
    if (!this.lookedAhead) dataset.prefetch?.(indices);
    if (whole !== undefined) return this.give(await within(() => whole(indices)));
    const samples: T[] = [];
    for (const i of indices) {
      const sample = within(() => dataset.get(i)); // not all at once: transforms must draw in order
      samples.push(isPromise(sample) ? await sample : sample);
    }
    return this.give(await within(() => this.collated(samples, indices)));
  }

  lookAhead(): void {
    const { dataset } = this.fetch;
    const indices = dataset.prefetch === undefined ? undefined : this.plan.peek(this.position);
    this.lookedAhead = indices !== undefined;
    if (indices !== undefined) dataset.prefetch?.(indices);
  }

  order(): readonly (readonly number[])[] {
    return this.plan.save();
  }

  close(): void {}

  private collated(samples: T[], indices: readonly number[]): B {
    return this.fetch.collate(samples, (position) => `the sample at index ${indices[position]}`);
  }

  private give(batch: B): [B] {
    this.position++;
    return [batch];
  }
}
