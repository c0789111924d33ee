/** One chart over the epochs of the experiment, with its frame: the frame has the keyboard, the canvas has the pixels. */
import { Chart, Decimation, LinearScale, LineController, LineElement, LogarithmicScale, PointElement, Tooltip } from 'chart.js';
import annotation from 'chartjs-plugin-annotation';
import { t } from '@vscode/l10n';
import { panBy, zoomBy, type Range } from './range.ts';
import { decimalEpoch } from '../../words/figures.ts';
import type { Theme } from '../../look/theme.ts';
import type { PlotContent } from './content.ts';
import type { Cursor } from './cursor.ts';
import { clipOf, type Clip } from './clip.ts';
import { addGestures } from './gestures.ts';
import { itemsAt, itemsLeftOut, registerSameEpoch } from './nearest.ts';
import { drawnOptions, rangeOf, tooltipLook } from './options.ts';
import { outsideMarks } from './outside.ts';
import './plot.css';
import { inRange, setSeries, type Point, type Series } from './series.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Tooltip, Decimation, annotation);
registerSameEpoch();

/** What a plot tells: the epochs that the charts shall show, null for all. */
export type OnZoom = (range: Range | null) => void;

/** Pixels in which a line has no more than its lowest and highest point: finer is not seen, and drawing it takes most of the time of a frame. */
const COLUMN = 2;
/** One press of a key: so much narrower, or so far to the side. */
const KEY_ZOOM = 0.6;
const KEY_PAN = 0.2;

export class Plot {
  readonly frame = document.createElement('div');
  readonly #chart: Chart<'line', Point[]>;
  readonly #cursor: Cursor;
  readonly #value: (value: number) => string;
  readonly #onZoom: OnZoom;
  #theme: Theme;
  #clip: Clip | null = null;
  #content: PlotContent | null = null;

  /** @param label what the chart shows, for those who do not see it; they are told the keys, too. @param value writes a value of its y axis. */
  constructor(label: string, value: (value: number) => string, cursor: Cursor, theme: Theme, onZoom: OnZoom) {
    this.#cursor = cursor;
    this.#theme = theme;
    this.#value = value;
    this.#onZoom = onZoom;
    const canvas = document.createElement('canvas');
    canvas.setAttribute('aria-hidden', 'true');
    this.frame.append(canvas);
    this.frame.className = 'plot-frame';
    this.frame.tabIndex = 0;
    this.frame.setAttribute('role', 'slider');
    this.frame.setAttribute('aria-label', `${label} ${t('Arrow keys move through the epochs, plus and minus zoom, Shift and arrow keys move what is shown, Escape shows everything.')}`);
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
              footer: (items) => {
                const left = items.length === 0 ? 0 : itemsLeftOut(items[0].chart, items[0].element.x);
                return left === 0 ? '' : t('and {0} more', left);
              },
              label: (item) => {
                const series = item.dataset as Series;
                return ` ${series.label}  ${value(item.parsed.y ?? 0)}${series.note?.(item.raw as Point) ?? ''}`;
              },
            },
          },
        },
      },
      plugins: [cursor.plugin(() => this.#theme.muted), outsideMarks(() => this.#clip), liveDots],
    });
    cursor.add(this.#chart as Chart);
    addGestures({
      frame: this.frame,
      drawn: () => ({ from: this.#chart.scales.x.min, to: this.#chart.scales.x.max, left: this.#chart.chartArea.left, right: this.#chart.chartArea.right }),
      lastEpoch: () => this.#content?.lastEpoch ?? 1,
      least: () => this.#content?.least ?? 1,
      zoom: onZoom,
    });
  }

  /** @param clips leaves outliers outside of the y axis */
  draw(content: PlotContent, theme: Theme, clips = false): void {
    this.#theme = theme;
    this.#content = content;
    const range = rangeOf(content);
    this.#clip = clips ? clipOf(content.series, range) : null;
    const { options } = this.#chart;
    this.frame.setAttribute('aria-valuemin', String(range.from));
    this.frame.setAttribute('aria-valuemax', String(range.to));
    if (this.#clip === null) this.frame.removeAttribute('aria-description');
    else this.frame.setAttribute('aria-description', t('{0} points lie outside of the axis.', this.#clip.outside.length));
    Object.assign(options, drawnOptions(content, this.#clip, theme));
    const { tooltip, annotation: shapes } = options.plugins!;
    shapes!.annotations = content.annotations;
    Object.assign(tooltip!, tooltipLook(theme));
    const columns = Math.max(1, Math.floor(this.#chart.width / COLUMN));
    setSeries(this.#chart, content.series.map((series) => inRange(series, range, columns)));
    // Not update('none'): in that mode Chart.js 4 leaves the old colours on points that share their options.
    this.#chart.update();
  }

  #onKey(event: KeyboardEvent): void {
    const { min: from, max: to } = this.#chart.scales.x;
    const epoch = this.#cursor.epoch;
    const lastEpoch = this.#content?.lastEpoch ?? 1;
    const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const zoom = { '+': KEY_ZOOM, '=': KEY_ZOOM, '-': 1 / KEY_ZOOM, _: 1 / KEY_ZOOM }[event.key];
    if (event.key === 'Escape') {
      this.#leave();
      this.#onZoom(null);
    } else if (zoom !== undefined && !event.ctrlKey && !event.metaKey) {
      const centre = epoch !== null && epoch >= from && epoch <= to ? epoch : (from + to) / 2;
      this.#onZoom(zoomBy({ from, to }, zoom, centre, lastEpoch, this.#content?.least ?? 1));
    } else if (side !== undefined && event.shiftKey) {
      this.#onZoom(panBy({ from, to }, side * KEY_PAN, lastEpoch));
    } else {
      const target = nextEpoch(event.key, epoch ?? from, { from, to });
      if (target === null) return;
      this.#standAt(target);
    }
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

/** Where a key leads: by whole epochs, by parts of them where few are on show; null for any other key. */
function nextEpoch(key: string, epoch: number, { from, to }: Range): number | null {
  const unit = to - from >= 5 ? 1 : (to - from) / 20;
  const [up, down] = unit === 1 ? [Math.floor(epoch), Math.ceil(epoch)] : [epoch, epoch];
  const targets: Record<string, number> = { ArrowLeft: down - unit, ArrowRight: up + unit, PageUp: down - 5 * unit, PageDown: up + 5 * unit, Home: from, End: to };
  return key in targets ? Math.min(to, Math.max(from, targets[key])) : null;
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
