/** Small parts of all pictures: a choice of a few, the button for the table behind, a table, a task on its way, a notice. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { Task } from '../../../src/protocol/messages.ts';
import { icon, slotted } from '../../look/icon.ts';
import { percent } from '../../words/figures.ts';
import type { Actions } from '../actions.ts';
import type { Choices, Picture } from './choices.ts';

/** Buttons of which one is pressed. */
export function chooser<T extends string>(label: string, options: readonly { value: T; name: string }[], chosen: T, choose: (value: T) => void): TemplateResult {
  return html`<span class="chooser" role="group" aria-label=${label}>
    ${options.map(({ value, name }) => html`<button class="plain word" aria-pressed=${value === chosen} @click=${() => choose(value)}>${name}</button>`)}
  </span>`;
}

export function selection<T extends string>(label: string, options: readonly { value: T; name: string }[], chosen: T, choose: (value: T) => void): TemplateResult {
  return html`<select class="select" aria-label=${label} @change=${(event: Event) => choose((event.target as HTMLSelectElement).value as T)}>
    ${options.map(({ value, name }) => html`<option value=${value} ?selected=${value === chosen} .selected=${value === chosen}>${name}</option>`)}
  </select>`;
}

export function tableButton(picture: Picture, title: string, { tables }: Choices, actions: Actions): TemplateResult {
  const isTable = tables.includes(picture);
  const next = isTable ? tables.filter((each) => each !== picture) : [...tables, picture];
  return html`<button class="plain" aria-pressed=${isTable} title=${t('Show as table')} aria-label=${t('{0} as a table', title)} @click=${() => actions.choose({ tables: next })}>${icon('table')}</button>`;
}

export function figuresTable(label: string, heads: readonly (string | TemplateResult)[], rows: readonly (readonly (string | TemplateResult)[])[]): TemplateResult {
  return html`<div class="table-frame landscape-table" tabindex="0" role="region" aria-label=${label}>
    <table>
      <thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
      <tbody>${rows.map(([first, ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
    </table>
  </div>`;
}

/** @param end what the button that cancels it is called */
export function taskBar(task: Task, name: string, end: { name: string; icon: string }, actions: Actions): TemplateResult {
  return html`<div class="task" data-task=${task.id}>
    <span>${icon('sync', 'turning')} ${name}</span>
    <span class="muted task-message">${task.message}${task.fraction === null ? '' : ` · ${percent(task.fraction, 0)}`}</span>
    <vscode-progress-bar aria-label=${name} ?indeterminate=${task.fraction === null} .value=${100 * (task.fraction ?? 0)}></vscode-progress-bar>
    <vscode-button class="cancel" secondary @click=${() => actions.cancel(task.id)}>${slotted(end.icon)}${end.name}</vscode-button>
  </div>`;
}

/** A button with the reason why it cannot be pressed beside it. */
export function askButton(name: string, iconName: string, { className, reason, secondary = false }: { className: string; reason: string | null; secondary?: boolean }, press: () => void): TemplateResult {
  return html`<span class="ask">
    <vscode-button class=${className} ?secondary=${secondary} ?disabled=${reason !== null} title=${reason ?? name} @click=${press}>${slotted(iconName)}${name}</vscode-button>
    ${reason === null ? nothing : html`<span class="muted reason">${icon('info')} ${reason}</span>`}
  </span>`;
}
