/** A number as Python prints it where PyTorch holds a float. */
export const float = (x: number): string => (Number.isInteger(x) ? `${x}.0` : `${x}`);

/** `(5, 5)` or `(5,)`, as Python prints; null becomes None. */
export const tuple = (sizes: readonly (number | null)[]): string =>
  `(${sizes.map((size) => size ?? "None").join(", ")}${sizes.length === 1 ? "," : ""})`;

/** As {@link float}, with an exponent where Python writes one: for very small and very large numbers. */
export function shortest(x: number): string {
  const [digits, exponent] = x.toExponential().split("e") as [string, string];
  const power = Number(exponent);
  if (x === 0 || (power >= -4 && power < 16)) return float(x);
  return `${digits}e${power < 0 ? "-" : "+"}${`${Math.abs(power)}`.padStart(2, "0")}`;
}

/** A truth value as Python prints it. */
export const bool = (x: boolean): string => (x ? "True" : "False");
