/** A loader's loop turned inside out: each call of `next` takes one batch, and epoch follows epoch. */

/** A DataLoader, as far as {@link Epochs} uses it. */
type Loader<B> = Iterable<B> & { readonly length: number };

export class Epochs<B> {
  /** How many epochs have ended. */
  ended = 0;
  private batches: Iterator<B> | undefined;
  private position = 0;

  constructor(private loader: Loader<B>) {}

  /** Whether the next batch is the first of an epoch. */
  get atEnd(): boolean {
    return this.position === 0;
  }

  /** Calls `body` with the next batch, and frees what it makes when the next batch is taken. */
  next(body: (batch: B) => void): void {
    this.batches ??= this.loader[Symbol.iterator]();
    body(this.batches.next().value);
    this.position++;
    if (this.position < this.loader.length) return;
    this.close();
    this.ended++;
  }

  /** Breaks the current epoch off; the next one comes from another loader. */
  restart(loader: Loader<B>): void {
    this.close();
    this.loader = loader;
  }

  /** Breaks the current epoch off and frees its last batch. */
  close(): void {
    this.batches?.return?.();
    this.batches = undefined;
    this.position = 0;
  }
}
