/** Above the tree: what is being worked out, and why something was refused. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { Question, Subject, Task } from '../../../src/protocol/checkpoint-messages.ts';
import type { ErrorJson } from '../../../src/protocol/errors.ts';
import { icon } from '../../look/icon.ts';
import { percent } from '../../words/figures.ts';
import type { Actions } from '../actions.ts';
import type { Model } from '../store.ts';

export function notices({ tasks, error, trusted }: Model, actions: Actions): TemplateResult {
  return html`${trusted ? nothing : html`<div class="notice warning restricted">${icon('shield')}<div class="words"><p>${t('This workspace is not trusted: tensors are listed, but not measured.')}</p></div></div>`} ${tasks.map((task) => taskLine(task, actions))} ${error === null ? nothing : refusal(error, html`<button class="plain" title=${t('Dismiss')} aria-label=${t('Dismiss')} @click=${() => actions.dismiss()}>${icon('close')}</button>`)}`;
}

/** A file that cannot be shown. */
export function broken({ path, error }: Extract<Subject, { kind: 'broken' }>, actions: Actions): TemplateResult {
  return html`<main class="broken">
    <h1>${icon('warning')} ${t('This checkpoint cannot be shown')}</h1>
    ${refusal(error, nothing)}
    <p class="muted path">${path}</p>
    <div class="buttons">
      <vscode-button secondary @click=${() => actions.ask({ kind: 'open', what: 'text' })}>${t('Open as Text')}</vscode-button>
      <vscode-button secondary @click=${() => actions.ask({ kind: 'reveal' })}>${t('Reveal')}</vscode-button>
    </div>
  </main>`;
}

function refusal({ message, hint }: ErrorJson, button: TemplateResult | typeof nothing): TemplateResult {
  return html`<div class="notice error" role="alert">
    ${icon('error')}
    <div class="words">
      <p>${message}</p>
      ${hint === undefined ? nothing : html`<p class="hint">${icon('lightbulb')} ${hint}</p>`}
    </div>
    ${button}
  </div>`;
}

function taskLine({ id, question, fraction, message }: Task, actions: Actions): TemplateResult | typeof nothing {
  const words = taskWords(question);
  if (words === null) return nothing;
  const reached = fraction === null ? '' : percent(fraction, 0);
  return html`<div class="notice task" role="status">
    ${icon('sync', 'turning')}
    <div class="words"><p>${words} <span class="muted">${message}</span></p></div>
    <vscode-progress-bar aria-label=${words} ?indeterminate=${fraction === null} value=${fraction === null ? 0 : Math.round(100 * fraction)}></vscode-progress-bar>
    <span class="number">${reached}</span>
    <button class="plain cancel" title=${t('Cancel')} aria-label=${t('Cancel')} @click=${() => actions.cancel(id)}>${icon('close')}</button>
  </div>`;
}

function taskWords(question: Question): string | null {
  switch (question.kind) {
    case 'statistics':
      return t('Measuring tensors');
    case 'filters':
      return t('Reading filters');
    case 'differences':
      return t('Comparing tensors');
    default:
      return null;
  }
}
