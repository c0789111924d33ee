/** A difference with its interval, drawn on the scale that all rows of a table share, and in numbers. */
import { t } from '@vscode/l10n';
import { html, svg, type TemplateResult } from 'lit';
import type { ResultRow } from '../../src/protocol/results.ts';
import { points } from '../words/figures.ts';
import { outcomeOf } from '../../src/protocol/difference.ts';

const WIDTH = 110;
const MIDDLE = 9;

export function intervalView(difference: NonNullable<ResultRow['differenceToBest']>, range: { low: number; high: number }): TemplateResult {
  const { estimate, low, high } = difference;
  const at = (value: number): number => ((value - range.low) / (range.high - range.low)) * WIDTH;
  const words = t('{0} points, interval from {1} to {2}', points(estimate, 2), points(low, 2), points(high, 2));
  return html`<span class="interval outcome-${outcomeOf(difference)}">
    <svg viewBox="0 0 ${WIDTH} 18" role="img" aria-label=${words}>
      ${svg`<line class="zero" x1=${at(0)} x2=${at(0)} y1="0" y2="18" />
        <line class="reach" x1=${at(low)} x2=${at(high)} y1=${MIDDLE} y2=${MIDDLE} />
        <path class="ends" d="M${at(low)} ${MIDDLE - 4}v8M${at(high)} ${MIDDLE - 4}v8" />
        <circle class="estimate" cx=${at(estimate)} cy=${MIDDLE} r="3.5" />`}
    </svg>
    <span class="number" aria-hidden="true">${points(estimate, 2)}<span class="muted"> [${points(low, 2)}, ${points(high, 2)}]</span></span>
  </span>`;
}
