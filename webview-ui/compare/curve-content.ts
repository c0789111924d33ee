/** Curves of all runs over the epochs of each: a run in its colour and with its mark, its members alike. */
import type { ComparedRun } from '../../src/protocol/compare-messages.ts';
import type { PlotContent } from '../charts/plot/content.ts';
import { percentAxis } from '../charts/plot/percent-axis.ts';
import { within, type Range } from '../charts/plot/range.ts';
import type { Series } from '../charts/plot/series.ts';
import { markerOf, SERIES, seriesOf } from '../look/palette.ts';
import { withAlpha, type Theme } from '../look/theme.ts';
import { memberName } from '../words/naming.ts';
import type { Settings } from './store.ts';

/** The narrowest range, epochs. */
export const LEAST_EPOCHS = 2;
/** With more points than this on show, marks would hide the lines. */
const MOST_MARKED = 300;
const FAINT = 0.18;
/** Of runs that have the colour of another. */
const DASH = [7, 4];

/** Epochs of the longest run. */
export function lastEpoch(runs: readonly ComparedRun[]): number {
  return Math.max(1, ...runs.flatMap((run) => run.curves.map(({ startEpoch, accuracy }) => startEpoch + accuracy.length)));
}

/** @param indexOf the place of a run in the comparison, which is its colour and mark */
export function curveContent(runs: readonly ComparedRun[], indexOf: (run: ComparedRun) => number, { measure, zoom, logLoss, chosen }: Settings, theme: Theme): PlotContent {
  const last = lastEpoch(runs);
  const range = zoom === null ? null : within(zoom, last, LEAST_EPOCHS);
  const isMarked = pointsIn(runs, range ?? { from: 0, to: last }) <= MOST_MARKED;
  const series = runs.flatMap((run) => {
    const index = indexOf(run);
    const stands = chosen === run.run.folder;
    const isFaint = chosen !== null && !stands;
    const colour = withAlpha(theme.series[seriesOf(index)], isFaint ? FAINT : 1);
    return run.curves.map((curve): Series => ({
      key: `${run.run.folder} ${curve.member}`,
      label: run.curves.length === 1 ? run.run.name : `${run.run.name}, ${memberName(curve.member)}`,
      data: curve[measure].flatMap((y, epoch) => (Number.isFinite(y) ? [{ x: curve.startEpoch + epoch + 1, y }] : [])),
      group: { key: run.run.folder, best: measure === 'accuracy' ? 'highest' : 'lowest' },
      borderColor: colour,
      backgroundColor: colour,
      borderWidth: stands ? 3 : runs.length > SERIES ? 1.5 : 2,
      borderDash: index < SERIES ? [] : DASH,
      pointStyle: markerOf(index),
      pointRadius: isMarked ? 3 : 0,
      clip: 6, // marks at the ends of the axis are whole
      order: stands ? 0 : 1,
    }));
  });
  return { series, annotations: {}, yScales: { y: measure === 'accuracy' ? percentAxis() : { type: logLoss ? 'logarithmic' : 'linear', ticks: { maxTicksLimit: 6 } } }, lastEpoch: last, least: LEAST_EPOCHS, range };
}

function pointsIn(runs: readonly ComparedRun[], { from, to }: Range): number {
  return runs.reduce((sum, run) => sum + run.curves.reduce((points, { startEpoch, accuracy }) => points + Math.max(0, Math.min(to, startEpoch + accuracy.length) - Math.max(from, startEpoch)), 0), 0);
}
