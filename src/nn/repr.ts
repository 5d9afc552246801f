/** A number as Python prints it where PyTorch holds a float. */
export const float = (x: number): string => (Number.isInteger(x) ? `${x}.0` : `${x}`);

/** `(5, 5)` or `(5,)`, as Python prints; null is its None. */
export const tuple = (sizes: readonly (number | null)[]): string =>
  `(${sizes.map((size) => size ?? "None").join(", ")}${sizes.length === 1 ? "," : ""})`;
