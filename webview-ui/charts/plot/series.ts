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

/** The points of a line that a range shows, with one more on each side, to which the line leads. Of a line that goes on beyond the range the end is not drawn. */
export function inRange(series: Series, { from, to }: Range): Series {
  const { data } = series;
  const first = Math.max(0, firstAt(data, from) - 1);
  const end = Math.min(data.length, firstBeyond(data, to) + 1);
  return first === 0 && end === data.length ? series : { ...series, data: data.slice(first, end), live: series.live === true && end === data.length };
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
