/** A chart for a file: drawn once, of a fixed size, without a place on the screen, with its title and the names of its members. */
import { Chart } from 'chart.js';
import type { Theme } from '../../look/theme.ts';
import { clipOf } from './clip.ts';
import type { PlotContent } from './content.ts';
import { drawnOptions, rangeOf } from './options.ts';
import type { Point, Series } from './series.ts';

/** CSS pixels of the picture; the chart lies below a head with title and legend. */
export const FILE_SIZE = { width: 1200, height: 640, head: 64, margin: 24 };
const PIXEL_RATIO = 2;

export interface FileChart {
  title: string;
  chart: Chart<'line', Point[]>;
  content: PlotContent;
  theme: Theme;
  /** Lines with a name, in their order. */
  legend: { name: string; colour: string }[];
}

/** Calls `use` with the chart, which is gone afterwards. */
export function withFileChart<T>(title: string, content: PlotContent, clips: boolean, theme: Theme, use: (chart: FileChart) => T): T {
  const canvas = document.createElement('canvas');
  canvas.width = FILE_SIZE.width - 2 * FILE_SIZE.margin;
  canvas.height = FILE_SIZE.height - FILE_SIZE.head - FILE_SIZE.margin;
  const clip = clips ? clipOf(content.series, rangeOf(content)) : null;
  const chart = new Chart<'line', Point[]>(canvas, {
    type: 'line',
    data: { datasets: content.series.map((series) => ({ ...series })) },
    options: {
      animation: false,
      responsive: false,
      devicePixelRatio: PIXEL_RATIO,
      parsing: false,
      normalized: true,
      events: [],
      layout: { padding: { right: 10, top: 4 } },
      elements: { point: { radius: 0 } },
      plugins: { decimation: { enabled: true, algorithm: 'min-max' }, annotation: { annotations: content.annotations, clip: false } },
      ...drawnOptions(content, clip, theme),
    },
  });
  try {
    return use({ title, chart, content, theme, legend: legendOf(content.series) });
  } finally {
    chart.destroy();
  }
}

/** The PNG's bytes as base64. */
export function chartPng({ title, chart, theme, legend }: FileChart): string {
  const { width, height, head, margin } = FILE_SIZE;
  const canvas = document.createElement('canvas');
  canvas.width = width * PIXEL_RATIO;
  canvas.height = height * PIXEL_RATIO;
  const context = canvas.getContext('2d')!;
  context.scale(PIXEL_RATIO, PIXEL_RATIO);
  context.fillStyle = theme.background;
  context.fillRect(0, 0, width, height);
  context.fillStyle = theme.foreground;
  context.font = `600 17px ${theme.fontFamily}`;
  context.fillText(title, margin, 28);
  context.font = `12px ${theme.fontFamily}`;
  let x = margin;
  for (const { name, colour } of legend) {
    context.fillStyle = colour;
    context.fillRect(x, 43, 18, 3);
    context.fillStyle = theme.foreground;
    context.fillText(name, x + 24, 49);
    x += 24 + context.measureText(name).width + 18;
  }
  context.drawImage(chart.canvas, margin, head, width - 2 * margin, height - head - margin);
  return canvas.toDataURL('image/png').split(',')[1];
}

function legendOf(series: readonly Series[]): FileChart['legend'] {
  const named = series.filter(({ key, label }) => /^member-\d+$/.test(key) && label !== '');
  return named.map(({ label, borderColor }) => ({ name: label, colour: borderColor as string }));
}
