/** Members to choose from, by run: thumbnail of the validation curve, and what the gate says. */
import { t } from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { ComposeRun } from '../../../src/protocol/compose-messages.ts';
import type { GatedMember } from '../../../src/protocol/soup.ts';
import { icon, memberMark, slotted } from '../../look/icon.ts';
import { seriesOf } from '../../look/palette.ts';
import { nats, percent, points } from '../../words/figures.ts';
import { memberName, statusName, verdictName } from '../../words/naming.ts';
import type { Actions } from '../actions.ts';
import { candidatesOf, chosenOf, gateKey, soupQuestion, type Candidate, type Choice } from '../choice.ts';
import type { Model } from '../store.ts';

const [WIDTH, HEIGHT] = [96, 26];

export function members(model: Model, choice: Choice, actions: Actions): TemplateResult | typeof nothing {
  const { state } = model;
  if (state === null) return nothing;
  const all = candidatesOf(state);
  const keys = new Set(chosenOf(state, choice).map((candidate) => candidate.key));
  const chosen = all.filter((candidate) => keys.has(candidate.key));
  const key = chosen.length === 0 ? '' : gateKey(soupQuestion('gate', choice, chosen));
  const range = curveRange(all);
  return html`<section class="panel choose" aria-labelledby="choose-title">
    <div class="panel-title">
      <h2 id="choose-title">${t('Members')}</h2>
      <span class="muted">${t('{0} of {1} chosen', chosen.length, all.length)}</span>
    </div>
    ${state.runs.map((run, index) => group(run, index > 0))}
    <vscode-button class="add-run" secondary @click=${() => actions.ask({ kind: 'add-run' })}>${slotted('add')}${t('Members of another run')}</vscode-button>
    <p class="muted by-hand">${t('Or drag members here from the Runs view while you hold Shift, or choose Add to Compose there.')}</p>
  </section>`;

  function group(run: ComposeRun, isForeign: boolean): TemplateResult {
    const own = all.filter((candidate) => candidate.run === run);
    const picked = own.filter((candidate) => chosen.includes(candidate));
    const done = own.filter(({ isDone }) => isDone);
    const every = picked.length === done.length && done.length > 0;
    return html`<fieldset class="group" data-run=${run.view.id}>
      <legend>
        <label>
          <vscode-checkbox
            aria-label=${t('All members of {0}', run.view.name)}
            .checked=${every}
            .indeterminate=${!every && picked.length > 0}
            ?disabled=${done.length === 0}
            @change=${() => actions.choose({ members: [...chosen.filter((candidate) => candidate.run !== run), ...(every ? [] : done)].map(({ key }) => key) })}
          ></vscode-checkbox>
          <span class="run-name">${run.view.name}</span>
        </label>
        <span class="muted run-id">${run.view.id}</span>
        ${isForeign
          ? html`<button class="plain" title=${t('Take this run out')} aria-label=${t('Take {0} out', run.view.name)} @click=${() => takeOut(run)}>${icon('close')}</button>`
          : nothing}
      </legend>
      <ul>
        ${own.map(row)}
      </ul>
    </fieldset>`;
  }

  /** Should the run come back, its members are not chosen by themselves. */
  function takeOut(run: ComposeRun): void {
    actions.choose({ members: chosen.filter((candidate) => candidate.run !== run).map(({ key }) => key) });
    actions.ask({ kind: 'remove-run', run: run.view.folder });
  }

  function row(candidate: Candidate): TemplateResult {
    const { member, run, isDone, index } = candidate;
    const view = run.view.members.find(({ member: { name } }) => name === member.name);
    const accuracy = view?.state.validationAccuracy ?? member.curve.at(-1) ?? null;
    const isChosen = chosen.includes(candidate);
    const looking = model.tasks.some(({ question }) => question.kind === 'gate' || question.kind === 'soup');
    const gated = model.looked?.key === key ? model.looked.members.find(({ name }) => name === candidate.fullName) : undefined;
    const isOther = isChosen && choice.kind === 'soup' && member.layout !== chosen[0].member.layout;
    return html`<li class="member ${isDone ? '' : 'off'} ${isChosen ? 'chosen' : ''}" data-member=${candidate.fullName}>
      <label>
        <vscode-checkbox aria-label=${memberName(member.name)} .checked=${isChosen} ?disabled=${!isDone} @change=${() => actions.toggle(candidate.key)}></vscode-checkbox>
        ${memberMark(index)} <span class="name">${memberName(member.name)}</span>
      </label>
      ${thumbnail(member.curve, range, index)}
      <span class="number accuracy" title=${t('Accuracy on validation images')}>${accuracy === null ? '–' : percent(accuracy)}</span>
      <span class="gate">${isDone ? gateView(gated, isOther, member.basin, isChosen && choice.kind === 'soup' && looking && gated === undefined) : html`<span class="muted">${statusName(view?.state.status ?? 'queued')}</span>`}</span>
      ${gated?.reason === null || gated === undefined ? nothing : html`<p class="reason">${gated.taken ? t('Taken all the same.') : t('Left out.')} ${reasonOf(gated)}</p>`}
    </li>`;
  }
}

function gateView(gated: GatedMember | undefined, isOther: boolean, measured: 'inside' | 'border' | 'outside' | null, isLooking: boolean): TemplateResult | typeof nothing {
  if (isOther) return html`<span class="verdict is-outside">${icon('error')} ${t('other network')}</span>`;
  if (isLooking) return html`<span class="verdict muted">${icon('loading', 'turning')} ${t('looking')}</span>`;
  if (gated === undefined) return measured === null ? nothing : html`<span class="verdict is-${measured}" title=${t('By its line to member 1')}>${icon(ICONS[measured])} ${verdictName(measured)}</span>`;
  if (gated.verdict === null) return html`<span class="verdict is-first" title=${t('The others are compared with it, and with the soup so far')}>${icon('target')} ${t('the best one')}</span>`;
  const barrier = gated.lossBarrier === null ? '∞' : nats(gated.lossBarrier);
  return html`<span class="verdict is-${gated.verdict}" title=${t('Barrier of the line to the soup so far: {0} nats of loss, {1} points of error', barrier, points(gated.errorBarrier ?? 0))}>
    ${icon(ICONS[gated.verdict])} ${verdictName(gated.verdict)} <span class="number">${t('barrier {0}', barrier)}</span>
  </span>`;
}

const ICONS = { inside: 'pass-filled', border: 'warning', outside: 'circle-slash' } as const;

function reasonOf({ verdict, lossBarrier, errorBarrier, quality }: GatedMember): string {
  return verdict === 'outside'
    ? t('Outside the basin: a barrier of {0} nats and {1} points of error on the way to the soup.', lossBarrier === null ? '∞' : nats(lossBarrier), points(errorBarrier ?? 0).replace('+', ''))
    : t('Far below the best on validation images: {0}.', percent(quality));
}

/** All thumbnails have one scale, from the lowest tenth up: the first epochs would press the rest flat. */
function curveRange(all: readonly Candidate[]): { low: number; high: number } {
  const values = all.flatMap(({ member }) => member.curve).sort((a, b) => a - b);
  if (values.length === 0) return { low: 0, high: 1 };
  return { low: values[Math.floor(values.length / 10)], high: values.at(-1)! };
}

function thumbnail(curve: readonly number[], { low, high }: { low: number; high: number }, index: number): TemplateResult {
  const at = (value: number, place: number): string => {
    const y = HEIGHT - 3 - Math.max(0, (value - low) / (high - low || 1)) * (HEIGHT - 6);
    return `${(2 + (place / Math.max(1, curve.length - 1)) * (WIDTH - 6)).toFixed(1)} ${y.toFixed(1)}`;
  };
  const last = curve.at(-1);
  const label = last === undefined ? t('No validation yet') : t('Validation accuracy over {0} epochs, from {1} to {2}', curve.length, percent(curve[0]), percent(last));
  return html`<svg class="thumbnail series-${seriesOf(index)}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${label}>
    ${last === undefined ? nothing : svg`<path d="M${curve.map(at).join('L')}" /><circle cx=${at(last, curve.length - 1).split(' ')[0]} cy=${at(last, curve.length - 1).split(' ')[1]} r="2.4" />`}
  </svg>`;
}
