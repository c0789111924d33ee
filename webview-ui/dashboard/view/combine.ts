/** Choosing members, and the two buttons that turn them into a soup or an ensemble. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { Task } from '../../../src/protocol/messages.ts';
import type { RunView } from '../../../src/protocol/run.ts';
import type { Actions } from '../actions.ts';
import { percent, ranges } from '../../words/figures.ts';
import { memberName, numberOf } from '../../words/naming.ts';
import { selectedMembers } from '../selection.ts';
import type { Model } from '../store.ts';
import type { Toggles } from '../toggles.ts';
import { icon, memberMark, slotted } from '../../look/icon.ts';

export function combine(run: RunView, model: Model, toggles: Toggles, actions: Actions): TemplateResult {
  const selected = selectedMembers(run, toggles);
  const tasks = model.tasks.filter((task) => task.question.kind === 'soup' || task.question.kind === 'ensemble');
  const button = (kind: 'soup' | 'ensemble', name: string, title: string, iconName: string): TemplateResult =>
    html`<vscode-button
      class="make-${kind}"
      title=${title}
      ?disabled=${selected.length < 2 || tasks.some(({ question }) => question.kind === kind)}
      @click=${() => actions.combine(kind)}
    >
      <span slot="content-before" class="codicon codicon-${iconName}" aria-hidden="true"></span>${name}
    </vscode-button>`;
  return html`<div class="combine">
    <fieldset>
      <legend>${t('Combine')}</legend>
      ${run.members.map(({ member, state }, index) => {
        const done = state.status === 'done';
        return html`<label class="pick ${done ? '' : 'off'}" title=${done ? memberName(member.name) : t('{0} is not done yet', memberName(member.name))}>
          <vscode-checkbox
            aria-label=${memberName(member.name)}
            data-member=${member.name}
            ?disabled=${!done}
            .checked=${done && !toggles.deselected.includes(member.name)}
            @change=${() => actions.toggle({ type: 'select', member: member.name })}
          ></vscode-checkbox>
          ${memberMark(index)}<span>${numberOf(member.name)}</span>
        </label>`;
      })}
    </fieldset>
    <div class="buttons">
      ${button('soup', t('Soup'), t('One network whose weights are the mean of these members: one forward pass.'), 'combine')}
      ${button('ensemble', t('Ensemble'), t('The mean of these members\' predictions: one forward pass a member.'), 'layers')}
      <vscode-button class="compose" secondary @click=${() => actions.ask({ kind: 'compose' })}>${slotted('beaker')}${t('Compose…')}</vscode-button>
    </div>
    ${selected.length < 2 ? html`<p class="muted">${t('A soup or an ensemble needs two members that are done.')}</p>` : nothing}
    ${tasks.map((task) => taskView(task, actions))}
  </div>`;
}

function taskView(task: Task, actions: Actions): TemplateResult | typeof nothing {
  const { question } = task;
  if (question.kind !== 'soup' && question.kind !== 'ensemble') return nothing;
  const members = ranges(question.members.map(numberOf));
  const name = question.kind === 'soup' ? t('Soup of members {0}', members) : t('Ensemble of members {0}', members);
  return html`<div class="task" data-task=${task.id}>
    <span>${icon('sync', 'turning')} ${name}</span>
    <span class="muted">${task.message}${task.fraction === null ? '' : ` ${percent(task.fraction, 0)}`}</span>
    <vscode-progress-bar aria-label=${name} ?indeterminate=${task.fraction === null} .value=${100 * (task.fraction ?? 0)}></vscode-progress-bar>
    <vscode-button class="cancel" secondary @click=${() => actions.cancel(task.id)}>${t('Cancel')}</vscode-button>
  </div>`;
}
