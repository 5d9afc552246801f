/** A storage without memory. */
type Unheld = { readonly label: string; readonly bytes: number; readonly freed: boolean };

/** The state of a run on shapes alone. One object, so that a change is seen everywhere at once. */
export const shapeOnly = {
  /** Whether new storages have no memory and no kernel starts. */
  on: false,
  /** The storages made since, in order. */
  made: [] as Unheld[],
  /** Products that matrix products and convolutions would have computed. */
  products: 0,
};

/**
 * Runs `body` on shapes alone, as on PyTorch's "meta" device: what it makes has a shape, a dtype and strides but no memory;
 * no kernel starts, so nothing that was there before is written; nothing is drawn. Shapes and dtypes are checked as ever.
 * Whoever asks for a value that is not there is refused.
 */
export function withShapesOnly<T>(body: () => T): T {
  const before = { ...shapeOnly };
  Object.assign(shapeOnly, { on: true, made: [], products: 0 });
  try {
    return body();
  } finally {
    Object.assign(shapeOnly, before);
  }
}
