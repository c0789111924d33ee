/** Going on with a run that was stopped, was interrupted or has failed. */
import { StarsseError } from '../protocol/errors.ts';
import { runFiles } from './folder.ts';
import { lockHolder } from './lock.ts';
import { queueAgain } from './queue.ts';
import { withdrawStop } from './requests.ts';
import { startSupervisor, type TaskOptions } from './tasks.ts';
import { viewRun } from './view.ts';

/**
 * Starts a supervisor again; members that are done stay as they are, the others go on from where they saved, those that
 * failed as well, and a trainer that outlived its supervisor is adopted.
 * @throws StarsseError usage when everything is done; run-busy while a supervisor works on it.
 */
export async function resumeRun(folder: string, options: Pick<TaskOptions, 'nodePath'> = {}): Promise<{ note: string | null }> {
  const { status, id, members } = await viewRun(folder);
  const failed = members.filter(({ state }) => state.status === 'failed');
  if (status === 'done' && failed.length === 0) throw new StarsseError('usage', `The run ${id} is done; there is nothing to resume`, { hint: 'Start a new run from its plan.' });
  if ((await lockHolder(runFiles.supervisor(folder))) !== null) {
    throw new StarsseError('run-busy', `The run ${id} is already running`, { hint: 'Watch it, or stop it first.' });
  }
  for (const { member } of failed) await queueAgain(folder, member.name, 'saved');
  await withdrawStop(folder);
  return await startSupervisor(folder, options);
}
