/** The last lines of the supervisor's or a member's log, as they come. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { RunView } from '../../../src/protocol/run.ts';
import type { Actions } from '../actions.ts';
import { icon } from '../../look/icon.ts';
import { memberName } from '../../words/naming.ts';
import type { Model } from '../store.ts';
import type { Toggles } from '../toggles.ts';

export function log(run: RunView, model: Model, { log: chosen }: Toggles, actions: Actions): TemplateResult {
  const isOpen = chosen !== null;
  const names = ['supervisor', ...run.members.map(({ member }) => member.name)];
  const nameOf = (name: string): string => (name === 'supervisor' ? t('Supervisor') : memberName(name));
  return html`<section class="panel log" aria-labelledby="log-title">
    <div class="panel-title">
      <h2 id="log-title">
        <button class="plain fold" aria-expanded=${isOpen} @click=${() => actions.toggle({ type: 'log', log: isOpen ? null : 'supervisor' })}>
          ${icon(isOpen ? 'chevron-down' : 'chevron-right')} ${t('Log')}
        </button>
      </h2>
      ${isOpen
        ? html`<span class="controls">
            <select class="which" aria-label=${t('Whose log')} .value=${chosen} @change=${(event: Event) => actions.toggle({ type: 'log', log: (event.target as HTMLSelectElement).value })}>
              ${names.map((name) => html`<option value=${name} ?selected=${name === chosen}>${nameOf(name)}</option>`)}
            </select>
            <button class="plain word" @click=${() => actions.openLog(chosen)}>${icon('go-to-file')} ${t('Open file')}</button>
          </span>`
        : nothing}
    </div>
    ${isOpen ? lines(model, chosen, nameOf(chosen)) : nothing}
  </section>`;
}

/** Those who hear the page read it when they want to: it would never be silent. */
function lines(model: Model, chosen: string, title: string): TemplateResult {
  const known = model.log?.name === chosen ? model.log.lines : null;
  return html`<div class="log-lines" tabindex="0" role="log" aria-live="off" aria-label=${t('Log of {0}', title)}>
    ${known === null ? nothing : known.length === 0 ? html`<p class="muted">${t('Nothing is written there yet.')}</p>` : known.map((line) => html`<div>${line}</div>`)}
  </div>`;
}
