/** A bar of progress in a member's colour. Lengths are SVG attributes: the page's policy allows no inline style. */
import { html, svg, type TemplateResult } from 'lit';
import { seriesOf } from '../../look/palette.ts';

/** @param fraction 0..1 @param index position of the member in the run, from 0 */
export function memberBar(fraction: number, index: number, label: string): TemplateResult {
  return html`<svg
    class="bar series-${seriesOf(index)}"
    viewBox="0 0 1000 10"
    preserveAspectRatio="none"
    role="progressbar"
    aria-label=${label}
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${Math.round(fraction * 100)}
  >
    ${svg`<rect class="bar-all" width="1000" height="10" /><rect class="bar-reached" width=${fraction * 1000} height="10" />`}
  </svg>`;
}
