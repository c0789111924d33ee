/** A chart's figures as a table: epochs down, members across. */
import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import type { RunView } from '../../../src/protocol/run.ts';
import { curveTable } from '../curves.ts';
import { nats, percent, rate } from '../../words/figures.ts';
import { memberName } from '../../words/naming.ts';
import { historyOf, type Model } from '../store.ts';
import type { ChartName } from '../toggles.ts';
import { memberMark } from '../../look/icon.ts';

export function curveTableView(run: RunView, model: Model, chart: ChartName, title: string): TemplateResult {
  const write = { loss: nats, validation: (value: number) => percent(value, 2), rate }[chart];
  const rows = curveTable(run, (member) => historyOf(model, member), chart);
  return html`<div class="table-frame curve-table" tabindex="0" role="region" aria-label=${title}>
    <table>
      <thead>
        <tr>
          <th scope="col">${t('Epoch')}</th>
          ${run.members.map(({ member }, index) => html`<th scope="col">${memberMark(index)} ${memberName(member.name)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ epoch, values }) =>
            html`<tr>
              <th scope="row">${epoch}</th>
              ${values.map((value) => html`<td>${value === null ? '' : write(value)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
