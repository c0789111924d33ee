import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ResultRow, ResultTable } from '../../../src/protocol/results.ts';
import type { RunView } from '../../../src/protocol/run.ts';
import type { Actions } from '../actions.ts';
import { compact, nats, percent } from '../../words/figures.ts';
import { bestRows, chosenMetric, differenceRange, MEASURES, type Measure } from '../marks.ts';
import { metricName, rowName } from '../../words/naming.ts';
import type { Model } from '../store.ts';
import type { Toggles } from '../toggles.ts';
import { caveat } from '../verdict.ts';
import { resultsWait } from '../waiting.ts';
import { combine } from './combine.ts';
import { headlines } from './headline.ts';
import { icon, memberMark } from '../../look/icon.ts';
import { intervalView } from './interval.ts';

export function results(run: RunView, model: Model, toggles: Toggles, actions: Actions): TemplateResult {
  return html`<section class="panel results" aria-labelledby="results-title">
    <div class="panel-title"><h2 id="results-title">${t('Results')}</h2></div>
    ${combine(run, model, toggles, actions)}
    ${run.results === null ? html`<p class="muted empty">${icon('graph')} ${resultsWait(run)}</p>` : [headlines(run.results, model.added), table(run, run.results, model.added)]}
  </section>`;
}

const WRITERS: Record<Measure, (value: number) => string> = { accuracy: (value) => percent(value, 2), nll: nats, calibratedNll: nats, ece: nats };

function table(run: RunView, results: ResultTable, added: string | null): TemplateResult {
  const best = bestRows(results.rows);
  const range = differenceRange(results.rows);
  const perClass = results.metric === 'mean-per-class-accuracy';
  return html`<div class="table-frame" tabindex="0" role="region" aria-label=${t('Result table')}>
      <table class="result-table">
        <thead>
          <tr>
            <th scope="col">${t('Network')}</th>
            <th scope="col">${t('Test accuracy')}</th>
            ${perClass ? html`<th scope="col" title=${t('Mean over the classes of the share that is recognised')}>${t('Mean per-class accuracy')}</th>` : nothing}
            <th scope="col" title=${t('The {0} minus that of the best member, in percentage points, with its 95 % interval', metricName(results))}>${t('Difference to the best member')}</th>
            <th scope="col" title=${t('Mean negative log-likelihood, nats; lower is better')}>NLL</th>
            <th scope="col" title=${t('NLL after temperature scaling fitted on other images; lower is better')}>${t('Calibrated NLL')}</th>
            <th scope="col" title=${t('Expected calibration error, 15 bins; lower is better')}>ECE</th>
            <th scope="col" title=${t('Accuracy on the images by which the best member is chosen')}>${t('Validation')}</th>
            <th scope="col" title=${t('Networks that must be computed for one image')}>${t('Forward passes')}</th>
            <th scope="col" title=${t('Multiply-accumulate operations for one image')}>MACs</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(results.rows, ({ name }) => name, line)}
        </tbody>
      </table>
    </div>
    <p class="muted caveat">${caveat(results)}</p>`;

  function line(row: ResultRow): TemplateResult {
    const isNew = row.name === added;
    return html`<tr class="kind-${row.kind} ${isNew ? 'added' : ''}" data-row=${row.name}>
      <th scope="row">
        ${rowMark(run, row)} ${rowName(row)} ${row.name === results.bestMember ? html`<span class="tag">${t('best member')}</span>` : nothing}
        ${isNew ? html`<span class="tag new">${t('new')}</span>` : nothing}
      </th>
      ${measure(row, 'accuracy')}
      ${perClass ? html`<td class="number">${percent(chosenMetric(row, results), 2)}</td>` : nothing}
      <td>${row.differenceToBest === null ? html`<span class="muted">–</span>` : intervalView(row.differenceToBest, range)}</td>
      ${MEASURES.slice(1).map((name) => measure(row, name))}
      <td class="number">${percent(row.validationAccuracy, 2)}</td>
      <td class="number">${row.forwardPasses}</td>
      <td class="number">${compact(row.macs)}</td>
    </tr>`;
  }

  function measure(row: ResultRow, name: Measure): TemplateResult {
    const isBest = best[name].has(row.name);
    return html`<td class="number ${isBest ? 'best' : ''}">${isBest ? html`${icon('star-full')}<span class="unseen">${t('best:')}</span> ` : nothing}${WRITERS[name](row[name])}</td>`;
  }
}

function rowMark(run: RunView, row: ResultRow): TemplateResult {
  switch (row.kind) {
    case 'member':
      return memberMark(run.members.findIndex(({ member }) => member.name === row.name));
    case 'mean-member':
      return icon('symbol-operator');
    case 'soup':
      return icon('combine');
    case 'ensemble':
      return icon('layers');
  }
}
