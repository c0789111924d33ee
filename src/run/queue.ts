/** Members back in the queue, and members that never get a turn. Whoever writes a member's state holds its trainer's lock. */
import { rm } from 'node:fs/promises';
import { StarsseError } from '../protocol/errors.ts';
import type { State } from '../protocol/run.ts';
import { readState, runFiles } from './folder.ts';
import { withLock } from './lock.ts';
import { replaceJson } from './write.ts';

const BEGINNING = { step: 0, epoch: 0, startedAt: null, trainedMs: 0, validationAccuracy: null, trainedAt: null } as const;

/**
 * Puts a failed member back to the queue; another is left as it is.
 * @param from `saved` goes on from where it saved last; `start` forgets that.
 * @throws StarsseError run-busy while a trainer has the member
 */
export async function queueAgain(folder: string, name: string, from: 'saved' | 'start'): Promise<void> {
  await changeState(folder, name, async (state) => {
    if (state.status !== 'failed') return state;
    if (from === 'start') await rm(runFiles.resume(folder, name), { force: true });
    return { ...state, ...(from === 'start' ? BEGINNING : {}), status: 'queued', host: null, pid: null, heartbeatAt: null, finishedAt: null, error: null };
  });
}

/** Writes down that a member was not trained because another failed. @param start the one that failed */
export async function failWithStart(folder: string, { name, startsFrom }: { name: string; startsFrom: string }, start: string): Promise<void> {
  const reason = (await readState(folder, start)).error?.message ?? 'it gave no reason';
  const through = startsFrom === start ? '' : ` by way of ${startsFrom}`;
  const error = new StarsseError('start-failed', `${name} was not trained: ${start}, from which it starts${through}, failed: ${reason}`, {
    hint: `Retry ${start}; what starts from it is then trained as well.`,
  });
  await changeState(folder, name, (state) => ({ ...state, status: 'failed', finishedAt: new Date().toISOString(), error: error.toJSON() }));
}

async function changeState(folder: string, name: string, change: (state: State) => State | Promise<State>): Promise<void> {
  await withLock(runFiles.trainer(folder, name), name, async () => {
    await replaceJson(runFiles.state(folder, name), await change(await readState(folder, name)));
  });
}
