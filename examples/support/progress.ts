/** A progress bar in a terminal; other outputs get only the lines of the example. */
import { Presets, SingleBar } from "cli-progress";

type Progress = {
  /** Counts one batch. */
  step(loss: number): void;
  /** Hides the bar, so that a line can be printed. */
  pause(): void;
  stop(): void;
};

const none: Progress = { step: () => {}, pause: () => {}, stop: () => {} };

/** The parts of a bar that fit into `width` columns: cli-progress cuts off the rest. */
export function barFormat(label: string, width: number): { format: string; barsize: number } {
  const least = `${label} {bar} {value}/{total}  loss {loss}`;
  if (width >= 72) {
    const format = `${label} {bar} {value}/{total}  {rate}  loss {loss}  ETA {eta_formatted}`;
    return { format, barsize: Math.min(width - 62, 30) };
  }
  if (width >= 54) return { format: `${least}  ETA {eta_formatted}`, barsize: width - 49 };
  return { format: least, barsize: Math.max(width - 36, 4) };
}

/** `43.1 it/s`, or `2.3 s/it` for slow steps. */
function rateOf(steps: number, seconds: number): string {
  const rate = steps / Math.max(seconds, 1e-9);
  return rate >= 1 ? `${rate.toFixed(rate < 100 ? 1 : 0)} it/s` : `${(1 / rate).toFixed(1)} s/it`;
}

/**
 * Shows the progress of `total` steps, with the rate, a smoothed loss and the time left.
 * @param done steps of an earlier run
 */
export function progressBar(label: string, total: number, done = 0): Progress {
  if (!process.stderr.isTTY) return none;
  const bar = new SingleBar(
    {
      ...barFormat(label, process.stderr.columns ?? 80),
      stream: process.stderr,
      hideCursor: false, // after Ctrl-C it would stay hidden
      clearOnComplete: true,
      gracefulExit: false, // the default handler would swallow Ctrl-C in a synchronous loop
      etaBuffer: 50,
      linewrap: true,
    },
    Presets.shades_classic,
  );
  const start = performance.now();
  let steps = 0;
  let smooth = Number.NaN;
  let running = false;
  const payload = (): { rate: string; loss: string } => ({
    rate: steps === 0 ? "-" : rateOf(steps, (performance.now() - start) / 1000),
    loss: Number.isNaN(smooth) ? "-" : smooth.toFixed(3),
  });
  const show = (): void => {
    if (!running) bar.start(total, done + steps, payload());
    running = true;
  };
  const hide = (): void => {
    if (running) bar.stop();
    running = false;
  };
  show();
  return {
    step(loss) {
      steps++;
      smooth = Number.isNaN(smooth) ? loss : 0.98 * smooth + 0.02 * loss;
      show();
      bar.update(done + steps, payload());
    },
    pause: hide,
    stop: hide,
  };
}
