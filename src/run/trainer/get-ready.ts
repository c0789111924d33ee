/** What a trainer does while the member that its own starts from is still being trained: everything that does not need its weights. */
import { setTimeout as wait } from 'node:timers/promises';
import { startBackend } from '../../backends/choose.ts';
import { stepperOf } from '../../backends/stepper.ts';
import { rehearse } from '../../core/rehearsal.ts';
import { canBeStartedFrom } from '../../protocol/members.ts';
import type { Member, Run } from '../../protocol/run.ts';
import { readState, runFiles } from '../folder.ts';
import { lockHolder } from '../lock.ts';
import { readRunData } from './data/plan-data.ts';
import { readModel } from './run-network.ts';
import type { Bench, ShouldStop } from './train-member.ts';

const LOOK_MS = 50;

/** Can the member be trained now? */
export async function isReady(folder: string, { startsFrom }: Member): Promise<boolean> {
  return startsFrom === 'pretrained' || canBeStartedFrom(await readState(folder, startsFrom));
}

/**
 * Gets ready, then waits for the weights.
 * @returns false when they will not come while this trainer lives: it is to stop, what they come from failed or was stopped, or nobody supervises the run any more
 */
export async function getReady(bench: Bench, run: Run, member: Member, shouldStop: ShouldStop): Promise<boolean> {
  const { folder } = bench;
  // What goes wrong here goes wrong once more when the member is trained, and is the member's error then.
  await prepare(bench, run, member).catch((error: unknown) => console.error(String(error)));
  while (!(await isReady(folder, member))) {
    const { status } = await readState(folder, member.startsFrom);
    if (shouldStop() || status === 'failed' || status === 'stopped') return false;
    if ((await lockHolder(runFiles.supervisor(folder))) === null) return false;
    await wait(LOOK_MS);
  }
  return true;
}

async function prepare(bench: Bench, run: Run, member: Member): Promise<void> {
  const { plan } = run;
  const device = await startBackend(plan.compute.backend, { threads: bench.threads, sideBySide: true });
  const { network, normalization } = (bench.model ??= await readModel(bench.folder));
  const { train, validation } = (bench.data ??= await readRunData(run));
  // Elsewhere nothing is kept of a step.
  if (device.backend !== 'tensorflow') return;
  const stepper = (bench.stepper ??= stepperOf(device, console.log));
  rehearse({ member, network, normalization, training: plan.training, images: train.labels.length, validation, evaluationBatchSize: plan.evaluation.batchSize, stepper });
}
