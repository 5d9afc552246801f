import { ValueError } from "../../base/errors.js";
import { getRngState, setRngState } from "../../random/generator.js";
import type { Batches } from "./loader-options.js";
import type { Sampler } from "./samplers.js";

/** Where the order comes from: a sampler, whose indices are cut into batches, or ready batches. */
export type OrderSource = { sampler: Sampler; batchSize: number; dropLast: boolean } | { batches: Batches };

/**
 * The batches of one epoch, in order. Where the sampler has a length, the first call draws all of them: so `prefetch`
 * can be told the next batch, and a saved epoch goes on with exactly the batches that were left. PyTorch's samplers
 * draw once more when they are asked for an index after the last; that draw waits until PyTorch would make it.
 */
export class Order {
  private readonly batches: number[][] = [];
  private source: Iterator<number | readonly number[]> | null = null;
  /** How many indices (or batches) the source still has. */
  private left: number;
  private drawn = false;
  private ended = false;

  constructor(
    private readonly from: OrderSource,
    /** The number of samples. */
    private readonly samples: number,
    saved: readonly (readonly number[])[] | null,
    /** How many of the saved batches were given already. */
    position = 0,
  ) {
    this.left = this.items.length ?? Number.POSITIVE_INFINITY;
    if (saved !== null) this.restore(saved, position);
    else if ("batches" in from) this.source = from.batches[Symbol.iterator](); // before the draw, as in PyTorch
  }

  /** Batch `i`; undefined after the last. */
  at(i: number): readonly number[] | undefined {
    const batch = this.peek(i);
    if (batch === undefined || this.isShort(batch)) this.askPast();
    return batch;
  }

  /** As {@link at}, without the draw after the last index. */
  peek(i: number): readonly number[] | undefined {
    const until = this.items.length === undefined ? i + 1 : Number.POSITIVE_INFINITY;
    while (!this.drawn && this.batches.length < until) this.pull();
    return this.batches[i];
  }

  /** All batches drawn so far. */
  save(): readonly (readonly number[])[] {
    return this.batches;
  }

  private get items(): Sampler | Batches {
    return "sampler" in this.from ? this.from.sampler : this.from.batches;
  }

  /** Whether the batch is not full: then the sampler was asked for an index after its last. */
  private isShort(batch: readonly number[]): boolean {
    return "sampler" in this.from && batch.length < this.from.batchSize;
  }

  private restore(saved: readonly (readonly number[])[], position: number): void {
    for (const batch of saved) this.batches.push(batch.map((i) => this.checked(i)));
    this.drawn = this.items.length !== undefined;
    this.ended = saved.slice(0, position).some((batch) => this.isShort(batch));
    if (!this.drawn) this.skip("sampler" in this.from ? saved.flat().length : saved.length);
  }

  /**
   * Drops what a sampler without a length gave before. The saved random state counts these draws already: put it back.
   */
  private skip(count: number): void {
    const before = getRngState();
    this.source = this.items[Symbol.iterator]();
    for (let i = 0; i < count; i++) this.source.next();
    setRngState(before);
  }

  /** Draws one more batch, or sets `drawn` where there is none. */
  private pull(): void {
    if ("batches" in this.from) {
      const batch = this.next();
      if (typeof batch === "object") this.batches.push(batch.map((i) => this.checked(i)));
      return;
    }
    const { batchSize, dropLast } = this.from;
    const batch: number[] = [];
    while (batch.length < batchSize && !this.drawn) {
      const index = this.next();
      if (typeof index === "number") batch.push(this.checked(index));
    }
    if (batch.length === batchSize || (batch.length > 0 && !dropLast)) this.batches.push(batch);
  }

  /** The source's next item, as long as its length allows. */
  private next(): number | readonly number[] | undefined {
    this.source ??= this.items[Symbol.iterator]();
    if (this.left > 0) {
      const { done, value } = this.source.next();
      this.left--;
      if (!done) return value;
      this.ended = true;
    }
    this.drawn = true;
    return undefined;
  }

  /** Asks the sampler for an index after its last, once: samplers draw again then. */
  private askPast(): void {
    if (this.ended) return;
    this.ended = true;
    if (this.source === null) {
      if ("sampler" in this.from) this.from.sampler.afterEpoch?.();
    } else if (!this.source.next().done) {
      throw new ValueError(
        "DataLoader",
        `expected the sampler to end after its length, ${this.items.length}, got more`,
      );
    }
  }

  private checked(index: number): number {
    if (Number.isInteger(index) && index >= 0 && index < this.samples) return index;
    throw new ValueError("DataLoader", `expected indices in [0, ${this.samples - 1}] from the sampler, got ${index}`);
  }
}
