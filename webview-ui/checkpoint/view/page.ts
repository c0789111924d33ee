/** The whole page from what is known and what is set. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { count } from '../../words/figures.ts';
import type { Actions } from '../actions.ts';
import type { Screen } from '../screen.ts';
import type { Settings } from '../settings.ts';
import type { Model } from '../store.ts';
import { comparisonDetails } from './comparison-details.ts';
import { details } from './details.ts';
import { grid, tools } from './grid.ts';
import { comparisonHeader, fileHeader } from './header.ts';
import { layerBars } from './layers.ts';
import { metadata } from './metadata.ts';
import { notices } from './notices.ts';

export interface Scroll {
  rowHeight: number;
  top: number;
  height: number;
}

export function page(model: Model, screen: Screen, settings: Settings, scroll: Scroll, actions: Actions): TemplateResult {
  const { subject } = model;
  if (subject === null || subject.kind === 'broken') return html`${nothing}`;
  const { selected } = screen;
  // Scrolling changes the tree alone.
  return html`${guard([model], () => [
      subject.kind === 'one' ? fileHeader(subject.checkpoint, model, actions) : comparisonHeader(subject.a, subject.b, screen.lines, model, actions),
      html`<div class="notices">${notices(model, actions)}</div>`,
    ])}
    ${guard([model, settings, selected], () => (subject.kind === 'two' ? layerBars(screen.layers, selected?.id ?? null, settings.layersAsTable, actions) : nothing))}
    <main class="split">
      <section class="tensors" aria-label=${t('Tensors')}>
        ${tools(settings.filter, screen.flat, foundWords(screen, settings), html`${nothing}`, actions)}
        ${grid({ label: t('Tensors'), ...screen, ...scroll, selected: selected?.id ?? null }, actions)}
        ${screen.rows.length === 0 ? html`<p class="muted empty">${screen.lines.length === 0 ? t('The file has no tensors.') : t('No tensor fits the filter.')}</p>` : nothing}
      </section>
      <aside class="details" aria-label=${t('Details')} tabindex="0">
        ${guard([model, settings, selected], () => (subject.kind === 'one' ? [details(selected, subject.checkpoint, model, settings, actions), metadata(subject.checkpoint)] : comparisonDetails(selected, model.differences)))}
      </aside>
    </main>`;
}

/** How many tensors are left of a filter. */
function foundWords({ rows, lines }: Screen, { filter }: Settings): string {
  if (filter.trim() === '') return '';
  const found = rows.filter(({ isOpen }) => isOpen === null).length;
  return t('{0} of {1} tensors', count(found), count(lines.length));
}
