/** Opens what soups of a run are made with, and closes it. */
import { startBackend } from '../../../backends/choose.ts';
import { runnerOf } from '../../../backends/runner.ts';
import { checkAlike } from '../../../core/soups/alike.ts';
import { hasBatchNorm } from '../../../core/network.ts';
import type { ModelFile } from '../../../protocol/network.ts';
import type { Run } from '../../../protocol/run.ts';
import { threadsOfTasks } from '../../../protocol/shares.ts';
import type { SoupRequest } from '../../../protocol/soup.ts';
import { runFiles } from '../../folder.ts';
import type { TaskContext } from '../combine.ts';
import { readRunData } from '../data/plan-data.ts';
import type { Kitchen, Place } from './kitchen.ts';
import { fileSource, withSources } from './sources.ts';

export interface KitchenOrder {
  folder: string;
  run: Run;
  model: ModelFile;
  members: readonly string[];
  placeOf(member: string): Place;
  statistics: SoupRequest['statistics'];
}

/** Statistics of a network without batch norm are no matter. */
export function statisticsOf({ network }: ModelFile, { statistics }: Pick<SoupRequest, 'statistics'>): SoupRequest['statistics'] {
  return hasBatchNorm(network) ? statistics : 're-estimate';
}

/** @throws StarsseError mismatch before any work; backend-missing, data-missing, cancelled */
export async function withKitchen<R>({ folder, run, model, members, placeOf, statistics }: KitchenOrder, { signal, onProgress }: TaskContext, use: (kitchen: Kitchen) => Promise<R>): Promise<R> {
  const step: Kitchen['step'] = (message, fraction, found) => {
    signal.throwIfAborted();
    onProgress({ fraction, message, ...(found === undefined ? {} : { step: found }) });
  };
  const openers = members.map((member) => async () => await fileSource(member, runFiles.snapshot(placeOf(member).folder, placeOf(member).name)));
  return await withSources(openers, async (sources) => {
    checkAlike(sources);
    step('Averaging weights', 0);
    const device = await startBackend(run.plan.compute.backend, { threads: threadsOfTasks(run) });
    const data = await readRunData(run, { onProgress, signal });
    const runner = runnerOf(device, console.error)(model.network, model.normalization);
    try {
      return await use({ folder, run, runner, data, sources, placeOf, statistics, signal, step });
    } finally {
      runner.close();
    }
  });
}
