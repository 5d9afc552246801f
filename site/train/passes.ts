/** One pass over the data after the other, a batch at a time: a loader's loop turned inside out. */

/** A DataLoader, for what matters here. */
type Loader<B> = Iterable<B> & { readonly length: number };

export class Passes<B> {
  /** How many passes have ended. */
  ended = 0;
  private pass: Iterator<B> | undefined;
  private position = 0;

  constructor(private loader: Loader<B>) {}

  /** Whether no pass is under way. */
  get atEnd(): boolean {
    return this.position === 0;
  }

  /** Gives the next batch to `body`; what that makes is freed with the batch. */
  next(body: (batch: B) => void): void {
    this.pass ??= this.loader[Symbol.iterator]();
    body(this.pass.next().value);
    this.position++;
    if (this.position < this.loader.length) return;
    this.close();
    this.ended++;
  }

  /** Leaves the pass under way; the next one is of another loader. */
  restart(loader: Loader<B>): void {
    this.close();
    this.loader = loader;
  }

  /** Leaves the pass under way, and frees its last batch. */
  close(): void {
    this.pass?.return?.();
    this.pass = undefined;
    this.position = 0;
  }
}
