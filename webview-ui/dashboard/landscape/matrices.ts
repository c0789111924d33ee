/** Barriers and diversity as heat maps, and the line under the focus. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { BasinSoFar, MeasuredSet } from '../../../src/protocol/basin.ts';
import '../../charts/heat-map.ts';
import type { CellEvent, HeatMapContent } from '../../charts/heat-map.ts';
import { legend } from '../../charts/legend.ts';
import { nats, percent } from '../../words/figures.ts';
import type { Actions } from '../actions.ts';
import { RELATIONS, type Figure, type RelationName } from './choices.ts';
import { lineView } from './line-view.ts';
import { networkName, networkSign, pairName } from './names.ts';
import { askButton, chooser, figuresTable, selection, tableButton } from './parts.ts';
import { barrierMatrix, relationMatrix, relationOf, type Matrix } from './relations.ts';
import { doneMembers, whyNot, type Subject } from './subject.ts';
import { barrier, barrierWithUnit, figureName, relationText, relationTitle, setName, verdictName } from './words.ts';

export function matrices(subject: Subject, basin: BasinSoFar | null, actions: Actions): TemplateResult {
  return html`<div class="matrices">
    ${basin === null ? nothing : barriers(subject, basin, actions)} ${relations(subject, basin, actions)}
    ${basin === null ? nothing : lineView(subject, basin, actions)}
  </div>`;
}

export function figureChoosers(sets: readonly MeasuredSet[], { choices }: Subject, actions: Actions): TemplateResult {
  const figures = (['error', 'loss'] as const).map((value) => ({ value, name: figureName(value) }));
  const short = { train: t('Train'), validation: t('Validation'), test: t('Test') };
  return html`${chooser(t('Figure'), figures, choices.figure, (figure: Figure) => actions.choose({ figure }))}
  ${chooser(t('Images'), sets.map((value) => ({ value, name: short[value] })), shownSet(sets, choices.set), (set) => actions.choose({ set }))}`;
}

/** The set that is chosen, or the last that was measured. */
export function shownSet(sets: readonly MeasuredSet[], chosen: MeasuredSet): MeasuredSet {
  return sets.includes(chosen) ? chosen : sets[sets.length - 1];
}

function barriers(subject: Subject, basin: BasinSoFar, actions: Actions): TemplateResult {
  const { run, choices, dark } = subject;
  const { figure, threshold } = choices;
  const set = shownSet(basin.measuring.sets, choices.set);
  const matrix = barrierMatrix(basin, figure, set);
  const title = t('Barriers');
  const finite = matrix.values.flat().filter((value) => value !== undefined && Number.isFinite(value)) as number[];
  const content: HeatMapContent = {
    label: t('{0} barriers on {1}', figureName(figure), setName(set)),
    heads: matrix.names.map((key) => ({ key, short: networkSign(run, key), long: networkName(key) })),
    values: matrix.values,
    range: [0, Math.max(2 * threshold[figure], ...finite)],
    write: (value) => barrier(value, figure),
    sign: (value) => (value <= threshold[figure] + 1e-9 ? '' : value <= 2 * threshold[figure] + 1e-9 ? '△' : '✕'),
    describe(row, column) {
      const [a, b] = [matrix.names[row], matrix.names[column]];
      const value = matrix.values[row][column];
      if (a === b) return networkName(a);
      if (value === undefined) return t('{0}: not measured', pairName(a, b));
      const verdict = relationOf(basin, a, b, threshold)?.verdict ?? null;
      return [pairName(a, b), barrierWithUnit(value, figure), ...(verdict === null ? [] : [verdictName(verdict)])].join(', ');
    },
    dark,
  };
  return html`<figure class="picture barriers">
    <figcaption>
      <h3>${title}</h3>
      <span class="muted hint">${figure === 'error' ? t('rise of the error above the straight line, points') : t('rise of the loss above the straight line, nats')}</span>
      <span class="controls">${figureChoosers(basin.measuring.sets, subject, actions)} ${tableButton('barriers', title, choices, actions)}</span>
    </figcaption>
    ${choices.tables.includes('barriers')
      ? barrierTable(basin)
      : html`<heat-map .content=${content} .at=${cellOf(matrix, chosenPair(basin, subject))} @cell=${(event: CustomEvent<CellEvent>) => choosePair(matrix, event.detail, actions)}></heat-map>
          ${legend({ label: t('Colours of barriers'), ticks: [0, 0.5, 1].map((at) => ({ at, text: barrier(content.range[1] * at, figure) })), dark })}
          <p class="muted signs">${t('△ above the threshold, ✕ above twice the threshold; θ₀ is the pre-trained network')}</p>`}
  </figure>`;

  function barrierTable({ lines, measuring }: BasinSoFar): TemplateResult {
    return figuresTable(
      content.label,
      [t('Pair'), ...measuring.sets.flatMap((each) => [t('Error, {0}', setName(each)), t('Loss, {0}', setName(each))])],
      lines.map((line) => [
        html`${networkSign(run, line.a)} – ${networkSign(run, line.b)} <span class="unseen">${pairName(line.a, line.b)}</span>`,
        ...measuring.sets.flatMap((each) => [barrier(line.sets[each]!.errorBarrier, 'error'), barrier(line.sets[each]!.lossBarrier ?? Infinity, 'loss')]),
      ]),
    );
  }
}

/** The pair whose line is shown: the chosen one, else the first line. */
export function chosenPair(basin: BasinSoFar, { choices }: Subject): readonly [string, string] | null {
  const { pair } = choices;
  if (pair !== null && pair.every((name) => basin.networks.includes(name))) return pair;
  return basin.lines.length === 0 ? null : [basin.lines[0].a, basin.lines[0].b];
}

function cellOf({ names }: Matrix, pair: readonly [string, string] | null): CellEvent | null {
  if (pair === null) return null;
  const [row, column] = pair.map((name) => names.indexOf(name));
  return row < 0 || column < 0 ? null : { row, column };
}

function choosePair({ names }: Matrix, { row, column }: CellEvent, actions: Actions): void {
  actions.choose({ pair: [names[row], names[column]] });
}

function relations(subject: Subject, basin: BasinSoFar | null, actions: Actions): TemplateResult {
  const { run, choices, landscape, dark } = subject;
  const { relation } = choices;
  const matrix = relationMatrix(relation, basin, landscape.diversity);
  const title = t('Diversity');
  const options = RELATIONS.map((value) => ({ value, name: relationTitle(value) }));
  return html`<figure class="picture relations">
    <figcaption>
      <h3>${title}</h3>
      <span class="controls">${selection(t('Diversity'), options, relation, (chosen: RelationName) => actions.choose({ relation: chosen }))} ${tableButton('relations', title, choices, actions)}</span>
    </figcaption>
    ${matrix === null ? missing() : choices.tables.includes('relations') ? table(matrix) : map(matrix)}
  </figure>`;

  function missing(): TemplateResult {
    if (relation !== 'disagreement' && relation !== 'normalised') return html`<p class="muted empty">${t('Distances and angles are measured with the basin.')}</p>`;
    return html`<p class="muted empty">${t('How often two members class an image differently, from their stored predictions: a matter of seconds.')}</p>
      ${askButton(t('Compare the predictions'), 'layers', { className: 'measure-diversity', reason: whyNot(subject, 2), secondary: true }, () => actions.ask({ kind: 'ensemble', members: doneMembers(run) }))}`;
  }

  function map(shown: Matrix): TemplateResult {
    const values = shown.values.flat().filter((value) => value !== undefined);
    const range: [number, number] = relation === 'cosine' ? [Math.min(...values), 1] : [0, Math.max(...values)];
    const content: HeatMapContent = {
      label: relationTitle(relation),
      heads: shown.names.map((key) => ({ key, short: networkSign(run, key), long: networkName(key) })),
      values: shown.values,
      range,
      write: (value) => relationText(relation, value).replace('%', ''),
      describe(row, column) {
        const [a, b] = [shown.names[row], shown.names[column]];
        const value = shown.values[row][column];
        return a === b ? networkName(a) : `${pairName(a, b)}, ${value === undefined ? t('not measured') : relationText(relation, value)}`;
      },
      dark,
    };
    return html`<heat-map .content=${content} .at=${basin === null ? null : cellOf(shown, chosenPair(basin, subject))} @cell=${(event: CustomEvent<CellEvent>) => choosePair(shown, event.detail, actions)}></heat-map>
      ${legend({ label: t('Colours of diversity'), ticks: [0, 0.5, 1].map((at) => ({ at, text: relationText(relation, range[0] + (range[1] - range[0]) * at) })), dark })}
      <p class="muted signs">${note()}</p>`;
  }

  function note(): string {
    const { diversity } = landscape;
    if ((relation === 'disagreement' || relation === 'normalised') && diversity !== null) {
      return t('Share of {0} that two members class differently; mean {1}, over their mean error {2}; mutual information {3} nats.', setName(diversity.measuredOn), percent(diversity.meanDisagreement), nats(diversity.meanNormalised, 2), nats(diversity.mutualInformation));
    }
    if (relation === 'angle') return t('Between the ways from the reference to two networks: 90° means that they have nothing in common.');
    return relation === 'distance' ? t('Length of the difference of all trained weights.') : t('Of all trained weights as one long vector.');
  }

  function table(shown: Matrix): TemplateResult {
    const pairs = shown.names.flatMap((a, row) => shown.names.slice(row + 1).map((b, offset) => ({ a, b, value: shown.values[row][row + 1 + offset] })));
    return figuresTable(relationTitle(relation), [t('Pair'), relationTitle(relation)], pairs.map(({ a, b, value }) => [
      html`${networkSign(run, a)} – ${networkSign(run, b)} <span class="unseen">${pairName(a, b)}</span>`, value === undefined ? '' : relationText(relation, value)]));
  }
}

