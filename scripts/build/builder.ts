/**
 * Builds targets after those that they need, and independent ones at the same time. A target is stale when the content
 * of a file that it read or wrote has changed since; file times do not matter. The hashes are in build/stamps/.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { areUnchanged, Io, type Recorded } from "./io.js";

export type Target = {
  /** The file or folder that the target writes. */
  name: string;
  /** The word in messages of progress, such as "kernels". A target without one is built silently. */
  stage?: string;
  /** Targets that must be up to date before this one is made. */
  needs: readonly Target[];
  /** Makes the target. It reads and writes through `io`, which records both. */
  make(io: Io): void | Promise<void>;
};

/** The targets and all that they need. */
function closure(targets: readonly Target[], found = new Set<Target>()): Set<Target> {
  for (const target of targets) closure([...target.needs], found).add(target);
  return found;
}

export class Builder {
  private readonly start = performance.now();
  private readonly stages = new Map<string, { done: number; total: number }>();

  constructor(
    private readonly root: string,
    private readonly say: (line: string) => void,
  ) {}

  private stampFile(target: Target): string {
    return join(this.root, `build/stamps/${target.name.replaceAll("/", "+")}.json`);
  }

  private isFresh(target: Target): boolean {
    let stamp: Recorded;
    try {
      stamp = JSON.parse(readFileSync(this.stampFile(target), "utf8")) as Recorded;
    } catch {
      return false;
    }
    return areUnchanged(this.root, stamp.inputs) && areUnchanged(this.root, stamp.outputs);
  }

  /** The stale targets among these and all that they need, each after those that it needs. */
  stale(targets: readonly Target[]): Target[] {
    const stale = new Set<Target>();
    for (const target of closure(targets)) {
      if (target.needs.some((need) => stale.has(need)) || !this.isFresh(target)) stale.add(target);
    }
    return [...stale];
  }

  /** Brings the targets up to date. */
  async build(targets: readonly Target[]): Promise<void> {
    const stale = this.stale(targets);
    const stages = new Set(stale.flatMap(({ stage }) => stage ?? []));
    for (const stage of stages) {
      const names = stale.filter((target) => target.stage === stage).map(({ name }) => name);
      this.stages.set(stage, { done: 0, total: names.length });
      this.say(`${stage} 0/${names.length}: ${names.join(", ")} …`);
    }
    const running = new Map<Target, Promise<void>>();
    // Every target comes after those that it needs, so their promises exist. A target that is not stale has no promise.
    for (const target of stale)
      running.set(
        target,
        this.make(
          target,
          target.needs.map((need) => running.get(need)),
        ),
      );
    await Promise.all(running.values());
  }

  /** Waits for the needed targets, then makes the target, unless their new content equals the old. */
  private async make(target: Target, needs: readonly (Promise<void> | undefined)[]): Promise<void> {
    await Promise.all(needs);
    if (!this.isFresh(target)) {
      const io = new Io(this.root);
      await target.make(io);
      mkdirSync(dirname(this.stampFile(target)), { recursive: true });
      writeFileSync(this.stampFile(target), JSON.stringify(io.record(), null, 1));
    }
    const stage = target.stage === undefined ? undefined : this.stages.get(target.stage);
    if (stage === undefined) return;
    stage.done++;
    const seconds = ((performance.now() - this.start) / 1000).toFixed(0);
    this.say(`${target.stage} ${stage.done}/${stage.total}: ${target.name} after ${seconds} s`);
  }
}
