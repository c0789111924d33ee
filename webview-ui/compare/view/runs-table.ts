/** The table of all runs: sorted by any column, filtered by words; pinned columns stay in sight while the others scroll. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { ComparedRun } from '../../../src/protocol/compare-messages.ts';
import { icon, memberMark } from '../../look/icon.ts';
import type { Column } from '../columns.ts';
import { runsCsv } from '../runs-csv.ts';
import type { Actions, Settings } from '../store.ts';

/** @param all columns, pinned ones first @param indexOf the place of a run in the comparison, which is its colour and mark */
export function runsTable(runs: readonly ComparedRun[], all: readonly Column[], indexOf: (run: ComparedRun) => number, settings: Settings, actions: Actions): TemplateResult {
  const { sort, filter, chosen, pinned } = settings;
  const isPinned = ({ key }: Column): boolean => key === 'name' || pinned.includes(key);
  const classOf = (column: Column): string => `${column.isText ? 'text' : ''} ${isPinned(column) ? 'pinned' : ''}`;
  return html`<section class="panel" aria-labelledby="runs-title">
    <div class="panel-title">
      <h2 id="runs-title">${t('Runs')}</h2>
      <span class="buttons">
        <input type="search" .value=${filter} placeholder=${t('Filter runs')} aria-label=${t('Filter runs')} @input=${(event: InputEvent) => actions.set({ filter: (event.target as HTMLInputElement).value })} />
        <button class="plain" title=${t('Copy as CSV')} aria-label=${t('Copy as CSV')} @click=${() => actions.copy(runsCsv(runs, all))}>${icon('copy')}</button>
      </span>
    </div>
    <div class="table-frame" tabindex="0" role="region" aria-label=${t('Table of runs')}>
      <table class="runs">
        <thead><tr>${all.map(head)}</tr></thead>
        <tbody>${runs.map(row)}</tbody>
      </table>
    </div>
    ${runs.length === 0 ? html`<p class="muted empty">${t('No run fits.')}</p>` : nothing}
  </section>`;

  function head(column: Column): TemplateResult {
    const { key, title, isText } = column;
    const isSorted = sort.by === key;
    const pin = isPinned(column) ? t('Unpin {0}', title) : t('Pin {0}', title);
    return html`<th scope="col" class=${classOf(column)} aria-sort=${isSorted ? (sort.down ? 'descending' : 'ascending') : 'none'}>
      <button class="sort" data-column=${key} @click=${() => actions.set({ sort: { by: key, down: isSorted ? !sort.down : !isText } })}>${title}${isSorted ? icon(sort.down ? 'arrow-down' : 'arrow-up') : nothing}</button>${key === 'name'
        ? nothing
        : html`<button class="pin" data-column=${key} aria-pressed=${isPinned(column)} title=${pin} aria-label=${pin} @click=${() => actions.set({ pinned: isPinned(column) ? pinned.filter((other) => other !== key) : [...pinned, key] })}>${icon(isPinned(column) ? 'pinned' : 'pin')}</button>`}
    </th>`;
  }

  function row(run: ComparedRun): TemplateResult {
    const { folder, id } = run.run;
    const choose = (): void => actions.set({ chosen: folder });
    const leave = (): void => actions.set({ chosen: null });
    return html`<tr class=${chosen === folder ? 'chosen' : ''} data-run=${id} @mouseenter=${choose} @mouseleave=${leave}>
      ${all.map((column) => column.key === 'name'
        ? html`<th scope="row" class="pinned"><span class="name">${memberMark(indexOf(run))}<button class="link" title=${column.text(run)} @focus=${choose} @blur=${leave} @click=${() => actions.open(folder)}>${column.text(run)}</button></span></th>`
        : html`<td class=${classOf(column)}>${column.text(run)}</td>`)}
    </tr>`;
  }
}

/** After a drawing: each pinned column stands behind those before it. */
export function placePinned(root: ParentNode): void {
  const table = root.querySelector<HTMLElement>('table.runs');
  if (table === null) return;
  const heads = [...table.querySelectorAll<HTMLElement>('thead th')];
  let left = 0;
  for (const [place, head] of heads.entries()) {
    if (!head.classList.contains('pinned')) break;
    for (const cell of table.querySelectorAll<HTMLElement>(`tr > :nth-child(${place + 1})`)) cell.style.setProperty('left', `${left}px`);
    left += head.offsetWidth;
  }
}
