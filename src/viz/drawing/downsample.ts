/** DrawnPoints of one picture at most: more are not told apart, and make it slow. */
export const MOST_POINTS = 4000;

/** DrawnPoints that are drawn: as many as can be told apart. */
type DrawnPoints = { x: number[]; y: number[] };

/**
 * Of a line, what can be seen: in each column of pixels the first, the smallest, the largest and the last value. Values
 * that are not finite remain as one gap each.
 */
export function downsampleLine(x: ArrayLike<number>, y: ArrayLike<number>, columns: number): DrawnPoints {
  const out: DrawnPoints = { x: [], y: [] };
  const put = (i: number): void => {
    out.x.push(x[i]!);
    out.y.push(y[i]!);
  };
  if (y.length <= 4 * columns) {
    for (let i = 0; i < y.length; i++) put(i);
    return out;
  }
  for (let c = 0; c < columns; c++) {
    const [from, to] = [Math.floor((c * y.length) / columns), Math.floor(((c + 1) * y.length) / columns)];
    let [low, high, gap] = [-1, -1, -1];
    for (let i = from; i < to; i++) {
      if (!Number.isFinite(y[i])) gap = i;
      else {
        if (low < 0 || y[i]! < y[low]!) low = i;
        if (high < 0 || y[i]! > y[high]!) high = i;
      }
    }
    const kept = new Set([from, low, high, gap, to - 1].filter((i) => i >= 0));
    for (const i of [...kept].sort((a, b) => a - b)) put(i);
  }
  return out;
}

/**
 * Of a cloud, at most about `most` points: the first in each cell of a grid that gets coarser until they are so few.
 * Those furthest out remain.
 */
export function downsamplePoints(x: ArrayLike<number>, y: ArrayLike<number>, most: number, box: Box): DrawnPoints {
  const within = (i: number): boolean =>
    x[i]! >= box.left && x[i]! <= box.right && y[i]! >= box.low && y[i]! <= box.high;
  let chosen = Array.from({ length: x.length }, (_, i) => i).filter(within);
  const ends = chosen.filter((i) => x[i] === box.left || x[i] === box.right || y[i] === box.low || y[i] === box.high);
  for (let cells = 512; chosen.length > most && cells > 1; cells /= 2) {
    const seen = new Set<number>();
    const cell = (value: number, low: number, high: number): number =>
      high > low ? Math.floor(((value - low) / (high - low)) * (cells - 1)) : 0;
    chosen = chosen.filter((i) => {
      const key = cell(x[i]!, box.left, box.right) * cells + cell(y[i]!, box.low, box.high);
      return !seen.has(key) && seen.add(key);
    });
  }
  chosen = [...new Set([...chosen, ...ends.slice(0, 100)])];
  return { x: chosen.map((i) => x[i]!), y: chosen.map((i) => y[i]!) };
}

/** Where points lie. */
export type Box = { left: number; right: number; low: number; high: number };
