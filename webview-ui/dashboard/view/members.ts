import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { BasinSoFar } from '../../../src/protocol/basin.ts';
import type { RunView } from '../../../src/protocol/run.ts';
import type { Actions } from '../actions.ts';
import { methodName } from '../../words/naming.ts';
import { historyOf, type Model } from '../store.ts';
import { card } from './card.ts';
import type { Toggles } from '../toggles.ts';
import { star } from './star.ts';

/** The picture of how members come from one another. */
export function members(run: RunView, basin: BasinSoFar | null, toggles: Toggles, highlighted: string | null, actions: Actions): TemplateResult {
  return html`<section class="panel members" aria-labelledby="members-title">
    <h2 id="members-title">${t('Members')}</h2>
    <p class="muted">${methodName(run.method).description}</p>
    ${star(run, { basin, threshold: toggles.landscape.threshold, highlighted, pinned: toggles.pinned }, actions)}
  </section>`;
}

/** Each member in figures. */
export function cards(run: RunView, model: Model, highlighted: string | null, actions: Actions): TemplateResult {
  return html`<ul class="cards" aria-label=${t('Members in figures')}>
    ${repeat(
      run.members,
      ({ member }) => member.name,
      (view, index) => card(view, index, run, historyOf(model, view.member.name), isRetried(model, view.member.name), highlighted, actions),
    )}
  </ul>`;
}

function isRetried({ tasks }: Model, member: string): boolean {
  return tasks.some(({ question }) => question.kind === 'retry' && question.members.includes(member));
}
