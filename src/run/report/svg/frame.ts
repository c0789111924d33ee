/** Axes, ticks and a legend as SVG, in the units of the screen. */
import { escaped } from '../html.ts';

export interface Axis {
  low: number;
  high: number;
  title: string;
  /** A tick's number as text. */
  format: (value: number) => string;
}
export interface Frame {
  x: (value: number) => number;
  y: (value: number) => number;
  /** What is drawn inside, between the axes. */
  draw(content: string): string;
}

const [WIDTH, LEFT, RIGHT, TOP, BOTTOM] = [680, 62, 16, 14, 46];
const [LEGEND_ROW, LEGEND_COLUMN] = [20, 150];

/** @param height of the plotting area @param legend names of curves, in the order of their colours */
export function frame(horizontal: Axis, vertical: Axis, label: string, { height = 260, width = WIDTH - LEFT - RIGHT, legend = [] as readonly string[] } = {}): Frame {
  const columns = Math.max(1, Math.floor(width / LEGEND_COLUMN));
  const legendHeight = LEGEND_ROW * Math.ceil(legend.length / columns);
  const top = TOP + legendHeight;
  const x = (value: number): number => LEFT + ((value - horizontal.low) / (horizontal.high - horizontal.low)) * width;
  const y = (value: number): number => top + height - ((value - vertical.low) / (vertical.high - vertical.low)) * height;
  const across = ticks(vertical).map((value) => `<path class="grid" d="M${LEFT} ${px(y(value))}h${width}"/><text x="${LEFT - 8}" y="${px(y(value) + 4)}" text-anchor="end">${escaped(vertical.format(value))}</text>`);
  const along = ticks(horizontal).map((value) => `<text x="${px(x(value))}" y="${px(top + height + 18)}" text-anchor="middle">${escaped(horizontal.format(value))}</text>`);
  const names = legend.map((name, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    return `<rect x="${LEFT + column * LEGEND_COLUMN}" y="${TOP + row * LEGEND_ROW - 8}" width="14" height="4" fill="${colour(index)}"/><text x="${LEFT + 20 + column * LEGEND_COLUMN}" y="${TOP + row * LEGEND_ROW - 2}">${escaped(name)}</text>`;
  });
  const titles = [
    `<text class="label" x="${px(LEFT + width / 2)}" y="${px(top + height + 38)}" text-anchor="middle">${escaped(horizontal.title)}</text>`,
    `<text class="label" transform="translate(14 ${px(top + height / 2)}) rotate(-90)" text-anchor="middle">${escaped(vertical.title)}</text>`,
  ];
  return {
    x,
    y,
    draw: (content) =>
      `<svg role="img" aria-label="${escaped(label)}" width="${px(LEFT + width + RIGHT)}" viewBox="0 0 ${px(LEFT + width + RIGHT)} ${px(top + height + BOTTOM)}" xmlns="http://www.w3.org/2000/svg">${[...across, ...along, ...names, ...titles].join('')}<path class="axis" d="M${LEFT} ${top}v${height}h${width}"/>${content}</svg>`,
  };
}

/** The colour of a curve; there are eight. */
export function colour(index: number): string {
  return `var(--s${(index % 8) + 1})`;
}

/** A path through points [x, y] of the screen. */
export function line(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${px(x)} ${px(y)}`).join('');
}

export function px(value: number): string {
  return value.toFixed(1);
}

/** Round numbers between the ends of an axis, about five. */
export function ticks({ low, high }: Pick<Axis, 'low' | 'high'>): number[] {
  const rough = (high - low) / 5;
  if (!(rough > 0)) return [low];
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = size * [1, 2, 5, 10].find((factor) => factor * size >= rough)!;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, index) => (first + index) * step);
}

/** Ends of an axis that hold all values, with a little air. */
export function extent(values: readonly number[], air = 0.05): { low: number; high: number } {
  const finite = values.filter(Number.isFinite);
  // No spread of a million numbers.
  const [low, high] = finite.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
  if (low === Infinity) return { low: 0, high: 1 };
  const more = low === high ? Math.abs(low) * air || 1 : (high - low) * air;
  return { low: low - more, high: high + more };
}
