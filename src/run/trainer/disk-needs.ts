/** How much disk a run takes, worked out from its plan, before it is made. */
import { parametersOf, product } from '../../core/network.ts';
import type { NetworkSpec } from '../../protocol/network.ts';
import type { Run } from '../../protocol/run.ts';
import { checkDiskSpace } from '../disk-space.ts';
import type { PlanData } from './data/plan-data.ts';

const FLOAT_BYTES = 4;

type RunPlan = Pick<Run, 'members' | 'workers' | 'plan'>;

/** @throws StarsseError disk when the whole run would not find room in its folder's file system */
export async function checkRoomForRun(folder: string, run: RunPlan, network: NetworkSpec, data: PlanData): Promise<void> {
  const snapshots = run.members.length;
  const what = `The run (${snapshots} ${snapshots === 1 ? 'snapshot' : 'snapshots'} of ${Math.ceil(snapshotBytes(network) / 2 ** 20)} MB, what resuming needs, predictions)`;
  await checkDiskSpace(folder, runBytes(run, network, data), what);
}

/** Weights and statistics of one network. */
export function snapshotBytes(network: NetworkSpec): number {
  return FLOAT_BYTES * parametersOf(network).reduce((sum, { diskShape }) => sum + product(diskShape), 0);
}

/** Snapshots and predictions of all members and the soups that are made by themselves; what resuming needs is written beside the old file. */
export function runBytes({ members, workers, plan }: RunPlan, network: NetworkSpec, { validation, test }: PlanData): number {
  const averages = members.filter(({ swa }) => swa !== null).length + members.filter(({ ema }) => ema !== null).length;
  const networks = members.length + averages + (members.length > 1 ? 1 : 0);
  const images = validation.labels.length + test.labels.length;
  const slots = plan.training.optimizer.kind === 'adamw' ? 2 : 1;
  const kept = members.filter(({ name }) => members.some((other) => other.startsFrom === name && !other.resetOptimizer)).length;
  const files = networks + kept * (1 + slots) + Math.min(workers, members.length) * 2 * (1 + slots + averages);
  return files * snapshotBytes(network) + networks * images * (network.classes + 1) * FLOAT_BYTES;
}
