import type { Source, Step } from "./steps.js";

/** Boxes in the order of computation, and the blocks of them that are drawn once for several repetitions. */
export type Folded = { steps: Step[]; blocks: { steps: Step[]; repeat: number }[] };

/** The most boxes in a block whose repetitions are searched. */
const LONGEST = 64;

/** The boxes that an output depends on, and all inputs. */
export function pruned(steps: readonly Step[], outputs: readonly Step[]): Step[] {
  const needed = new Set<Step>(outputs);
  const stack = [...outputs];
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    for (const { from } of step.sources) if (!needed.has(from) && needed.add(from)) stack.push(from);
  }
  // An input that nothing reads stays, so that the reader sees it.
  return steps.filter((step) => needed.has(step) || (step.parts[0]!.kind === "data" && step.sources.length === 0));
}

function consumersOf(steps: readonly Step[]): Map<Step, Step[]> {
  const consumers = new Map<Step, Step[]>(steps.map((step) => [step, []]));
  for (const step of steps) for (const { from } of step.sources) consumers.get(from)?.push(step);
  return consumers;
}

const FOLLOWS = new Set(["norm", "activation", "pool", "dropout"]);

/** Puts a layer with weights and the layers of FOLLOWS after it in one box. The box before an output stays alone. */
export function merged(steps: readonly Step[]): Step[] {
  const consumers = consumersOf(steps);
  const into = new Map<Step, Step>();
  for (const step of steps) {
    const before = step.sources.length === 1 ? step.sources[0]!.from : undefined;
    const next = consumers.get(step)!;
    if (before === undefined || consumers.get(before)!.length !== 1 || !FOLLOWS.has(step.parts[0]!.kind)) continue;
    const head = into.get(before) ?? before;
    if (head.parts[0]!.kind !== "weighted" || next.some(({ parts }) => parts[0]!.kind === "data")) continue;
    into.set(step, head);
    head.parts.push(...step.parts);
  }
  const left = steps.filter((step) => !into.has(step));
  const moved = (source: Source): Source => ({ ...source, from: into.get(source.from) ?? source.from });
  for (const step of left) step.sources = step.sources.map(moved);
  return left;
}

/** A text that is equal for boxes with equal lines, but for names, and results of equal shapes. */
function signatures(steps: readonly Step[]): string[] {
  const results = new Map<Step, string>();
  for (const step of steps) {
    for (const { from, shape, dtype } of step.sources) results.set(from, `${dtype} ${shape.join("×")}`);
  }
  return steps.map((step) => {
    const parts = step.parts.map(({ title, detail, parameters }) => [title, detail, parameters]);
    return JSON.stringify([parts, results.get(step) ?? ""]);
  });
}

/** The boxes by number, as sources and consumers. */
type Net = { steps: readonly Step[]; signature: string[]; sources: number[][]; consumers: number[][] };

function netOf(steps: readonly Step[]): Net {
  const index = new Map(steps.map((step, i) => [step, i]));
  const sources = steps.map((step) => step.sources.map(({ from }) => index.get(from)!));
  const consumers: number[][] = steps.map(() => []);
  for (const [i, from] of sources.entries()) for (const j of from) consumers[j]!.push(i);
  return { steps, signature: signatures(steps), sources, consumers };
}

/** Whether boxes [start, start + length) form a block with one way in and one way out; `entry` is the way in. */
function isBlock(net: Net, start: number, length: number): boolean {
  const end = start + length;
  let entry = -1;
  for (let i = start; i < end; i++) {
    if (net.steps[i]!.parts[0]!.kind === "data") return false;
    for (const from of net.sources[i]!) {
      if (from >= start) continue;
      if (entry >= 0 && from !== entry) return false;
      entry = from;
    }
    if (i < end - 1 && net.consumers[i]!.some((to) => to >= end)) return false;
  }
  return entry >= 0;
}

/** Whether the block at `next` repeats the one at `start`, and only the last box of that leads to it. */
function repeats(net: Net, start: number, next: number, length: number): boolean {
  if (!isBlock(net, next, length)) return false;
  if (net.consumers[next - 1]!.some((to) => to < next || to >= next + length)) return false;
  for (let i = 0; i < length; i++) {
    if (net.signature[start + i] !== net.signature[next + i]) return false;
    const here = net.sources[start + i]!;
    const there = net.sources[next + i]!;
    const same = (from: number, k: number): boolean =>
      from < start ? there[k] === next - 1 : there[k]! - next === from - start;
    if (here.length !== there.length || !here.every(same)) return false;
  }
  return true;
}

/** How many equal blocks of a length follow each other from a box on. */
function runOf(net: Net, start: number, length: number): number {
  if (!isBlock(net, start, length)) return 1;
  let repeat = 1;
  while (
    start + (repeat + 1) * length <= net.steps.length &&
    repeats(net, start + (repeat - 1) * length, start + repeat * length, length)
  ) {
    repeat++;
  }
  return repeat;
}

/** The number of modules that called the boxes of a block. */
const ownersOf = (net: Net, start: number, length: number): number =>
  new Set(net.steps.slice(start, start + length).map(({ owner }) => owner)).size;

/** The run of equal blocks from a box on that saves the most boxes. */
function bestRun(net: Net, start: number): { length: number; repeat: number } {
  let best = { length: 1, repeat: 1 };
  for (let length = 1; length <= LONGEST && start + 2 * length <= net.steps.length; length++) {
    const repeat = runOf(net, start, length);
    if (length * (repeat - 1) > best.length * (best.repeat - 1)) best = { length, repeat };
  }
  return best;
}

/**
 * As {@link bestRun}, but begins some boxes later where as many blocks follow and fewer modules share one: the boxes
 * before residual blocks often equal the end of a block.
 */
function aligned(net: Net, start: number): { length: number; repeat: number; skip: number } {
  const { length, repeat } = bestRun(net, start);
  let skip = 0;
  for (let shift = 1; repeat > 1 && shift < length; shift++) {
    const owners = (by: number): number => ownersOf(net, start + by, length);
    if (runOf(net, start + shift, length) >= repeat && owners(shift) < owners(skip)) skip = shift;
  }
  return { length, repeat, skip };
}

/**
 * Draws equal blocks that follow each other as one, with their number. Blocks are equal when their boxes do the same,
 * with equal numbers of parameters and results of equal shapes.
 */
export function folded(steps: readonly Step[]): Folded {
  const net = netOf(steps);
  const left: Step[] = [];
  const blocks: Folded["blocks"] = [];
  const standsFor = new Map<Step, Step>();
  for (let at = 0; at < steps.length; ) {
    const { length, repeat, skip } = aligned(net, at);
    left.push(...steps.slice(at, at + skip));
    at += skip;
    const block = steps.slice(at, at + length);
    left.push(...block);
    if (repeat > 1) {
      for (const step of block) for (const part of step.parts) part.name = "";
      standsFor.set(steps[at + length * repeat - 1]!, block.at(-1)!);
      if (length === 1) block[0]!.repeat = repeat;
      else blocks.push({ steps: block, repeat });
    }
    at += length * repeat;
  }
  for (const step of left) {
    step.sources = step.sources.map((source) => ({ ...source, from: standsFor.get(source.from) ?? source.from }));
  }
  return { steps: left, blocks };
}
