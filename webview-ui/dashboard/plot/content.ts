import type { ChartOptions } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import type { Series } from './series.ts';

/** All that a plot draws, as data. */
export interface PlotContent {
  series: Series[];
  annotations: Record<string, AnnotationOptions>;
  yScales: NonNullable<ChartOptions<'line'>['scales']>;
  /** The right end of the axis. */
  lastEpoch: number;
}
