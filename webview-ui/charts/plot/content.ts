import type { ChartOptions } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import type { Range } from './range.ts';
import type { Series } from './series.ts';

/** All that a plot draws, as data. */
export interface PlotContent {
  series: Series[];
  annotations: Record<string, AnnotationOptions>;
  yScales: NonNullable<ChartOptions<'line'>['scales']>;
  /** The right end of the axis. */
  lastEpoch: number;
  /** The narrowest range that can be shown, epochs. */
  least: number;
  /** The epochs on show, or null for all. */
  range: Range | null;
}
