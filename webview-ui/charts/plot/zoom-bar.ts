/** Which epochs the charts show, and the buttons that change it; the same can be done in the charts. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../../look/icon.ts';
import { nats } from '../../words/figures.ts';
import { panBy, within, zoomBy, type Range } from './range.ts';

const STEP = 0.5;

interface ZoomBarParts {
  /** As it was asked for, or null for everything. */
  zoom: Range | null;
  lastEpoch: number;
  /** The narrowest range, epochs. */
  least: number;
  /** Whether outliers are clipped; null where nothing can be clipped. */
  clip: boolean | null;
  onZoom(range: Range | null): void;
  onClip(): void;
}

export function zoomBar({ zoom, lastEpoch: last, least, clip, onZoom, onClip }: ZoomBarParts): TemplateResult {
  const asked = zoom === null ? null : within(zoom, last, least);
  const range = asked ?? { from: 0, to: Math.max(1, last) };
  const middle = (range.from + range.to) / 2;
  const button = (name: string, iconName: string, to: Range | null, disabled: boolean): TemplateResult =>
    html`<button class="plain" title=${name} aria-label=${name} ?disabled=${disabled} @click=${() => onZoom(to)}>${icon(iconName)}</button>`;
  return html`<div class="zoom-bar">
    <span class="number shown-epochs" aria-live="polite">${asked === null ? t('All epochs') : t('Epochs {0} to {1}', nats(range.from, 1), nats(range.to, 1))}</span>
    <span class="buttons" role="group" aria-label=${t('Epochs on show')} title=${t('Drag in a chart selects epochs, Ctrl and wheel zoom, Shift and drag move, a double click shows everything.')}>
      ${button(t('Earlier epochs'), 'chevron-left', panBy(range, -STEP, last), asked === null || range.from <= 0)}
      ${button(t('Later epochs'), 'chevron-right', panBy(range, STEP, last), asked === null || range.to >= last)}
      ${button(t('Zoom in'), 'zoom-in', zoomBy(range, STEP, middle, last, least), range.to - range.from <= least)}
      ${button(t('Zoom out'), 'zoom-out', zoomBy(range, 1 / STEP, middle, last, least), asked === null)}
      ${button(t('Show all epochs'), 'screen-full', null, asked === null)}
    </span>
    ${clip === null
      ? nothing
      : html`<button class="plain word" aria-pressed=${clip} title=${t('Fit the axes of loss and accuracy to most points; a triangle at the edge tells that others lie outside.')} @click=${onClip}>${t('Clip outliers')}</button>`}
  </div>`;
}
