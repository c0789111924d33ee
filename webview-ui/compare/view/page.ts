/** The whole page: curves, settings against results, and the table of runs. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { ComparedRun } from '../../../src/protocol/compare-messages.ts';
import { icon } from '../../look/icon.ts';
import { seriesOf } from '../../look/palette.ts';
import { columns, fits, sortedRuns } from '../columns.ts';
import { axesOf, passes, sweepOfRuns } from '../parallel.ts';
import type { Actions, Settings, Snapshot } from '../store.ts';
import { curves } from './curves.ts';
import { parallel } from './parallel.ts';

export function page({ runs, sweeps, problems }: Snapshot, settings: Settings, actions: Actions): TemplateResult {
  const all = columns();
  const own = sweepOfRuns(runs);
  const sweep = sweeps.find(({ name }) => name === settings.sweep) ?? own;
  const indexOf = (run: ComparedRun): number => runs.indexOf(run);
  const axes = axesOf(own.points);
  const isChosen = (run: ComparedRun): boolean => sweep !== own || passes(own.points[indexOf(run)], axes, settings.brushes);
  const shown = sortedRuns(runs.filter((run) => fits(run, settings.filter, all) && isChosen(run)), all.find(({ key }) => key === settings.sort.by) ?? all[0], settings.sort.down);
  return html`<header><h1>${icon('graph')} ${t('Comparison of {0} runs', runs.length)}</h1></header>
    <main>
      ${problems.map(({ message, hint }) => html`<div class="notice error" role="alert">${icon('error')}<div class="words"><p>${message}</p>${hint === undefined ? nothing : html`<p class="hint">${hint}</p>`}</div></div>`)}
      ${table()} ${curves(shown, indexOf, settings, actions)}
      ${parallel(sweep, sweeps, (point) => Math.max(0, sweep.points.indexOf(point)), settings, actions)}
    </main>`;

  function table(): TemplateResult {
    return html`<section class="panel" aria-labelledby="runs-title">
      <div class="panel-title">
        <h2 id="runs-title">${t('Runs')}</h2>
        <span class="buttons">
          <input type="search" .value=${settings.filter} placeholder=${t('Filter runs')} aria-label=${t('Filter runs')} @input=${(event: InputEvent) => actions.set({ filter: (event.target as HTMLInputElement).value })} />
          <button class="plain" title=${t('Copy as CSV')} aria-label=${t('Copy as CSV')} @click=${() => actions.copy(csv())}>${icon('copy')}</button>
        </span>
      </div>
      <div class="table-frame" tabindex="0" role="region" aria-label=${t('Table of runs')}>
        <table class="runs">
          <thead><tr>${all.map(({ key, title, isText }) => {
            const isSorted = settings.sort.by === key;
            return html`<th scope="col" class=${isText ? 'text' : ''} aria-sort=${isSorted ? (settings.sort.down ? 'descending' : 'ascending') : 'none'}>
              <button class="sort" data-column=${key} @click=${() => actions.set({ sort: { by: key, down: isSorted ? !settings.sort.down : !isText } })}>${title}${isSorted ? icon(settings.sort.down ? 'arrow-down' : 'arrow-up') : nothing}</button>
            </th>`;
          })}</tr></thead>
          <tbody>${shown.map((run) => html`<tr class=${settings.chosen === run.run.folder ? 'chosen' : ''} data-run=${run.run.id} @mouseenter=${() => actions.set({ chosen: run.run.folder })} @mouseleave=${() => actions.set({ chosen: null })}>
            ${all.map(({ key, isText, text }) => key === 'name'
              ? html`<th scope="row"><span class="dot series-${seriesOf(indexOf(run))}" aria-hidden="true"></span><button class="link" @focus=${() => actions.set({ chosen: run.run.folder })} @click=${() => actions.open(run.run.folder)}>${text(run)}</button></th>`
              : html`<td class=${isText ? 'text' : ''}>${text(run)}</td>`)}
          </tr>`)}</tbody>
        </table>
      </div>
      ${shown.length === 0 ? html`<p class="muted empty">${t('No run fits.')}</p>` : nothing}
    </section>`;
  }

  function csv(): string {
    const cell = (value: number | string | null): string => {
      const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? '');
      return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    return [all.map(({ key }) => key), ...shown.map((run) => all.map((column) => column.value(run)))].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
  }
}
