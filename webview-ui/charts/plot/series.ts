/** A drawn line, what it belongs to, and the list of lines in a chart kept up to date without making it anew. */
import type { Chart, ChartDataset } from 'chart.js';
import type { Range } from './range.ts';

export interface Point {
  x: number;
  y: number;
}

export type Series = ChartDataset<'line', Point[]> & {
  key: string;
  label: string;
  /** Left out of hovering. */
  silent?: boolean;
  /** Of the lines of one group hovering tells the best alone. */
  group?: { key: string; best: 'highest' | 'lowest' };
  /** Draws a dot at its end: this line is still growing. */
  live?: boolean;
  /** What the popup adds to the value of a point. */
  note?: (point: Point) => string;
};

/**
 * The points of a line that a range shows, with one more on each side, to which the line leads. Of a line that goes on beyond the range the end is not drawn.
 * @param columns of pixels: of more than two points in one, the lowest and the highest are drawn
 */
export function inRange(series: Series, { from, to }: Range, columns: number): Series {
  const { data } = series;
  const first = Math.max(0, firstAt(data, from) - 1);
  const end = Math.min(data.length, firstBeyond(data, to) + 1);
  const part = first === 0 && end === data.length ? data : data.slice(first, end);
  const drawn = part.length > 2 * columns ? extremes(part, ({ x }) => Math.floor(((x - from) / (to - from)) * columns)) : part;
  return drawn === data ? series : { ...series, data: drawn, live: series.live === true && end === data.length };
}

/** The first point, the lowest and the highest of each column in their order, and the last point. */
function extremes(data: readonly Point[], columnOf: (point: Point) => number): Point[] {
  const kept: Point[] = [];
  for (let start = 0; start < data.length; ) {
    const column = columnOf(data[start]);
    let [low, high, end] = [start, start, start + 1];
    for (; end < data.length && columnOf(data[end]) === column; end++) {
      if (data[end].y < data[low].y) low = end;
      if (data[end].y > data[high].y) high = end;
    }
    kept.push(...[...new Set([...(start === 0 ? [0] : []), low, high, ...(end === data.length ? [end - 1] : [])])].sort((a, b) => a - b).map((index) => data[index]));
    start = end;
  }
  return kept;
}

/** Index of the first point at x or later; points are sorted by x. */
function firstAt(data: readonly Point[], x: number): number {
  return partition(data, (point) => point.x < x);
}

function firstBeyond(data: readonly Point[], x: number): number {
  return partition(data, (point) => point.x <= x);
}

function partition(data: readonly Point[], isBefore: (point: Point) => boolean): number {
  let [low, high] = [0, data.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(data[middle])) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Keeps the identity of lines by their key: Chart.js then keeps what it knows of them. */
export function setSeries(chart: Chart<'line', Point[]>, wanted: Series[]): void {
  const known = new Map(chart.data.datasets.map((dataset) => [(dataset as Series).key, dataset]));
  chart.data.datasets = wanted.map((series) => {
    const dataset = known.get(series.key);
    return dataset === undefined ? series : Object.assign(dataset, series);
  });
}
