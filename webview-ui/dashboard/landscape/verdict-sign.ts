/** A verdict as a sign of its own form, beside its colour: tick, half, cross. Drawn around (0, 0), 16 across. */
import { svg, type SVGTemplateResult } from 'lit';
import type { Verdict } from '../../../src/protocol/basin.ts';

const FORMS: Record<Verdict, { outline: string; sign: string }> = {
  inside: { outline: 'M-7.5 0a7.5 7.5 0 1 0 15 0a7.5 7.5 0 1 0 -15 0Z', sign: 'M-3.4 0.3L-1 2.8L3.6 -2.6' },
  border: { outline: 'M0 -8.2L8.4 6.6H-8.4Z', sign: 'M0 -3.2V2.2M0 4.6V4.7' },
  outside: { outline: 'M-6.8 -6.8H6.8V6.8H-6.8Z', sign: 'M-3 -3L3 3M-3 3L3 -3' },
};

export function verdictSign(verdict: Verdict): SVGTemplateResult {
  const { outline, sign } = FORMS[verdict];
  return svg`<g class="verdict-form is-${verdict}"><path class="outline" d=${outline} /><path class="inner" d=${sign} /></g>`;
}
