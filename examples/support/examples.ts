/** The examples by their numbers. */
export const EXAMPLES = ["1", "2", "3", "4"] as const;

export type Example = (typeof EXAMPLES)[number];

export const isAll = (examples: readonly Example[]): boolean => EXAMPLES.every((example) => examples.includes(example));

/** `example 2`, `examples 1 and 3`, `examples 1, 2 and 4`, `the four examples`. */
export function nameOf(examples: readonly Example[]): string {
  if (isAll(examples)) return "the four examples";
  const last = examples.at(-1);
  return examples.length < 2 ? `example ${last}` : `examples ${examples.slice(0, -1).join(", ")} and ${last}`;
}
