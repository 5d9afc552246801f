/** The settings of a run, and whether it is still the one that Node's digests are recorded of. */
import type { Settings } from "./trainer.js";

export class Choices {
  private changed = false;

  constructor(
    /** The settings at present. */
    public now: Settings,
    private readonly defaults: Settings,
    /** Whether runs are recorded with every head. */
    private readonly anyHead = false,
  ) {}

  /** Whether all steps so far were those of the recorded run. */
  get recorded(): boolean {
    const { defaults, now } = this;
    return !this.changed && !this.differ(this.anyHead ? { ...defaults, head: now.head } : defaults);
  }

  /** Takes over settings after so many steps; says whether they are new. */
  change(settings: Partial<Settings>, step: number): boolean {
    const next = { ...this.now, ...settings };
    const different = this.differ(next);
    this.now = next;
    if (different && step > 0) this.changed = true;
    return different;
  }

  /** The run leaves the recorded one for another reason. */
  depart(): void {
    this.changed = true;
  }

  private differ(other: Settings): boolean {
    const { seed, learningRate, head, batch } = this.now;
    return seed !== other.seed || learningRate !== other.learningRate || head !== other.head || batch !== other.batch;
  }
}
