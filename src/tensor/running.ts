/** What runs: the forward of a module, or (for detectAnomaly) the backward of an operation. */
export type Frame = {
  /** How errors name it: `conv1: Conv2d`. */
  readonly name: string;
  /** The module; null for a backward. */
  readonly module: object | null;
  /** The frame that it runs inside of. */
  readonly parent: Frame | null;
};

let innermost: Frame | null = null;

/** The innermost frame, or null. Modules are on the stack only while detectAnomaly or `nn/observe.ts` reads it. */
export const runningFrame = (): Frame | null => innermost;

/** Runs `body` with `frame` as the innermost one; null empties the stack for it. */
export function runInside<T>(frame: Frame | null, body: () => T): T {
  const before = innermost;
  innermost = frame;
  try {
    return body();
  } finally {
    innermost = before;
  }
}

/** `Net > conv1: Conv2d`, outermost first, or an empty string where nothing runs. */
export function runningPath(): string {
  const names: string[] = [];
  for (let frame = innermost; frame !== null; frame = frame.parent) names.unshift(frame.name);
  return names.join(" > ");
}
