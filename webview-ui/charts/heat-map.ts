/** `<heat-map>`: a square matrix in colours. A grid: arrow keys move through its cells, and the one under the focus or the pointer is told as the event `cell`. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { heatColour, textOn } from '../look/heat.ts';
import './heat-map.css';

export interface HeatMapContent {
  label: string;
  /** Of rows and columns alike. */
  heads: readonly { key: string; short: TemplateResult; long: string }[];
  /** [row][column]; undefined: there is no such figure; Infinity is drawn as the highest. */
  values: readonly (readonly (number | undefined)[])[];
  /** In the cell. */
  write(value: number): string;
  /** Of the whole cell, in words. */
  describe(row: number, column: number): string;
  /** What the ends of the colours are. */
  range: readonly [number, number];
  /** A sign behind the value. */
  sign?: (value: number) => string;
  dark: boolean;
}

export interface CellEvent {
  row: number;
  column: number;
}

export class HeatMap extends LitElement {
  static override properties = { content: { attribute: false }, at: { attribute: false } };
  declare content: HeatMapContent;
  /** The cell that stands out. */
  declare at: CellEvent | null;

  constructor() {
    super();
    this.at = null;
  }

  override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult {
    const { label, heads } = this.content;
    return html`<table role="grid" class="heat" aria-label=${label} @keydown=${(event: KeyboardEvent) => this.#onKey(event)}>
      <thead>
        <tr>
          <td></td>
          ${heads.map(({ short, long }) => html`<th scope="col" title=${long}>${short}<span class="unseen">${long}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${heads.map(({ short, long }, row) => html`<tr><th scope="row" title=${long}>${short}<span class="unseen">${long}</span></th>${heads.map((_, column) => this.#cell(row, column))}</tr>`)}
      </tbody>
    </table>`;
  }

  #cell(row: number, column: number): TemplateResult {
    const { values, range, write, sign, describe, dark } = this.content;
    const value = values[row][column];
    const isHere = this.at?.row === row && this.at.column === column;
    const isFirst = this.at === null && row === 0 && column === 0;
    const colour = value === undefined ? null : heatColour((value - range[0]) / (range[1] - range[0] || 1), dark);
    return html`<td
      class="${colour === null ? 'none' : ''} ${isHere ? 'here' : ''}"
      tabindex=${isHere || isFirst ? 0 : -1}
      data-row=${row}
      data-column=${column}
      aria-label=${describe(row, column)}
      .style=${colour === null ? '' : `background: ${colour}; color: ${textOn(colour)}`}
      @focus=${() => this.#tell(row, column)}
      @pointerenter=${() => this.#tell(row, column)}
    >${value === undefined ? '' : html`<span aria-hidden="true">${value === Infinity ? '∞' : write(value)}${sign === undefined ? nothing : html`<small>${sign(value)}</small>`}</span>`}</td>`;
  }

  #tell(row: number, column: number): void {
    this.dispatchEvent(new CustomEvent<CellEvent>('cell', { detail: { row, column } }));
  }

  #onKey(event: KeyboardEvent): void {
    const { dataset } = event.target as HTMLElement;
    if (dataset.row === undefined) return;
    const last = this.content.heads.length - 1;
    let [row, column] = [Number(dataset.row), Number(dataset.column)];
    if (event.key === 'ArrowRight') column += 1;
    else if (event.key === 'ArrowLeft') column -= 1;
    else if (event.key === 'ArrowDown') row += 1;
    else if (event.key === 'ArrowUp') row -= 1;
    else if (event.key === 'Home') column = 0;
    else if (event.key === 'End') column = last;
    else return;
    event.preventDefault();
    const inside = (at: number): number => Math.min(last, Math.max(0, at));
    this.querySelector<HTMLElement>(`td[data-row='${inside(row)}'][data-column='${inside(column)}']`)?.focus();
  }
}

customElements.define('heat-map', HeatMap);
