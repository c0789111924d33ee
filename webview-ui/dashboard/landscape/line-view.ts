/** The straight line between two networks: loss or error at its points, and how far it rises above the straight line of its ends. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { BasinSoFar, Curve, MeasuredSet } from '../../../src/protocol/basin.ts';
import '../../charts/xy-chart.ts';
import type { XyContent, XySeries } from '../../charts/xy-chart.ts';
import { nats } from '../../words/figures.ts';
import type { Actions } from '../actions.ts';
import type { Figure } from './choices.ts';
import { chosenPair } from './matrices.ts';
import { networkName, networkSign, pairName } from './names.ts';
import { figuresTable, tableButton } from './parts.ts';
import { barrierOf, lineBetween, relationOf } from './relations.ts';
import type { Subject } from './subject.ts';
import { barrierWithUnit, figureName, heightText, setName, verdictName } from './words.ts';

export function lineView(subject: Subject, basin: BasinSoFar, actions: Actions): TemplateResult | typeof nothing {
  const { run, choices } = subject;
  const pair = chosenPair(basin, subject);
  const line = pair === null || pair[0] === pair[1] ? undefined : lineBetween(basin, ...pair);
  const title = t('The line between');
  const { figure, threshold } = choices;
  const sets = basin.measuring.sets.filter((set) => line?.sets[set] !== undefined);
  return html`<figure class="picture line-view">
    <figcaption>
      <h3>${title}</h3>
      <span class="pair">${line === undefined ? nothing : html`${networkSign(run, line.a)} – ${networkSign(run, line.b)}<span class="unseen">${pairName(line.a, line.b)}</span>`}</span>
      <span class="controls">${tableButton('line', title, choices, actions)}</span>
    </figcaption>
    ${line === undefined ? html`<p class="muted empty">${t('Choose two networks in a matrix.')}</p>` : choices.tables.includes('line') ? table() : picture()}
  </figure>`;

  function picture(): TemplateResult {
    const shown = line!;
    const relation = relationOf(basin, shown.a, shown.b, threshold);
    const barriers = sets.map((set) => `${setName(set)} ${barrierWithUnit(barrierOf(shown, figure, set)!, figure)}`).join(', ');
    const content: XyContent = {
      label: t('{0} along the line between {1}', figureName(figure), pairName(shown.a, shown.b)),
      xTitle: t('from {0} (0) to {1} (1)', networkName(shown.a), networkName(shown.b)),
      yTitle: figureName(figure),
      writeX: (value) => nats(value, 1),
      writeY: (value) => heightText(value, figure),
      series: sets.flatMap((set, index) => seriesOf(shown.sets[set]!, set, index, figure)),
      xRange: [0, 1],
      height: 250,
    };
    return html`<xy-chart .content=${content}></xy-chart>
      <p class="muted line-keys">${sets.map((set, index) => html`<span><i class="line-key series-${index}"></i> ${setName(set)}</span>`)}<span><i class="line-key dashed"></i> ${t('straight between the ends')}</span></p>
      <p class="muted signs">${t('Barrier: {0}.', barriers)} ${relation?.verdict ? t('Verdict: {0}.', verdictName(relation.verdict)) : ''}</p>`;
  }

  function table(): TemplateResult {
    const { points } = basin;
    return figuresTable(
      pairName(line!.a, line!.b),
      [t('Place'), ...sets.flatMap((set) => [t('Error, {0}', setName(set)), t('Loss, {0}', setName(set))])],
      Array.from({ length: points }, (_, point) => [nats(point / (points - 1), 2), ...sets.flatMap((set) => [heightText(line!.sets[set]!.error[point], 'error'), heightText(line!.sets[set]!.loss[point] ?? Infinity, 'loss')])]),
    );
  }
}

/** A loss that is infinitely high has no point. */
function seriesOf(curve: Curve, set: MeasuredSet, index: number, figure: Figure): XySeries[] {
  const values: readonly (number | null)[] = curve[figure];
  const last = values.length - 1;
  const points = values.flatMap((y, point) => (y === null ? [] : [{ x: point / last, y }]));
  const ends = [0, last].flatMap((at) => (values[at] === null ? [] : [{ x: at / last, y: values[at] }]));
  return [
    { key: `${set} ends`, name: t('straight'), colour: index, dashed: true, points: ends },
    { key: set, name: setName(set), colour: index, dots: true, points },
  ];
}
