/** The most points in one picture: nobody can tell more apart, and they make it slow. */
export const MOST_POINTS = 4000;

/** The points that are drawn. */
type DrawnPoints = { x: number[]; y: number[] };

/**
 * The visible values of a line: in each column of pixels the first, the smallest, the largest and the last one. A
 * column with values that are not finite keeps one of them, as a gap.
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
 * About `most` points of a cloud: the first point in each cell of a grid, which gets coarser until they are few enough.
 * Up to 100 points on the sides of the box stay in any case.
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

/** The rectangle that the points lie in. */
export type Box = { left: number; right: number; low: number; high: number };
