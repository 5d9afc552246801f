import { SimdgradError } from "./errors.js";

/** What a call that ends with the call itself must not get: a promise, or a generator, whose body runs later. */
function isLater(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return (
    value instanceof Promise || (Symbol.toStringTag in value && /Generator$/.test(String(value[Symbol.toStringTag])))
  );
}

/**
 * Returns a function's result, or throws if the function goes on after its return. A promise that fails later is
 * dropped: the caller gets this error instead.
 */
export function immediateResult<T>(op: string, result: T, hint: string): T {
  if (!isLater(result)) return result;
  const kind = result instanceof Promise ? "a promise" : "a generator";
  if (result instanceof Promise) result.catch(() => {});
  throw new SimdgradError(op, `expected a synchronous function, got one that returns ${kind}`, hint);
}
