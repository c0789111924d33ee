/** A y axis of fractions, written as percentages with as many digits as tell neighbouring ticks apart. */
import { percent } from '../../words/figures.ts';
import type { PlotContent } from './content.ts';

export function percentAxis(): NonNullable<PlotContent['yScales'][string]> {
  return { type: 'linear', ticks: { maxTicksLimit: 6, callback: (value: number | string, _index: number, ticks: { value: number }[]) => percent(Number(value), digitsFor(ticks)) } };
}

function digitsFor(ticks: readonly { value: number }[]): number {
  const step = ticks.length < 2 ? 0.1 : Math.abs(ticks[1].value - ticks[0].value);
  return Math.min(3, Math.max(0, Math.ceil(-Math.log10(100 * step) - 1e-9)));
}
