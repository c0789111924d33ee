import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import type { RunView } from '../../../src/protocol/run.ts';
import type { Actions } from '../actions.ts';
import { icon, memberMark } from '../../look/icon.ts';
import { headlines } from '../../results/headline.ts';
import { resultTableView } from '../../results/table.ts';
import type { Model } from '../store.ts';
import type { Toggles } from '../toggles.ts';
import { resultsWait } from '../waiting.ts';
import { combine } from './combine.ts';

export function results(run: RunView, model: Model, toggles: Toggles, actions: Actions): TemplateResult {
  const markOf = (name: string): TemplateResult => memberMark(run.members.findIndex(({ member }) => member.name === name));
  return html`<section class="panel results" aria-labelledby="results-title">
    <div class="panel-title"><h2 id="results-title">${t('Results')}</h2></div>
    ${combine(run, model, toggles, actions)}
    ${run.results === null
      ? html`<p class="muted empty">${icon('graph')} ${resultsWait(run)}</p>`
      : [headlines(run.results, model.added), resultTableView({ table: run.results, markOf, added: model.added })]}
  </section>`;
}
