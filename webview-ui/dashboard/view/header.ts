import { t } from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Device, RunView } from '../../../src/protocol/run.ts';
import { epochsOf } from '../../../src/protocol/schedule.ts';
import type { Actions } from '../actions.ts';
import { duration, percent } from '../../words/figures.ts';
import { deviceName, memberName, methodName, statusName } from '../../words/naming.ts';
import { seriesOf } from '../../look/palette.ts';
import type { Model } from '../store.ts';
import { elapsedMs, memberProgress, progressOf, remainingMs } from '../timing.ts';
import { icon, slotted, statusIcon } from '../../look/icon.ts';

export function header(run: RunView, model: Model, actions: Actions): TemplateResult {
  const method = methodName(run.method);
  return html`<header class="header">
    <div class="title">
      <h1>${run.name}</h1>
      <span class="badge status-${run.status}">${statusIcon(run.status)} ${statusName(run.status)}</span>
      <div class="buttons">${stopOrResume(run, model, actions)} ${reveal(actions)}</div>
    </div>
    <dl class="facts">
      ${fact(t('Method'), html`<span title=${method.description}>${method.name}, ${t('{0} members', run.members.length)}</span>`)}
      ${fact(t('Back end'), devices(run))} ${fact(t('Training time'), duration(elapsedMs(run)))}
      ${run.status === 'done' ? nothing : fact(t('Time left'), timeLeft(run))}
    </dl>
    ${progress(run)}
  </header>`;
}

function fact(name: string, value: unknown): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

function stopOrResume(run: RunView, model: Model, actions: Actions): TemplateResult | typeof nothing {
  const asked = (kind: 'stop' | 'resume'): boolean => model.tasks.some(({ question }) => question.kind === kind);
  switch (run.status) {
    case 'queued':
    case 'running':
    case 'evaluating':
      return html`<vscode-button class="stop" secondary ?disabled=${asked('stop')} @click=${() => actions.ask({ kind: 'stop' })}>
        ${slotted('debug-stop')}${asked('stop') ? t('Stopping') : t('Stop')}
      </vscode-button>`;
    case 'stopped':
    case 'interrupted':
    case 'failed':
      return html`<vscode-button class="resume" ?disabled=${asked('resume')} @click=${() => actions.ask({ kind: 'resume' })}>
        ${slotted('debug-continue')}${asked('resume') ? t('Resuming') : t('Resume')}
      </vscode-button>`;
    case 'done':
      return nothing;
  }
}

function reveal(actions: Actions): TemplateResult {
  return html`<vscode-button class="reveal" secondary @click=${() => actions.ask({ kind: 'reveal' })}>
    ${slotted('folder-opened')}${t('Reveal folder')}
  </vscode-button>`;
}

/** Every back end and device that members of this run have had, in order. */
function devices(run: RunView): TemplateResult {
  const seen = new Map<string, Device>();
  for (const { state } of run.members) {
    if (state.device !== null) seen.set(`${state.device.backend} ${state.device.description}`, state.device);
  }
  if (seen.size === 0) return html`<span class="muted">${t('shown when the first member starts')}</span>`;
  return html`${[...seen.values()].map(
    (device) => html`<span class="device">${icon(device.kind === 'gpu' ? 'circuit-board' : 'chip')} ${deviceName(device)} <span class="muted">${device.description}</span></span>`,
  )}`;
}

function timeLeft(run: RunView): string {
  switch (run.status) {
    case 'evaluating':
      return t('evaluating');
    default: {
      const left = remainingMs(run);
      return left === null ? t('told after the first steps') : t('about {0}', duration(left));
    }
  }
}

/** One segment a member, as long as its epochs. */
function progress(run: RunView): TemplateResult {
  const total = run.members.reduce((sum, { member }) => sum + epochsOf(member), 0);
  const gap = run.members.length > 40 ? 0 : 3;
  let x = 0;
  const segments = run.members.map((view, index) => {
    const width = (epochsOf(view.member) / total) * 1000;
    const [left, drawn] = [x, Math.max(0, width - (index === run.members.length - 1 ? 0 : gap))];
    x += width;
    return svg`<g class="series-${seriesOf(index)}"><title>${memberName(view.member.name)}</title>
      <rect class="bar-all" x=${left} width=${drawn} height="10" /><rect class="bar-reached" x=${left} width=${drawn * memberProgress(view, run.stepsPerEpoch)} height="10" /></g>`;
  });
  const fraction = progressOf(run);
  return html`<div class="run-progress">
    <svg
      class="bar"
      viewBox="0 0 1000 10"
      preserveAspectRatio="none"
      role="progressbar"
      aria-label=${t('Training of all members')}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${Math.floor(fraction * 100)}
    >
      ${segments}
    </svg>
    <span class="number">${percent(Math.floor(fraction * 100) / 100, 0)}</span>
  </div>`;
}
