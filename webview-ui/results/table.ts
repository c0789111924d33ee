/** The result table: a row a network, best figures marked, differences on one scale. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ResultRow, ResultTable } from '../../src/protocol/results.ts';
import { icon } from '../look/icon.ts';
import { compact, nats, percent } from '../words/figures.ts';
import { metricName, rowName } from '../words/naming.ts';
import { intervalView } from './interval.ts';
import { bestRows, chosenMetric, differenceRange, MEASURES, type Measure } from './marks.ts';
import { caveat, leftOut } from './verdict.ts';

export interface TableParts {
  table: ResultTable;
  /** The sign of a member before its name. */
  markOf(member: string): TemplateResult | typeof nothing;
  /** The row that is new. */
  added: string | null;
  /** What stands before a row's sign and behind its name, such as buttons. */
  before?(row: ResultRow): TemplateResult | typeof nothing;
  behind?(row: ResultRow): TemplateResult | typeof nothing;
  /** The row that something else on the page is about. */
  chosen?: string | null;
}

const WRITERS: Record<Measure, (value: number) => string> = { accuracy: (value) => percent(value, 2), nll: nats, calibratedNll: nats, ece: nats };

export function resultTableView({ table, markOf, added, before = () => nothing, behind = () => nothing, chosen = null }: TableParts): TemplateResult {
  const best = bestRows(table.rows);
  const range = differenceRange(table.rows);
  const perClass = table.metric === 'mean-per-class-accuracy';
  return html`<div class="table-frame" tabindex="0" role="region" aria-label=${t('Result table')}>
      <table class="result-table">
        <thead>
          <tr>
            <th scope="col">${t('Network')}</th>
            <th scope="col">${t('Test accuracy')}</th>
            ${perClass ? html`<th scope="col" title=${t('Mean over the classes of the share that is recognised')}>${t('Mean per-class accuracy')}</th>` : nothing}
            <th scope="col" class="difference" title=${t('The {0} minus that of the best member, in percentage points, with its 95 % interval', metricName(table))}>${t('Difference to the best member')}</th>
            <th scope="col" title=${t('Mean negative log-likelihood, nats; lower is better')}>NLL</th>
            <th scope="col" title=${t('NLL after temperature scaling fitted on other images; lower is better')}>${t('Calibrated NLL')}</th>
            <th scope="col" title=${t('Expected calibration error, 15 bins; lower is better')}>ECE</th>
            <th scope="col" title=${t('Accuracy on the images by which the best member is chosen')}>${t('Validation')}</th>
            <th scope="col" title=${t('Networks that must be computed for one image')}>${t('Forward passes')}</th>
            <th scope="col" title=${t('Multiply-accumulate operations for one image')}>MACs</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(table.rows, ({ name }) => name, line)}
        </tbody>
      </table>
    </div>
    <p class="muted caveat">${caveat(table)}</p>
    ${leftOut(table).map((sentence) => html`<p class="muted caveat">${sentence}</p>`)}`;

  function line(row: ResultRow): TemplateResult {
    const isNew = row.name === added;
    return html`<tr class="kind-${row.kind} ${isNew ? 'added' : ''} ${row.name === chosen ? 'chosen' : ''}" data-row=${row.name}>
      <th scope="row">
        ${before(row)} ${rowMark(row)} ${rowName(row)} ${row.name === table.bestMember ? html`<span class="tag">${t('best member')}</span>` : nothing}
        ${isNew ? html`<span class="tag new">${t('new')}</span>` : nothing} ${behind(row)}
      </th>
      ${measure(row, 'accuracy')}
      ${perClass ? html`<td class="number">${percent(chosenMetric(row, table), 2)}</td>` : nothing}
      <td class="difference">${row.differenceToBest === null ? html`<span class="muted">–</span>` : intervalView(row.differenceToBest, range)}</td>
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

  function rowMark(row: ResultRow): TemplateResult | typeof nothing {
    switch (row.kind) {
      case 'member':
        return markOf(row.name);
      case 'mean-member':
        return icon('symbol-operator');
      case 'soup':
        return icon('combine');
      case 'ensemble':
        return icon('layers');
    }
  }
}
