/** A drawn line, what it belongs to, and the list of lines in a chart kept up to date without making it anew. */
import type { Chart, ChartDataset } from 'chart.js';

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

/** Keeps the identity of lines by their key: Chart.js then keeps what it knows of them. */
export function setSeries(chart: Chart<'line', Point[]>, wanted: Series[]): void {
  const known = new Map(chart.data.datasets.map((dataset) => [(dataset as Series).key, dataset]));
  chart.data.datasets = wanted.map((series) => {
    const dataset = known.get(series.key);
    return dataset === undefined ? series : Object.assign(dataset, series);
  });
}
