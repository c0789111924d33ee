/** The whole page: the table of runs, their curves, settings against results. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { ComparedRun } from '../../../src/protocol/compare-messages.ts';
import { icon } from '../../look/icon.ts';
import { pinnedFirst } from '../columns.ts';
import type { Plots } from '../plots.ts';
import { indexIn, shownRuns, sweepOf } from '../shown.ts';
import type { Actions, Settings, Snapshot } from '../store.ts';
import { curves } from './curves.ts';
import { parallel } from './parallel.ts';
import { runsTable } from './runs-table.ts';

export function page(snapshot: Snapshot, plots: Plots, dark: boolean, settings: Settings, actions: Actions): TemplateResult {
  const { runs, sweeps, problems } = snapshot;
  const shown = shownRuns(snapshot, settings);
  const sweep = sweepOf(snapshot, settings);
  const indexOf = (run: ComparedRun): number => indexIn(snapshot, run);
  return html`<header class="header"><h1>${runs.length === 1 ? t('Comparison of one run') : t('Comparison of {0} runs', runs.length)}</h1></header>
    <main>
      ${problems.map(({ message, hint }) => html`<div class="notice error" role="alert">${icon('error')}<div class="words"><p>${message}</p>${hint === undefined ? nothing : html`<p class="hint">${hint}</p>`}</div></div>`)}
      ${runsTable(shown, pinnedFirst(settings.pinned), indexOf, settings, actions)} ${curves(shown, plots, settings, actions)}
      ${parallel(sweep, sweeps, dark, settings, actions)}
    </main>`;
}
