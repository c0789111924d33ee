/** What a run would cost, before it is started. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { epochMs, runMs } from '../../../src/protocol/plan-check.ts';
import { costOf, equalBudget } from '../../../src/protocol/plan-cost.ts';
import { slotted } from '../../look/icon.ts';
import { bytes, count, duration, nats } from '../../words/figures.ts';
import { deviceName } from '../../words/naming.ts';
import type { Actions } from '../actions.ts';
import type { Drawn } from '../schedule.ts';
import { isTimedAs, type Model } from '../store.ts';

export function cost(drawn: Drawn, model: Model, actions: Actions): TemplateResult {
  const { members, training, method } = drawn;
  const { facts } = model;
  const { epochs, shortest, passes } = costOf(members);
  const steps = facts === null ? null : Math.ceil(facts.images.train / training.batchSize) * epochs;
  const others = method.kind === 'local-de' || method.kind === 'fine-tuning' ? [] : equalBudget({ members: members.length, epochs }, training.epochs);
  return html`<section class="panel cost" aria-labelledby="cost-title">
    <div class="panel-title">
      <h2 id="cost-title">${t('Cost before the start')}</h2>
      ${estimating(model, actions)}
    </div>
    <dl class="facts">
      ${fact(t('Training'), html`${t('{0} epochs', count(epochs))}${steps === null ? nothing : html` <span class="muted">${t('{0} steps', count(steps))}</span>`}`)}
      ${fact(t('Longest path'), html`${t('{0} epochs', count(shortest))}${shortest === epochs ? nothing : html` <span class="muted">${t('arms side by side')}</span>`}`)}
      ${fact(t('Time here'), time(drawn, model))}
      ${fact(t('Disk'), facts === null ? html`<span class="muted">${t('known after a check')}</span>` : html`${members.length === 1 ? t('1 snapshot of {0}', bytes(facts.snapshotBytes)) : t('{0} snapshots of {1}', count(members.length), bytes(facts.snapshotBytes))} <span class="muted">${facts.freeBytes === null ? '' : t('{0} free', bytes(facts.freeBytes))}</span>`)}
      ${fact(t('A prediction'), t('soup {0} forward pass, ensemble {1}', passes.soup, passes.ensemble))}
    </dl>
    ${others.length === 0 ? nothing : html`<p class="muted budget">${t('Local DE for the same {0} epochs: {1}', count(epochs), others.map((other) => t('{0} members of {1} epochs', count(other.members), count(other.epochs))).join(t(', or ')))}</p>`}
  </section>`;
}

function time({ members }: Drawn, { estimate, document }: Model): TemplateResult {
  if (estimate === null) return html`<span class="muted">${t('measured by a short dry run')}</span>`;
  const { timing, facts, steps } = estimate.estimate;
  if (!isTimedAs(estimate.value, document?.value)) return html`<span class="muted">${t('measured for another network, data or batch')}</span>`;
  return html`<strong class="total-time">${t('about {0}', duration(runMs(members, timing)))}</strong>
    <span class="muted">${t('{0} an epoch, {1} side by side, {2}, {3} steps timed', t('{0} s', nats(epochMs(timing, 'alone') / 1000, 1)), count(timing.workers), deviceName(facts.device), count(steps))}</span>`;
}

function estimating({ tasks, trusted }: Model, actions: Actions): TemplateResult {
  const task = tasks.find(({ question }) => question.kind === 'estimate');
  if (task === undefined) {
    return html`<vscode-button class="estimate" secondary ?disabled=${!trusted} @click=${() => actions.ask({ kind: 'estimate' })}>${slotted('watch')}${t('Measure the time')}</vscode-button>`;
  }
  return html`<span class="buttons" role="status">
    <span class="muted">${t('Timing a few steps…')}</span>
    <vscode-button class="cancel" secondary @click=${() => actions.cancel(task.id)}>${t('Cancel')}</vscode-button>
  </span>`;
}

function fact(name: string, value: unknown): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}
