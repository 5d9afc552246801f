/** The settings of a run, and whether Node's recorded digests still apply to it. */
import type { Settings } from "./trainer.js";

export class Choices {
  private changed = false;

  constructor(
    /** The current settings. */
    public now: Settings,
    private readonly defaults: Settings,
    /** Whether digests are recorded for every head, or for the default one only. */
    private readonly anyHead = false,
  ) {}

  /** Whether all steps so far are those of a recorded run. */
  get recorded(): boolean {
    const { defaults, now } = this;
    return !this.changed && !this.differ(this.anyHead ? { ...defaults, head: now.head } : defaults);
  }

  /** Changes settings after `step` steps. Returns whether anything changed. */
  change(settings: Partial<Settings>, step: number): boolean {
    const next = { ...this.now, ...settings };
    const different = this.differ(next);
    this.now = next;
    if (different && step > 0) this.changed = true;
    return different;
  }

  /** Marks the run as different from the recorded one, for a reason other than settings. */
  depart(): void {
    this.changed = true;
  }

  private differ(other: Settings): boolean {
    const { seed, learningRate, head, batch } = this.now;
    return seed !== other.seed || learningRate !== other.learningRate || head !== other.head || batch !== other.batch;
  }
}
