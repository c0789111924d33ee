/** The whole page: members beside the recipe, the table that grows, one row in detail. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { ComposeState } from '../../../src/protocol/compose-messages.ts';
import type { ResultRow } from '../../../src/protocol/results.ts';
import { icon, memberMark, slotted } from '../../look/icon.ts';
import { headlines } from '../../results/headline.ts';
import { resultTableView } from '../../results/table.ts';
import { rowName } from '../../words/naming.ts';
import type { Actions } from '../actions.ts';
import type { Choice } from '../choice.ts';
import type { Model, Notice } from '../store.ts';
import { detail, undoButton } from './detail.ts';
import { members } from './members.ts';
import { recipe } from './recipe.ts';

export function compose(model: Model, choice: Choice, actions: Actions): TemplateResult {
  const { state } = model;
  if (state === null) return html`<p class="muted empty loading">${t('Reading the run…')}</p>`;
  return html`${header(model, state, actions)}
    <main>
      ${notice(model, actions)}
      <div class="kitchen">${members(model, choice, actions)} ${recipe(model, choice, actions)}</div>
      ${results(model, state, actions)} ${detail(model, actions)}
    </main>`;
}

function header({ tasks }: Model, { runs, trusted }: ComposeState, actions: Actions): TemplateResult {
  const isBusy = tasks.some(({ question }) => question.kind === 'best');
  const isFew = runs[0].view.members.filter(({ snapshot }) => snapshot !== null).length < 2;
  const best = (what: 'soup' | 'ensemble', text: string, name: string): TemplateResult =>
    html`<vscode-button class="best-${what}" ?disabled=${!trusted || isBusy || isFew} title=${isFew ? t('A soup or an ensemble needs two members that are done.') : nothing} @click=${() => actions.ask({ kind: 'best', what })}>${slotted(name)}${text}</vscode-button>`;
  return html`<header class="header">
    <div class="title">
      <h1>${t('Compose')}</h1>
      <span class="muted subject">${t('Results are kept with {0}', runs[0].view.name)}</span>
      <div class="buttons">
        ${best('soup', t('Make the best soup'), 'combine')} ${best('ensemble', t('Make the best ensemble'), 'layers')}
        <vscode-button class="report" secondary ?disabled=${!trusted} @click=${() => actions.ask({ kind: 'report' })}>${slotted('book')}${t('Report')}</vscode-button>
        <vscode-button class="dashboard" secondary @click=${() => actions.ask({ kind: 'dashboard' })}>${slotted('graph-line')}${t('Dashboard')}</vscode-button>
      </div>
    </div>
  </header>`;
}

function results(model: Model, state: ComposeState, actions: Actions): TemplateResult {
  const { table } = state;
  const markOf = (name: string): TemplateResult => memberMark(state.runs[0].members.findIndex((member) => member.name === name));
  const isOpen = (row: ResultRow): boolean => model.open === row.name;
  const before = (row: ResultRow): TemplateResult | typeof nothing =>
    row.kind === 'mean-member'
      ? nothing
      : html`<button class="plain open" aria-expanded=${isOpen(row)} title=${t('Show details')} aria-label=${t('Details of {0}', rowName(row))} @click=${() => actions.open(isOpen(row) ? null : row.name)}>${icon(isOpen(row) ? 'chevron-down' : 'chevron-right')}</button>`;
  const behind = (row: ResultRow): TemplateResult | typeof nothing => (state.undoable.includes(row.name) && state.trusted ? undoButton(row, actions) : nothing);
  return html`<section class="panel results" aria-labelledby="results-title">
    <div class="panel-title"><h2 id="results-title">${t('Results')}</h2></div>
    ${table === null
      ? html`<p class="muted empty">${icon('graph')} ${t('The table comes when the members are trained and evaluated.')}</p>`
      : [headlines(table, model.added), resultTableView({ table, markOf, added: model.added, before, behind, chosen: model.open })]}
  </section>`;
}

function notice({ notice: told }: Model, actions: Actions): TemplateResult | typeof nothing {
  if (told === null) return nothing;
  const isError = told.kind === 'error';
  const hint = told.kind === 'error' ? told.error.hint : undefined;
  return html`<div class="notice ${isError ? 'error' : ''}" role=${isError ? 'alert' : 'status'}>
    ${icon(isError ? 'error' : 'info')}
    <div class="words">
      <p>${noticeText(told)}</p>
      ${hint === undefined ? nothing : html`<p class="hint">${icon('lightbulb')} ${hint}</p>`}
    </div>
    <button class="plain" title=${t('Dismiss')} aria-label=${t('Dismiss')} @click=${() => actions.dismiss()}>${icon('close')}</button>
  </div>`;
}

export function noticeText(told: Notice): string {
  switch (told.kind) {
    case 'error':
      return told.error.message;
    case 'same':
      return t('The same was made before: it is {0}.', told.name);
    case 'best-member':
      return t('No soup is better than the best member on validation images, so none was kept.');
    case 'undone':
      return t('{0} was deleted, with its predictions and its row.', told.name);
    case 'exported':
      return t('{0} is in {1}', told.name, told.folder);
  }
}
