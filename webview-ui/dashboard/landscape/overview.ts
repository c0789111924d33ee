/** Verdicts: which members are in the basin of the reference, with the threshold that says so. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { BasinSoFar, Threshold, Verdict } from '../../../src/protocol/basin.ts';
import { count, nats } from '../../words/figures.ts';
import type { Actions } from '../actions.ts';
import { networkName, networkMark } from './names.ts';
import { figuresTable } from './parts.ts';
import { highestBarrier, PRETRAINED, relationOf } from './relations.ts';
import type { Subject } from './subject.ts';
import { verdictSign } from './verdict-sign.ts';
import { barrier, setName, verdictName } from './words.ts';

export function overview(subject: Subject, basin: BasinSoFar, actions: Actions): TemplateResult {
  const { run, choices } = subject;
  const others = basin.networks.filter((name) => name !== basin.reference);
  const rows = others.map((network) => ({ network, relation: relationOf(basin, basin.reference, network, choices.threshold) }));
  return html`<div class="overview">
    <p class="sentence">${sentence(basin, rows.flatMap(({ relation }) => relation?.verdict ?? []))}</p>
    ${thresholds(choices.threshold, actions)}
    ${figuresTable(
      t('Verdicts'),
      [t('Network'), t('Basin'), t('Error barrier, points'), t('Loss barrier, nats'), t('Distance'), t('Angle')],
      rows.map(({ network, relation }) => [
        html`${networkMark(run, network)} <span>${networkName(network)}</span>`,
        relation === null ? html`<span class="muted">…</span>` : relation.verdict === null ? html`<span class="muted">${t('start')}</span>` : verdictMark(relation.verdict),
        relation === null ? '' : barrier(highestBarrier(relation.line, 'error'), 'error'),
        relation === null ? '' : barrier(highestBarrier(relation.line, 'loss'), 'loss'),
        relation === null || relation.distance === null ? '' : nats(relation.distance, 2),
        relation === null || relation.angle === null ? '' : `${nats(relation.angle, 0)}°`,
      ]),
    )}
    <p class="muted caveat">${caveat(basin)}</p>
  </div>`;
}

function verdictMark(verdict: Verdict): TemplateResult {
  return html`<span class="verdict is-${verdict}"><svg class="verdict-sign" viewBox="-9 -9 18 18" aria-hidden="true">${verdictSign(verdict)}</svg> ${verdictName(verdict)}</span>`;
}

function sentence({ networks, reference, lines }: BasinSoFar, verdicts: readonly Verdict[]): TemplateResult {
  const due = networks.filter((name) => name !== reference && name !== PRETRAINED).length;
  const inside = verdicts.filter((verdict) => verdict === 'inside').length;
  const all = (networks.length * (networks.length - 1)) / 2;
  const text = due > 0 && inside === due ? t('All members are in the basin of {0}.', networkName(reference).toLocaleLowerCase()) : t('{0} of {1} members are in the basin of {2}.', inside, due, networkName(reference).toLocaleLowerCase());
  return html`<b>${text}</b> ${lines.length < all ? html`<span class="muted">${t('{0} of {1} lines are measured.', lines.length, all)}</span>` : nothing}`;
}

function thresholds(threshold: Threshold, actions: Actions): TemplateResult {
  const field = (label: string, value: number, step: number, change: (value: number) => void): TemplateResult =>
    html`<label><input type="number" class="threshold" min="0" step=${step} .value=${String(value)} aria-label=${label} @change=${(event: Event) => {
      const typed = Number((event.target as HTMLInputElement).value);
      if (Number.isFinite(typed) && typed >= 0) change(typed);
    }} /> <span>${label}</span></label>`;
  return html`<fieldset class="thresholds">
    <legend>${t('One basin: no barrier above')}</legend>
    ${field(t('points of error'), Number((100 * threshold.error).toFixed(6)), 0.5, (points) => actions.choose({ threshold: { error: points / 100 } }))}
    ${field(t('nats of loss'), threshold.loss, 0.05, (loss) => actions.choose({ threshold: { loss } }))}
    <span class="muted">${t('up to twice that: border')}</span>
  </fieldset>`;
}

function caveat({ measuring: { sets, images, statisticsImages }, points, pretrained }: BasinSoFar): string {
  const seen = sets.map((set) => `${count(images[set])} ${setName(set)}`).join(', ');
  return [
    t('The highest barrier of {0}; {1} points a line.', seen, points),
    ...(statisticsImages === null ? [] : [t('Batch-norm statistics are estimated anew at each point.')]),
    t('Angle: between the ways from the reference to this network and to the others, mean.'),
    ...(pretrained?.head === 'other' ? [t('The pre-trained network has the head of the other end of its line; its distance is without the head.')] : []),
  ].join(' ');
}
