/** Messages above everything else: what is wrong with the run, and what the last question came to. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { Question } from '../../../src/protocol/messages.ts';
import type { Actions } from '../actions.ts';
import type { Model } from '../store.ts';
import { icon } from '../../look/icon.ts';

interface Problem {
  message: string;
  hint?: string;
}

export function problem({ message, hint }: Problem, dismiss: (() => void) | null): TemplateResult {
  return html`<div class="notice error" role="alert">
    ${icon('error')}
    <div class="words">
      <p>${message}</p>
      ${hint === undefined ? nothing : html`<p class="hint">${icon('lightbulb')} ${hint}</p>`}
    </div>
    ${dismiss === null ? nothing : closeButton(dismiss)}
  </div>`;
}

export function notices(model: Model, actions: Actions): TemplateResult {
  const { run, notice } = model;
  return html`${run?.error ? problem(run.error, null) : nothing}
  ${notice?.kind === 'error' ? problem(notice.error, () => actions.dismiss()) : nothing}
  ${notice?.kind === 'done' ? done(notice.question, actions) : nothing}
  ${run?.status === 'interrupted' ? interrupted() : nothing}`;
}

function done(question: Question['kind'], actions: Actions): TemplateResult | typeof nothing {
  const text = {
    stop: t('Stop was requested: each trainer finishes its step, saves and ends.'),
    resume: t('The run goes on from where it was saved.'),
    retry: t('The member is in the queue again, at half its learning rate.'),
    soup: null,
    ensemble: null,
    basin: null,
    plane: null,
    sharpness: null,
    measures: null,
    reveal: null,
    compose: null,
  }[question];
  if (text === null) return nothing;
  return html`<div class="notice" role="status">
    ${icon('info')}
    <div class="words"><p>${text}</p></div>
    ${closeButton(() => actions.dismiss())}
  </div>`;
}

function interrupted(): TemplateResult {
  return html`<div class="notice warning" role="status">
    ${icon('warning')}
    <div class="words"><p>${t('A trainer has given no sign of life for a while. Resume continues from its last saved state; no finished member is trained again.')}</p></div>
  </div>`;
}

function closeButton(dismiss: () => void): TemplateResult {
  return html`<button class="plain" title=${t('Dismiss')} aria-label=${t('Dismiss')} @click=${dismiss}>${icon('close')}</button>`;
}
