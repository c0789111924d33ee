/** The two charts of a comparison, made when the language of their labels is known. */
import { t } from '@vscode/l10n';
import type { ComparedRun } from '../../src/protocol/compare-messages.ts';
import { Cursor } from '../charts/plot/cursor.ts';
import { Plot, type OnZoom } from '../charts/plot/plot.ts';
import type { Theme } from '../look/theme.ts';
import { nats, percent } from '../words/figures.ts';
import { curveContent } from './curve-content.ts';
import type { Measure, Settings } from './store.ts';

export class Plots {
  readonly #plots: Record<Measure, Plot>;

  constructor(theme: Theme, onZoom: OnZoom) {
    const cursor = new Cursor();
    this.#plots = {
      accuracy: new Plot(t('Validation accuracy by epoch.'), (value) => percent(value, 2), cursor, theme, onZoom),
      loss: new Plot(t('Validation loss by epoch.'), nats, cursor, theme, onZoom),
    };
  }

  frame(measure: Measure): HTMLElement {
    return this.#plots[measure].frame;
  }

  draw(runs: readonly ComparedRun[], indexOf: (run: ComparedRun) => number, settings: Settings, theme: Theme): void {
    const { measure, clip } = settings;
    this.#plots[measure].draw(curveContent(runs, indexOf, settings, theme), theme, clip && measure === 'loss');
  }
}
