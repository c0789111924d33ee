import { html, svg, type TemplateResult } from 'lit';
import { heatColour } from '../look/heat.ts';
import './legend.css';

export interface LegendContent {
  label: string;
  /** Places along the bar, 0..1. */
  ticks: readonly { at: number; text: string }[];
  dark: boolean;
  /** Colours in so many steps; smooth without. */
  steps?: number;
  /** The colour with which it begins, 0..1; the darkest without. */
  from?: number;
}

/** What the colours of a picture mean. */
export function legend({ label, ticks, dark, steps = 48, from = 0 }: LegendContent): TemplateResult {
  const text = ticks.map((tick) => tick.text).join(', ');
  return html`<div class="heat-legend" role="img" aria-label="${label}: ${text}">
    <svg viewBox="0 0 ${steps} 1" preserveAspectRatio="none" aria-hidden="true">
      ${Array.from({ length: steps }, (_, index) => svg`<rect x=${index} y="0" width="1.05" height="1" fill=${heatColour(from + ((1 - from) * index) / (steps - 1), dark)} />`)}
    </svg>
    <div class="heat-ticks" aria-hidden="true">${ticks.map((tick) => html`<span>${tick.text}</span>`)}</div>
  </div>`;
}
