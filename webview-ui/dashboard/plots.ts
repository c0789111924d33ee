/** The three charts of a dashboard, drawn from one model. */
import { t } from '@vscode/l10n';
import type { ChartFile } from '../../src/protocol/messages.ts';
import type { RunView } from '../../src/protocol/run.ts';
import { nats, percent, rate } from '../words/figures.ts';
import type { History } from './history.ts';
import { chartCsv } from './plot/chart-csv.ts';
import { chartSvg } from '../charts/plot/chart-svg.ts';
import { Cursor } from '../charts/plot/cursor.ts';
import { chartPng, withFileChart } from '../charts/plot/file-chart.ts';
import { lossContent } from './plot/loss-content.ts';
import type { PlotContent } from '../charts/plot/content.ts';
import { Plot, type OnZoom } from '../charts/plot/plot.ts';
import { rateContent } from './plot/rate-content.ts';
import type { Scene } from './plot/style.ts';
import { validationContent } from './plot/validation-content.ts';
import { drawnHistory, type Model } from './store.ts';
import type { Theme } from '../look/theme.ts';
import { lastEpoch, spansOf } from './timeline.ts';
import { within } from '../charts/plot/range.ts';
import type { ChartName, Toggles } from './toggles.ts';

/** Steps on show at the narrowest zoom. */
const LEAST_STEPS = 8;

/** The narrowest range that a run's charts show, epochs. */
export function leastRange({ stepsPerEpoch }: RunView): number {
  return LEAST_STEPS / stepsPerEpoch;
}

export class Plots {
  readonly #plots: Record<ChartName, Plot>;

  constructor(theme: Theme, onZoom: OnZoom) {
    const cursor = new Cursor();
    this.#plots = {
      loss: new Plot(t('Training loss by epoch.'), nats, cursor, theme, onZoom),
      validation: new Plot(t('Validation accuracy by epoch.'), (value) => percent(value, 2), cursor, theme, onZoom),
      rate: new Plot(t('Learning rate by epoch.'), rate, cursor, theme, onZoom),
    };
  }

  frame(chart: ChartName): HTMLElement {
    return this.#plots[chart].frame;
  }

  /** Draws the charts that are on show. */
  draw(parts: DrawnParts): void {
    const { toggles, theme } = parts;
    for (const [name, plot] of Object.entries(this.#plots) as [ChartName, Plot][]) {
      if (!toggles.tables.includes(name)) plot.draw(contentOf(name, parts), theme, clips(name, toggles));
    }
  }
}

/** What charts are drawn from. */
export interface DrawnParts {
  run: RunView;
  model: Model;
  toggles: Toggles;
  highlighted: string | null;
  theme: Theme;
}

/** A chart as it is on show, as the content of a file: base64 of a PNG. */
export function chartText(chart: ChartName, title: string, format: ChartFile['format'], parts: DrawnParts): string {
  const content = contentOf(chart, parts);
  if (format === 'csv') return chartCsv(chart, content);
  return withFileChart(`${parts.run.name}: ${title}`, content, clips(chart, parts.toggles), parts.theme, format === 'png' ? chartPng : chartSvg);
}

/** Rates have no outliers. */
function clips(chart: ChartName, toggles: Toggles): boolean {
  return toggles.clip && chart !== 'rate';
}

function contentOf(chart: ChartName, { run, model, toggles, highlighted, theme }: DrawnParts): PlotContent {
  const spans = spansOf(run.members.map(({ member }) => member));
  const least = leastRange(run);
  const range = toggles.zoom === null ? null : within(toggles.zoom, lastEpoch(spans), least);
  const scene: Scene = { spans, hidden: toggles.hidden, highlighted, range, least, theme };
  const { stepsPerEpoch } = run;
  const history = (member: string): History => drawnHistory(model, member);
  switch (chart) {
    case 'loss': {
      const running = new Set(run.members.filter(({ state }) => state.status === 'running').map(({ member }) => member.name));
      return lossContent(scene, { historyOf: history, isLive: (member) => running.has(member), stepsPerEpoch, smoothing: toggles.smoothing, logarithmic: toggles.logLoss });
    }
    case 'validation':
      return validationContent(scene, { historyOf: history, stepsPerEpoch });
    case 'rate':
      return rateContent(scene, { run, historyOf: history, logarithmic: toggles.logRate });
  }
}
