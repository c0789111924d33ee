/** The whole page: what is wrong, the picture with its numbers, the cost, and the form. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { icon, slotted } from '../../look/icon.ts';
import { methodName } from '../../words/naming.ts';
import type { Actions } from '../actions.ts';
import { isObject } from '../fields.ts';
import type { Scale } from '../picture.ts';
import { drawnPlan, type Drawn } from '../schedule.ts';
import type { Model } from '../store.ts';
import { cost } from './cost.ts';
import { issueList } from './field.ts';
import { form } from './form.ts';
import { numbers } from './numbers.ts';
import { rates } from './rates.ts';

export interface Screen {
  model: Model;
  open: ReadonlySet<string>;
  /** Of the picture while something is dragged. */
  scale: Scale | null;
  /** Of the picture, pixels. */
  width: number;
}

export function editor({ model, open, scale, width }: Screen, actions: Actions): TemplateResult {
  const { document } = model;
  if (document === null) return html`<p class="muted empty loading">${t('Reading the plan…')}</p>`;
  if (document.syntax !== null) return broken(document.syntax, actions);
  const drawn = drawnPlan(document.value, model.draft);
  return html`${header(document.value, drawn, model, actions)}
    <main>
      ${model.error === null ? nothing : notice(model.error, actions)} ${restricted(model)}
      ${issueList(
        model.issues.filter(({ path }) => path.length === 0),
        'plan-issues',
      )}
      <section class="panel picture-panel">
        ${typeof drawn === 'string' ? html`<p class="empty">${icon('warning')} ${t('No picture yet. {0}', drawn)}</p>` : html`${rates(drawn, { scale, width, asTable: open.has('table') }, actions)} ${numbers(drawn, model, actions)}`}
      </section>
      ${typeof drawn === 'string' ? nothing : cost(drawn, model, actions)} ${form(model, open, actions)}
    </main>`;
}

function header(value: unknown, drawn: Drawn | string, model: Model, actions: Actions): TemplateResult {
  const name = isObject(value) && typeof value.name === 'string' ? value.name : t('A plan without a name');
  const method = typeof drawn === 'string' ? null : methodName(drawn.method.kind);
  const change = (event: Event): void => {
    const text = (event.target as HTMLInputElement).value.trim();
    if (text !== name) actions.edit([{ path: ['name'], ...(text === '' ? {} : { value: text }) }]);
  };
  return html`<header class="header">
    <div class="title">
      <h1><input class="name" aria-label=${t('Name of the plan')} .value=${name} spellcheck="false" @change=${change} /></h1>
      <div class="buttons">
        <vscode-button class="start" ?disabled=${!model.trusted || model.tasks.some(({ question }) => question.kind === 'start')} @click=${() => actions.ask({ kind: 'start' })}>${slotted('play')}${t('Start run')}</vscode-button>
        <vscode-button class="check" secondary ?disabled=${!model.trusted || model.checking} @click=${() => actions.ask({ kind: 'check' })}>${slotted('checklist')}${model.checking ? t('Checking…') : t('Check the plan')}</vscode-button>
        <vscode-button class="as-text" secondary @click=${() => actions.ask({ kind: 'text' })}>${slotted('go-to-file')}${t('Open as text')}</vscode-button>
      </div>
    </div>
    ${method === null ? nothing : html`<p class="muted">${method.name}: ${method.description}</p>`}
  </header>`;
}

/** Text that is no JSON is never written to. */
function broken({ line, column }: { line: number; column: number }, actions: Actions): TemplateResult {
  return html`<main>
    <div class="notice error" role="alert">
      ${icon('error')}
      <div class="words">
        <strong>${t('This file is not valid JSON: line {0}, column {1}', line, column)}</strong>
        <p class="hint">${t('Mend it as text; the picture comes back by itself. Nothing is changed from here meanwhile.')}</p>
      </div>
      <vscode-button class="as-text" @click=${() => actions.ask({ kind: 'text' })}>${slotted('go-to-file')}${t('Open as text')}</vscode-button>
    </div>
  </main>`;
}

function notice({ message, hint }: { message: string; hint?: string }, actions: Actions): TemplateResult {
  return html`<div class="notice error" role="alert">
    ${icon('error')}
    <div class="words">${message}${hint === undefined ? nothing : html`<p class="hint">${hint}</p>`}</div>
    <button class="plain" aria-label=${t('Dismiss')} title=${t('Dismiss')} @click=${() => actions.dismiss()}>${icon('close')}</button>
  </div>`;
}

function restricted({ trusted }: Model): TemplateResult | typeof nothing {
  if (trusted) return nothing;
  return html`<div class="notice warning">${icon('shield')}<div class="words">${t('This workspace is not trusted: the plan can be looked at and changed, but nothing is started.')}</div></div>`;
}
