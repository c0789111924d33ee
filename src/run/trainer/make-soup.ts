/** One soup of members. */
import { startBackend } from '../../backends/choose.ts';
import { uniformSoup } from '../../core/soup.ts';
import { weightsFrom } from '../../core/weights.ts';
import type { Run } from '../../protocol/run.ts';
import { writeAveraged } from './averaged-network.ts';
import type { TaskContext } from './combine.ts';
import { readRunData } from './data/plan-data.ts';
import { readModel } from './run-network.ts';
import { readSnapshot } from './snapshot.ts';

/** @throws StarsseError mismatch, backend-missing, data-missing, cancelled */
export async function makeSoup(folder: string, run: Run, name: string, members: string[], { signal, onProgress }: TaskContext): Promise<void> {
  const step = (message: string, fraction: number): void => {
    signal.throwIfAborted();
    onProgress({ fraction, message });
  };
  step('Averaging weights', 0);
  const parents = await Promise.all(members.map(async (member) => ({ name: member, tensors: await readSnapshot(folder, member) })));
  const averaged = uniformSoup(parents);
  const model = await readModel(folder);
  await startBackend(run.plan.compute.backend, { threads: run.threads });
  const data = await readRunData(run, { onProgress, signal });
  const weights = weightsFrom(model.network, averaged, name);
  await writeAveraged(folder, run, model, data, { weights, name, parents: members, rule: 'uniform' }, (message, fraction) => step(message, 0.1 + 0.9 * fraction));
}
