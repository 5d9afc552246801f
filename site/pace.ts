/** Limits a training to a number of steps per second. */
export class Pace {
  private credit = 0;
  private last: number;

  /** @param rate steps per second; null: no limit */
  constructor(
    private rate: number | null,
    private readonly now: () => number,
  ) {
    this.last = now();
  }

  /** Changes the rate, and forgets steps that are overdue. */
  set(rate: number | null): void {
    this.rate = rate;
    this.restart();
  }

  restart(): void {
    this.last = this.now();
    this.credit = 1;
  }

  /** Whether a step may be done now. If so, it counts as done. */
  take(): boolean {
    if (this.rate === null) return true;
    const now = this.now();
    const most = 1 + this.rate / 20; // so that no burst of steps follows a stop
    this.credit = Math.min(this.credit + ((now - this.last) * this.rate) / 1000, most);
    this.last = now;
    if (this.credit < 1) return false;
    this.credit--;
    return true;
  }

  /** Milliseconds until the next step. */
  get wait(): number {
    return this.rate === null ? 0 : Math.max(0, ((1 - this.credit) * 1000) / this.rate);
  }
}
