/** How many steps may be done now, for a training that should go at so many a second. */
export class Pace {
  private credit = 0;
  private last: number;

  /** @param rate steps a second; null: no limit */
  constructor(
    private rate: number | null,
    private readonly now: () => number,
  ) {
    this.last = now();
  }

  /** Another rate from now on; nothing is owed from before. */
  set(rate: number | null): void {
    this.rate = rate;
    this.restart();
  }

  restart(): void {
    this.last = this.now();
    this.credit = 1;
  }

  /** Whether a step may be done, which is then counted. */
  take(): boolean {
    if (this.rate === null) return true;
    const now = this.now();
    const most = 1 + this.rate / 20; // no rush after a stop
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
