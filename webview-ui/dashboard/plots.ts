/** The three charts of a dashboard, drawn from one model. */
import { t } from '@vscode/l10n';
import type { RunView } from '../../src/protocol/run.ts';
import { nats, percent, rate } from '../words/figures.ts';
import { Cursor } from './plot/cursor.ts';
import { lossContent } from './plot/loss-content.ts';
import type { PlotContent } from './plot/content.ts';
import { Plot } from './plot/plot.ts';
import { rateContent } from './plot/rate-content.ts';
import type { Scene } from './plot/style.ts';
import { validationContent } from './plot/validation-content.ts';
import { historyOf, type Model } from './store.ts';
import type { Theme } from '../look/theme.ts';
import { spansOf } from './timeline.ts';
import type { ChartName, Toggles } from './toggles.ts';

export class Plots {
  readonly #plots: Record<ChartName, Plot>;

  constructor(theme: Theme) {
    const cursor = new Cursor();
    const hint = t('Arrow keys move through the epochs.');
    this.#plots = {
      loss: new Plot(`${t('Training loss by epoch.')} ${hint}`, nats, cursor, theme),
      validation: new Plot(`${t('Validation accuracy by epoch.')} ${hint}`, (value) => percent(value, 2), cursor, theme),
      rate: new Plot(`${t('Learning rate by epoch.')} ${hint}`, rate, cursor, theme),
    };
  }

  frame(chart: ChartName): HTMLElement {
    return this.#plots[chart].frame;
  }

  /** Draws the charts that are on show. */
  draw(run: RunView, model: Model, toggles: Toggles, highlighted: string | null, theme: Theme): void {
    const spans = spansOf(run.members.map(({ member }) => member));
    const scene: Scene = { spans, hidden: toggles.hidden, highlighted, theme };
    const { stepsPerEpoch } = run;
    const history = (member: string) => historyOf(model, member);
    const running = new Set(run.members.filter(({ state }) => state.status === 'running').map(({ member }) => member.name));
    const contents: Record<ChartName, () => PlotContent> = {
      loss: () =>
        lossContent(scene, { historyOf: history, isLive: (member) => running.has(member), stepsPerEpoch, smoothing: toggles.smoothing, logarithmic: toggles.logLoss }),
      validation: () => validationContent(scene, { historyOf: history, stepsPerEpoch }),
      rate: () => rateContent(scene, { run, historyOf: history }),
    };
    for (const [name, plot] of Object.entries(this.#plots) as [ChartName, Plot][]) {
      if (!toggles.tables.includes(name)) plot.draw(contents[name](), theme);
    }
  }
}
