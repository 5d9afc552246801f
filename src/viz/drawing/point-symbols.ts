/** The symbol of a point: its name in ECharts, and its path around (x, y). */
type PointSymbol = { name: string; path: (x: number, y: number, r: number) => string };

const at = (value: number): string => String(Math.round(value * 10) / 10);

/** A closed path from (x, y): letters of SVG path commands with their numbers, which are relative. */
const steps = (x: number, y: number, ...rest: readonly (string | number)[]): string =>
  `M${at(x)} ${at(y)}${rest.map((part) => (typeof part === "number" ? `${at(part)} ` : part)).join("")}z`;

function plus(x: number, y: number, r: number): string {
  const arm = (2 * r) / 3;
  const turns = [
    arm,
    "v",
    -arm,
    "h",
    arm,
    "v",
    arm,
    "h",
    arm,
    "v",
    arm,
    "h",
    -arm,
    "v",
    arm,
    "h",
    -arm,
    "v",
    -arm,
    "h",
  ];
  return steps(x - r, y - r / 3, "h", ...turns, -arm);
}

/** The symbols, so that classes differ by more than colour. */
const symbols: readonly PointSymbol[] = [
  { name: "circle", path: (x, y, r) => steps(x - r, y, "a", r, r, "0 1 1 0 .1") },
  { name: "triangle", path: (x, y, r) => steps(x, y - r, "l", r, 2 * r, "h", -2 * r) },
  { name: "rect", path: (x, y, r) => steps(x - r, y - r, "h", 2 * r, "v", 2 * r, "h", -2 * r) },
  { name: "diamond", path: (x, y, r) => steps(x, y - r, "l", r, r, "l", -r, r, "l", -r, -r) },
  { name: "path://M0 4h4v-4h4v4h4v4h-4v4h-4v-4h-4z", path: plus },
];

/**
 * The symbol of class number `index`. With five symbols and eight colours the first forty classes differ.
 * @internal
 */
export const symbolOf = (index: number): PointSymbol => symbols[index % symbols.length]!;
