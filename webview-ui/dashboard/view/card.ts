/** One member in figures. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { MemberView, RunView } from '../../../src/protocol/run.ts';
import { epochsOf } from '../../../src/protocol/schedule.ts';
import type { Actions } from '../actions.ts';
import { count, duration, nats, percent, rate } from '../../words/figures.ts';
import { latestEpoch, latestStep, type History } from '../history.ts';
import { deviceName, memberName, statusName } from '../../words/naming.ts';
import { memberProgress, memberRemainingMs } from '../timing.ts';
import { memberWaits } from '../waiting.ts';
import { memberBar } from './bar.ts';
import { icon, memberMark, slotted, statusIcon } from '../../look/icon.ts';
import { problem } from './notice.ts';

export function card(view: MemberView, index: number, run: RunView, history: History, asked: boolean, highlighted: string | null, actions: Actions): TemplateResult {
  const { member, state } = view;
  const reached = memberProgress(view, run.stepsPerEpoch);
  return html`<li
    class="card is-${state.status} ${highlighted === member.name ? 'highlighted' : ''}"
    @pointerenter=${() => actions.hover(member.name)}
    @pointerleave=${() => actions.hover(null)}
  >
    <div class="card-title">
      ${memberMark(index)}
      <h3>${memberName(member.name)}</h3>
      <span class="card-status status-${state.status}">${statusIcon(state.status)} ${statusName(state.status)}</span>
      <span class="number muted">${t('epoch {0} of {1}', state.epoch, epochsOf(member))}</span>
    </div>
    ${memberBar(reached, index, t('Training of member {0}', memberName(member.name)))}
    ${state.status === 'queued' ? html`<p class="muted waiting">${memberWaits(view, run)}</p>` : figures(view, run, history)}
    ${state.device === null
      ? nothing
      : html`<p class="card-device muted">
          <span title=${state.device.description}>${icon(state.device.kind === 'gpu' ? 'circuit-board' : 'chip')} ${deviceName(state.device)}${state.host === null ? '' : `, ${state.host}`}</span>
          <span class="number">${time(view, run)}</span>
        </p>`}
    ${state.error === null ? nothing : problem(state.error, null)} ${tried(view)} ${retry(view, asked, actions)}
  </li>`;
}

/** What was tried before, at higher rates. */
function tried({ member: { retries } }: MemberView): TemplateResult | typeof nothing {
  if (retries.length === 0) return nothing;
  return html`<ul class="tried muted">
    ${retries.map(({ learningRate, reason }) => html`<li>${t('Tried at learning rate {0}: {1}', rate(learningRate), reason)}</li>`)}
  </ul>`;
}

/** A member that failed because of its start is trained again with that one. */
function retry({ member, state }: MemberView, asked: boolean, actions: Actions): TemplateResult | typeof nothing {
  if (state.status !== 'failed' || state.error?.code === 'start-failed') return nothing;
  return html`<vscode-button class="retry" secondary ?disabled=${asked} @click=${() => actions.ask({ kind: 'retry', members: [member.name] })}>
    ${slotted('debug-restart')}${t('Retry at half the learning rate')}
  </vscode-button>`;
}

function figures(view: MemberView, run: RunView, history: History): TemplateResult {
  const step = latestStep(history);
  const epoch = latestEpoch(history);
  const { state } = view;
  const accuracy = state.validationAccuracy ?? epoch?.validationAccuracy ?? null;
  return html`<dl class="figures">
    ${figure(t('Loss'), step === null ? null : nats(step.loss))} ${figure(t('Validation'), accuracy === null ? null : percent(accuracy))}
    ${figure(t('Learning rate'), step === null ? null : rate(step.learningRate))}
    ${figure(t('Images/s'), epoch === null ? null : count(epoch.imagesPerSecond))}
  </dl>`;
}

function time(view: MemberView, run: RunView): string {
  const left = view.state.status === 'running' ? memberRemainingMs(view, run) : null;
  return left === null ? t('trained for {0}', duration(view.state.trainedMs)) : t('{0} left', duration(left));
}

function figure(name: string, value: string | null): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value ?? '–'}</dd>
  </div>`;
}
