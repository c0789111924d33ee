/** The tree as a treegrid of which only the rows in sight are there, however many there are. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { icon } from '../../look/icon.ts';
import { styled } from '../../look/styled.ts';
import type { Actions } from '../actions.ts';
import type { Column, ColumnKey } from '../columns.ts';
import { mostShown, windowOf, type Row } from '../rows.ts';

/** Pixels between columns. */
const GAP = 14;

export interface Grid {
  label: string;
  columns: readonly Column[];
  rows: readonly Row[];
  sort: { by: ColumnKey; down: boolean };
  selected: string | null;
  /** Whole names instead of those below the layer. */
  flat: boolean;
  /** Pixels: of a row, of the scroller's place and height. */
  rowHeight: number;
  top: number;
  height: number;
}

export function grid({ label, columns, rows, sort, selected, flat, rowHeight, top, height }: Grid, actions: Actions): TemplateResult {
  const { from, to } = windowOf(rows.length, rowHeight, top, height);
  const shown = rows.slice(from, to);
  // A row that goes out of sight lends its element to the one that comes.
  const pool = Math.max(1, mostShown(rowHeight, height));
  const active = shown.find(({ node }) => node.id === selected);
  const template = columns.map(({ width }, column) => (column === 0 ? `minmax(${width}px, 1fr)` : `${width}px`)).join(' ');
  const least = columns.reduce((sum, { width }) => sum + width + GAP, GAP);
  return html`<div
    class="grid"
    role="treegrid"
    tabindex="0"
    aria-label=${label}
    aria-rowcount=${rows.length + 1}
    aria-colcount=${columns.length}
    aria-activedescendant=${active === undefined ? nothing : `row-${from + shown.indexOf(active)}`}
    ${styled({ '--columns': template, '--least': `${least}px`, '--gap': `${GAP}px`, '--row': `${rowHeight}px` })}
    @scroll=${() => actions.scrolled()}
    @keydown=${(event: KeyboardEvent) => actions.key(event)}
  >
    <div class="head" role="rowgroup">
      <div class="line" role="row" aria-rowindex="1">${columns.map(heading)}</div>
    </div>
    <div class="body" role="rowgroup" ${styled({ height: `${rows.length * rowHeight}px` })}>
      ${repeat(shown, (_, index) => (from + index) % pool, (row, index) => line(row, from + index))}
    </div>
  </div>`;

  function heading({ key, title, hint, isText = false }: Column, column: number): TemplateResult {
    const isSorted = sort.by === key;
    return html`<div role="columnheader" aria-colindex=${column + 1} class="cell ${isText ? '' : 'number'}" aria-sort=${isSorted ? (sort.down ? 'descending' : 'ascending') : 'none'}>
      <button class="sort" title=${hint} data-column=${key} @click=${() => actions.sort(key)}>${title}${isSorted ? icon(sort.down ? 'arrow-down' : 'arrow-up') : nothing}</button>
    </div>`;
  }

  function line(row: Row, index: number): TemplateResult {
    const { node, level, place, neighbours, isOpen } = row;
    const isSelected = node.id === selected;
    return html`<div
      id="row-${index}"
      class="line ${isOpen === null ? 'tensor' : 'layer'} ${isSelected ? 'selected' : ''}"
      role="row"
      aria-level=${level}
      aria-posinset=${place}
      aria-setsize=${neighbours}
      aria-rowindex=${index + 2}
      aria-expanded=${isOpen ?? nothing}
      aria-selected=${isSelected}
      ${styled({ transform: `translateY(${index * rowHeight}px)` })}
      @click=${() => (isOpen === null || isSelected ? undefined : actions.toggle(node.id), actions.show(node.id))}
    >
      ${columns.map((column, place_) => (column.key === 'name' ? nameCell(row) : html`<div role="gridcell" aria-colindex=${place_ + 1} class="cell ${column.isText ? '' : 'number'}">${column.cell(node)}</div>`))}
    </div>`;
  }

  function nameCell({ node, level, isOpen }: Row): TemplateResult {
    const words = flat ? (node.line?.name ?? node.label) : node.label;
    return html`<div role="rowheader" aria-colindex="1" class="cell name" title=${node.line?.name ?? node.label} ${styled({ '--level': String(level - 1) })}>
      ${isOpen === null
        ? icon('symbol-array', 'kind')
        : html`<span class="twistie" @click=${(event: Event) => (event.stopPropagation(), actions.toggle(node.id))}>${icon(isOpen ? 'chevron-down' : 'chevron-right')}</span>`}
      <span class="label">${words}</span>
    </div>`;
  }
}

/** Above the tree: what is filtered, list or tree, all folded or unfolded. */
export function tools(filter: string, flat: boolean, found: string, buttons: TemplateResult, actions: Actions): TemplateResult {
  return html`<div class="tools" role="group" aria-label=${t('Tensors')}>
    <div class="filter">
      ${icon('filter')}
      <input
        type="search"
        .value=${filter}
        placeholder=${t('Filter by name, type or shape')}
        aria-label=${t('Filter by name, type or shape')}
        @input=${(event: InputEvent) => actions.set({ filter: (event.target as HTMLInputElement).value })}
      />
    </div>
    <span class="muted found" role="status">${found}</span>
    <span class="buttons">
      <button class="plain" aria-pressed=${!flat} title=${t('Tree')} aria-label=${t('Tree')} @click=${() => actions.set({ flat: !flat })}>${icon('list-tree')}</button>
      <button class="plain" ?disabled=${flat} title=${t('Unfold all')} aria-label=${t('Unfold all')} @click=${() => actions.set({ unfolded: true, toggled: [] })}>${icon('expand-all')}</button>
      <button class="plain" ?disabled=${flat} title=${t('Fold all')} aria-label=${t('Fold all')} @click=${() => actions.set({ unfolded: false, toggled: [] })}>${icon('collapse-all')}</button>
      <button class="plain" title=${t('Copy as CSV')} aria-label=${t('Copy as CSV')} @click=${() => actions.copyTable()}>${icon('copy')}</button>
      ${buttons}
    </span>
  </div>`;
}
