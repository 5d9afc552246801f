// The kinds of values in options and saved states, which come from plain JavaScript and from files.

/** What errors call the kind of a value. */
export function kindName(value: unknown): string {
  if (Array.isArray(value))
    return value.length === 0 ? "a list" : `a list of ${value.length}, each ${kindName(value[0])}`;
  if (typeof value === "number") return "a number";
  if (typeof value === "boolean") return "true or false";
  return value === null ? "null" : `a ${typeof value}`;
}

/** Whether a value may stand for another: of the same type, not NaN, and a list with items of the same kinds. */
export function sameKind(model: unknown, value: unknown): boolean {
  if (Array.isArray(model)) {
    return Array.isArray(value) && value.length === model.length && model.every((item, i) => sameKind(item, value[i]));
  }
  if (typeof value === "number" && Number.isNaN(value)) return false;
  return typeof value === typeof model && (value === null) === (model === null) && !Array.isArray(value);
}
