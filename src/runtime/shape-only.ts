/** A storage without memory. */
type VirtualStorage = { readonly label: string; readonly bytes: number; readonly freed: boolean };

/** The state of a run on shapes alone, in one object that all modules share. */
export const shapeOnly = {
  /** Whether new storages have no memory and no kernel starts. */
  on: false,
  /** The storages made during the run, in order. */
  made: [] as VirtualStorage[],
  /** Products that matrix products and convolutions would compute. */
  products: 0,
};

/**
 * Runs `body` on shapes alone, as on PyTorch's "meta" device: its tensors have a shape, a dtype and strides but no
 * memory. No kernel starts, so no other tensor is written, and no random number is drawn. Shapes and dtypes are checked
 * as always; reading a value throws.
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
