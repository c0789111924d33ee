/** What goes on: progress with Cancel, and the soups that a greedy rule tries, as it tries them. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { ComposeTask } from '../../../src/protocol/compose-messages.ts';
import type { TaskStep } from '../../../src/protocol/task-steps.ts';
import { icon } from '../../look/icon.ts';
import { percent } from '../../words/figures.ts';
import { numbersName, ruleName } from '../../words/naming.ts';
import type { Actions } from '../actions.ts';
import type { Model } from '../store.ts';

export function steps(model: Model, actions: Actions): TemplateResult {
  return html`${model.tasks.map((task) => taskView(task, actions))} ${model.tries.length === 0 ? nothing : triesView(model.tries)}`;
}

function taskView(task: ComposeTask, actions: Actions): TemplateResult | typeof nothing {
  const name = taskName(task);
  if (name === null) return nothing;
  return html`<div class="task" data-task=${task.id}>
    <span>${icon('sync', 'turning')} ${name}</span>
    <span class="muted">${task.message}${task.fraction === null ? '' : ` ${percent(task.fraction, 0)}`}</span>
    <vscode-progress-bar aria-label=${name} ?indeterminate=${task.fraction === null} .value=${100 * (task.fraction ?? 0)}></vscode-progress-bar>
    <vscode-button class="cancel" secondary @click=${() => actions.cancel(task.id)}>${t('Cancel')}</vscode-button>
  </div>`;
}

function taskName({ question }: ComposeTask): string | null {
  switch (question.kind) {
    case 'gate':
      return t('Looking at {0} members', question.members.length);
    case 'soup':
      return t('Soup of {0} members: {1}', question.members.length, ruleName(question.rule));
    case 'ensemble':
      return t('Ensemble of {0} members', question.members.length);
    case 'best':
      return question.what === 'soup' ? t('Looking for the best soup') : t('Looking for the best ensemble');
    case 'distil':
      return t('Distilling {0}', question.ensemble);
    case 'export':
      return t('Exporting {0}', question.name);
    case 'report':
      return t('Writing the report');
    default:
      return null;
  }
}

export function triesView(tries: readonly (TaskStep & { kind: 'try' })[]): TemplateResult {
  const scores = tries.map(({ score }) => score);
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  const length = (score: number): number => 12 + 88 * (high === low ? 1 : (score - low) / (high - low));
  return html`<div class="tries">
    <h3>${t('Greedy steps, by validation score')}</h3>
    <ol>
      ${tries.map(
        ({ parents, score, taken }) =>
          html`<li class=${taken ? 'taken' : 'passed'}>
            <span class="what">${icon(taken ? 'add' : 'dash')} ${numbersName(parents)}</span>
            <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width=${length(score)} height="8" /></svg>
            <span class="number">${percent(score, 2)}</span> <span class="muted">${taken ? t('taken') : t('not taken')}</span>
          </li>`,
      )}
    </ol>
  </div>`;
}
