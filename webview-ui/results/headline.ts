/** The outcome of a run in three figures: the best member, the soup, the ensemble, each with what may be said of it. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { ResultRow, ResultTable } from '../../src/protocol/results.ts';
import { compact, percent, points } from '../words/figures.ts';
import { chosenMetric, headline } from './marks.ts';
import { memberName, metricName, rowName } from '../words/naming.ts';
import { outcomeOf } from '../../src/protocol/difference.ts';
import { verdict } from './verdict.ts';
import { icon } from '../look/icon.ts';

export function headlines(table: ResultTable, added: string | null): TemplateResult {
  const best = table.rows.find(({ name }) => name === table.bestMember);
  const made = [headline(table.rows, 'soup', added), headline(table.rows, 'ensemble', added)];
  return html`<div class="headlines">
    ${best === undefined ? nothing : tile(t('Best member'), best, table, bestSentence(best, table))}
    ${made.map((row) => (row === null ? nothing : tile(rowName(row), row, table, verdict(row, table) ?? '')))}
  </div>`;
}

function bestSentence(best: ResultRow, table: ResultTable): string {
  const mean = table.rows.find(({ kind }) => kind === 'mean-member');
  const chosen = t('{0} was chosen by its {1} on validation images.', memberName(best.name), metricName(table));
  return mean === undefined ? chosen : `${chosen} ${t('The mean of all members is {0}.', percent(chosenMetric(mean, table), 2))}`;
}

const SIGNS = { better: icon('arrow-up'), worse: icon('arrow-down'), unknown: nothing };

function tile(title: string, row: ResultRow, table: ResultTable, sentence: string): TemplateResult {
  const difference = row.differenceToBest;
  const outcome = difference === null ? 'none' : outcomeOf(difference);
  return html`<article class="tile outcome-${outcome}" data-row=${row.name}>
    <h3>${title}</h3>
    <p class="value">
      <span class="number">${percent(chosenMetric(row, table), 2)}</span>
      ${difference === null || outcome === 'none' ? nothing : html`<span class="change">${SIGNS[outcome]} ${t('{0} points', points(difference.estimate, 2))}</span>`}
    </p>
    <p class="muted">${t('{0} on test images', metricName(table))} · ${row.forwardPasses === 1 ? t('1 forward pass') : t('{0} forward passes', row.forwardPasses)} · ${t('{0} MACs', compact(row.macs))}</p>
    <p class="sentence">${sentence}</p>
  </article>`;
}
