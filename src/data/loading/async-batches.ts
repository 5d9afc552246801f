import type { TaskScope } from "../../runtime/task-scope.js";

/** A batch, with the scope of what the loop's body makes with it. */
export type ScopedBatch<B> = { scope: TaskScope; batch: B };

/**
 * The batches of a `for await` loop. The loop's body runs as a reaction to the promise of a batch. The scope of the
 * batch is entered by the reaction before it and left by the one behind it, with nothing between, so that it takes
 * nothing that other tasks make.
 */
export class AsyncBatches<B> implements AsyncIterableIterator<B, void, undefined> {
  constructor(private readonly source: AsyncGenerator<ScopedBatch<B>, void, undefined>) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<B, void>> {
    let scope: TaskScope | undefined;
    const ignore = (): void => {};
    const result = new Promise<IteratorResult<B, void>>((resolve, reject) => {
      // A microtask later, when the loop has attached its body to the promise
      queueMicrotask(() => {
        result.then(() => scope?.leave(), ignore);
        this.source.next().then(({ done, value }) => {
          if (done || value === undefined) return resolve({ done: true, value: undefined });
          scope = value.scope;
          resolve({ done: false, value: value.batch });
        }, reject);
      });
    });
    result.then(() => scope?.enter(), ignore);
    return result;
  }

  async return(): Promise<IteratorResult<B, void>> {
    await this.source.return();
    return { done: true, value: undefined };
  }
}
