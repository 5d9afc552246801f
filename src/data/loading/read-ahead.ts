/** Limits of reading ahead. */
type ReadAheadLimits = {
  /** The most files to read at the same time. */
  atOnce: number;
  /** No new file is begun while this many bytes or more wait to be taken; up to `atOnce` files may come on top. */
  bytes: number;
};

type Entry = { bytes: Promise<Uint8Array>; size: number };

/**
 * Reads files before they are needed. It keeps only files that the last call of `want` named, each until it is taken.
 */
export class ReadAhead {
  private readonly entries = new Map<number, Entry>();
  private queue: number[] = [];
  private reading = 0;
  private waiting = 0;

  constructor(
    private readonly read: (key: number) => Promise<Uint8Array>,
    private readonly limits: ReadAheadLimits = { atOnce: 8, bytes: 64 * 2 ** 20 },
  ) {}

  /** Bytes that are read and wait to be taken. */
  get heldBytes(): number {
    return this.waiting;
  }

  /** Names all files that are needed next. */
  want(keys: readonly number[]): void {
    const wanted = new Set(keys);
    for (const key of [...this.entries.keys()]) if (!wanted.has(key)) this.forget(key);
    this.queue = [...wanted].filter((key) => !this.entries.has(key));
    this.go();
  }

  /** The bytes of a file, read ahead or read now. */
  take(key: number): Promise<Uint8Array> {
    const entry = this.entries.get(key);
    this.forget(key);
    if (entry === undefined) this.queue = this.queue.filter((other) => other !== key);
    const bytes = entry?.bytes ?? this.read(key);
    this.go();
    return bytes;
  }

  private forget(key: number): void {
    this.waiting -= this.entries.get(key)?.size ?? 0;
    this.entries.delete(key);
  }

  private go(): void {
    const { atOnce, bytes } = this.limits;
    while (this.queue.length > 0 && this.reading < atOnce && this.waiting < bytes) this.start(this.queue.shift()!);
  }

  private start(key: number): void {
    const entry: Entry = { bytes: this.read(key), size: 0 };
    this.entries.set(key, entry);
    this.reading++;
    const done = (size: number): void => {
      this.reading--;
      if (this.entries.get(key) === entry) {
        entry.size = size;
        this.waiting += size;
      }
      this.go();
    };
    entry.bytes.then(
      ({ length }) => done(length),
      () => done(0), // `take` hands the error on
    );
  }
}
