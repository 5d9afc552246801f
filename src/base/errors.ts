/**
 * All errors say, in this order: the operation that the user called, what it expected, what it got, and what to do.
 * They are thrown before anything is written, so a program that catches one goes on with its tensors intact.
 */
export class SimdgradError extends Error {
  override readonly name: string = "SimdgradError";

  /**
   * @param op the operation or module as the user wrote it
   * @param problem what the operation expected and what it got
   * @param hint what to do
   * @param options the error that caused this one
   */
  constructor(
    readonly op: string,
    problem: string,
    readonly hint?: string,
    options?: ErrorOptions,
  ) {
    super(hint === undefined ? `${op}: ${problem}` : `${op}: ${problem}. ${hint}`, options);
  }
}

/** Shapes or dims that do not fit together. */
export class ShapeError extends SimdgradError {
  override readonly name = "ShapeError";
}

/** An element type that the operation does not take. */
export class DtypeError extends SimdgradError {
  override readonly name = "DtypeError";
}

/** A value outside the range that the operation is defined on (labels, probabilities, options). */
export class ValueError extends SimdgradError {
  override readonly name = "ValueError";
}

/** A gradient that cannot be computed: backward twice, from a non-scalar, through an overwritten tensor. */
export class GraphError extends SimdgradError {
  override readonly name = "GraphError";
}

/** More memory was asked for than wasm32's 4 GiB, or a tensor was used after its scope had freed it. */
export class MemoryError extends SimdgradError {
  override readonly name = "MemoryError";
}

/** A value was read of a tensor that has only a shape. */
export class ValuelessError extends MemoryError {}

/** A file that cannot be read or written, or whose content is not what its format says. */
export class FileError extends SimdgradError {
  override readonly name = "FileError";
}

/** `[2, 3]`, as PyTorch prints sizes. */
export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

/** `1.50 MiB` and the like. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit === 0 ? `${bytes} B` : `${value.toFixed(2)} ${units[unit]}`;
}
