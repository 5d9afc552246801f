/** Signs of points, so that classes differ in more than colour: as ECharts names them, and as paths. */
const signs: readonly { name: string; path: (x: number, y: number, r: number) => string }[] = [
  { name: "circle", path: (x, y, r) => `M${at(x - r)} ${at(y)}a${r} ${r} 0 1 1 0 .1z` },
  { name: "triangle", path: (x, y, r) => `M${at(x)} ${at(y - r)}l${r} ${2 * r}h${-2 * r}z` },
  { name: "rect", path: (x, y, r) => `M${at(x - r)} ${at(y - r)}h${2 * r}v${2 * r}h${-2 * r}z` },
  { name: "diamond", path: (x, y, r) => `M${at(x)} ${at(y - r)}l${r} ${r}l${-r} ${r}l${-r} ${-r}z` },
  { name: "path://M0 0h4v-4h4v4h4v4h-4v4h-4v-4h-4z", path: (x, y, r) => plus(x, y, r) },
];

const at = (value: number): string => String(Math.round(value * 10) / 10);

function plus(x: number, y: number, r: number): string {
  const arm = `${at((2 * r) / 3)}`;
  return `M${at(x - r)} ${at(y - r / 3)}h${arm}v-${arm}h${arm}v${arm}h${arm}v${arm}h-${arm}v${arm}h-${arm}v-${arm}h-${arm}z`;
}

/** The sign of a class by its number. There are five of them and eight colours: the first forty classes differ. @internal */
export const signOf = (index: number): (typeof signs)[number] => signs[index % signs.length]!;
