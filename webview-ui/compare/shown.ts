/** Which runs are on show: those that the filter and the chosen stretches of axes let through, sorted. */
import type { ComparedRun, Sweep } from '../../src/protocol/compare-messages.ts';
import { columns, fits, sortedRuns } from './columns.ts';
import { axesOf, passes, sweepOfRuns } from './parallel.ts';
import type { Settings, Snapshot } from './store.ts';

/** A run keeps its colour and mark whatever is on show. */
export function indexIn({ runs }: Snapshot, run: ComparedRun): number {
  return runs.indexOf(run);
}

/** The tuner's sweep that is chosen, or the runs themselves. */
export function sweepOf({ runs, sweeps }: Snapshot, { sweep }: Settings): Sweep {
  return sweeps.find(({ name }) => name === sweep) ?? sweepOfRuns(runs);
}

export function shownRuns({ runs, sweeps }: Snapshot, { sweep, filter, brushes, sort }: Settings): ComparedRun[] {
  const all = columns();
  const own = sweepOfRuns(runs);
  const axes = axesOf(own.points);
  const isOwn = !sweeps.some(({ name }) => name === sweep);
  const through = runs.filter((run, index) => fits(run, filter, all) && (!isOwn || passes(own.points[index], axes, brushes)));
  return sortedRuns(through, all.find(({ key }) => key === sort.by) ?? all[0], sort.down);
}
