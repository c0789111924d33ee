/** One chart over the epochs of the experiment, with its frame: the frame has the keyboard, the canvas has the pixels. */
import { Chart, Decimation, LinearScale, LineController, LineElement, LogarithmicScale, PointElement, Tooltip } from 'chart.js';
import annotation from 'chartjs-plugin-annotation';
import type { Point } from '../curves.ts';
import { decimalEpoch } from '../../words/figures.ts';
import type { Theme } from '../../look/theme.ts';
import type { PlotContent } from './content.ts';
import type { Cursor } from './cursor.ts';
import { itemsAt, registerSameEpoch } from './nearest.ts';
import { setSeries, type Series } from './series.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Tooltip, Decimation, annotation);
registerSameEpoch();

/** Left edges of all charts lie under one another. */
const Y_AXIS_WIDTH = 58;

export class Plot {
  readonly frame = document.createElement('div');
  readonly #chart: Chart<'line', Point[]>;
  readonly #cursor: Cursor;
  readonly #value: (value: number) => string;
  #theme: Theme;

  /** @param label what the chart shows, for those who do not see it. @param value writes a value of its y axis. */
  constructor(label: string, value: (value: number) => string, cursor: Cursor, theme: Theme) {
    this.#cursor = cursor;
    this.#theme = theme;
    this.#value = value;
    const canvas = document.createElement('canvas');
    canvas.setAttribute('aria-hidden', 'true');
    this.frame.append(canvas);
    this.frame.className = 'plot-frame';
    this.frame.tabIndex = 0;
    this.frame.setAttribute('role', 'slider');
    this.frame.setAttribute('aria-label', label);
    this.frame.setAttribute('aria-valuemin', '0');
    this.frame.setAttribute('aria-valuenow', '0');
    this.frame.addEventListener('keydown', (event) => this.#onKey(event));
    this.frame.addEventListener('blur', () => this.#leave());
    this.#chart = new Chart<'line', Point[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        maintainAspectRatio: false,
        interaction: { mode: 'sameEpoch', intersect: false },
        layout: { padding: { right: 10, top: 4 } },
        elements: { point: { radius: 0, hoverRadius: 4, hitRadius: 0 } },
        plugins: {
          decimation: { enabled: true, algorithm: 'min-max' },
          annotation: { annotations: {}, clip: false },
          tooltip: {
            itemSort: (a, b) => (b.parsed.y ?? 0) - (a.parsed.y ?? 0),
            callbacks: {
              title: (items) => (items.length === 0 ? '' : decimalEpoch(items[0].parsed.x ?? 0)),
              label: (item) => {
                const series = item.dataset as Series;
                return ` ${series.label}  ${value(item.parsed.y ?? 0)}${series.note?.(item.raw as Point) ?? ''}`;
              },
            },
          },
        },
      },
      plugins: [cursor.plugin(() => this.#theme.muted), liveDots],
    });
    cursor.add(this.#chart as Chart);
  }

  draw(content: PlotContent, theme: Theme): void {
    this.#theme = theme;
    const { options } = this.#chart;
    this.frame.setAttribute('aria-valuemax', String(content.lastEpoch));
    const axis = {
      grid: { color: theme.grid, drawTicks: false, lineWidth: theme.highContrast ? 0.5 : 1 },
      border: { display: false },
      ticks: { color: theme.muted, font: { family: theme.fontFamily, size: 11 }, padding: 8 },
    };
    const yScales = Object.entries(content.yScales).map(([name, scale]) => [
      name,
      {
        ...axis,
        ...scale,
        grid: { ...axis.grid, ...scale?.grid },
        ticks: { ...axis.ticks, ...scale?.ticks },
        afterFit: (fitted: { width: number }) => (fitted.width = Y_AXIS_WIDTH),
      },
    ]);
    options.scales = {
      x: { type: 'linear', min: 0, max: Math.max(1, content.lastEpoch), ...axis, grid: { display: false }, ticks: { ...axis.ticks, maxRotation: 0, precision: 0, padding: 6 } },
      ...Object.fromEntries(yScales),
    };
    const { tooltip, annotation: shapes } = options.plugins!;
    shapes!.annotations = content.annotations;
    Object.assign(tooltip!, {
      backgroundColor: theme.popupBackground,
      titleColor: theme.popupForeground,
      bodyColor: theme.popupForeground,
      borderColor: theme.popupBorder,
      borderWidth: 1,
      padding: 9,
      cornerRadius: 6,
      usePointStyle: true,
      boxPadding: 4,
      titleFont: { family: theme.fontFamily, size: 12, weight: 600 },
      bodyFont: { family: theme.fontFamily, size: 12 },
    });
    setSeries(this.#chart, content.series);
    // Not update('none'): in that mode Chart.js 4 leaves the old colours on points that share their options.
    this.#chart.update();
  }

  #onKey(event: KeyboardEvent): void {
    const last = this.#chart.scales.x.max;
    const from = this.#cursor.epoch ?? 0;
    const stride = event.shiftKey ? 5 : 1;
    const targets: Record<string, number> = { ArrowLeft: Math.ceil(from) - stride, ArrowRight: Math.floor(from) + stride, Home: 0, End: last };
    if (event.key === 'Escape') this.#leave();
    else if (event.key in targets) this.#standAt(Math.min(last, Math.max(0, targets[event.key])));
    else return;
    event.preventDefault();
  }

  #standAt(epoch: number): void {
    const chart = this.#chart as Chart;
    this.#cursor.moveTo(epoch, chart);
    const x = chart.scales.x.getPixelForValue(epoch);
    const items = itemsAt(chart, x);
    chart.setActiveElements(items);
    chart.tooltip?.setActiveElements(items, { x, y: (chart.chartArea.top + chart.chartArea.bottom) / 2 });
    chart.update();
    const values = items.map(({ datasetIndex, index }) => {
      const series = chart.data.datasets[datasetIndex] as Series;
      return `${series.label} ${this.#value((series.data[index] as Point).y)}`;
    });
    this.frame.setAttribute('aria-valuenow', String(epoch));
    this.frame.setAttribute('aria-valuetext', [decimalEpoch(epoch), ...values].join(', '));
  }

  #leave(): void {
    const chart = this.#chart as Chart;
    this.#cursor.moveTo(null, chart);
    chart.setActiveElements([]);
    chart.tooltip?.setActiveElements([], { x: 0, y: 0 });
    chart.update();
  }
}

const liveDots = {
  id: 'liveDots',
  afterDatasetsDraw(chart: Chart<'line'>): void {
    for (const meta of chart.getSortedVisibleDatasetMetas()) {
      const series = chart.data.datasets[meta.index] as unknown as Series;
      const end = meta.data.at(-1);
      if (!series.live || end === undefined) continue;
      const { ctx } = chart;
      ctx.save();
      ctx.fillStyle = series.borderColor as string;
      for (const [radius, alpha] of [[7, 0.25], [3.5, 1]]) {
        ctx.globalAlpha = alpha;
        ctx.beginPath();
        ctx.arc(end.x, end.y, radius, 0, 2 * Math.PI);
        ctx.fill();
      }
      ctx.restore();
    }
  },
};
