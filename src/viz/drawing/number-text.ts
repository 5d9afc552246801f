/** `2 values are not finite`; no line when all are finite. */
export function notFinite(count: number): string[] {
  if (count === 0) return [];
  return [count === 1 ? "1 value is not finite" : `${count.toLocaleString("en-US")} values are not finite`];
}

/** A number in few characters: `0.4321`, `1.500e-7`, `12345`. @internal */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e9) return String(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(3) : value.toFixed(4);
}
