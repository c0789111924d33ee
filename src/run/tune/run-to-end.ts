/** One run of a tune, by its own supervisor, from wherever it stands to its end or to a stop. */
import { setTimeout as wait } from 'node:timers/promises';
import { StarsseError, type ErrorCode } from '../../protocol/errors.ts';
import type { RunView } from '../../protocol/run.ts';
import { runFiles } from '../folder.ts';
import { lockHolder } from '../lock.ts';
import { requestStop } from '../requests.ts';
import { resumeRun } from '../resume.ts';
import { viewRun } from '../view.ts';

const LOOK_MS = 300;

/** Members that end so would end so again: the cell has failed, the tune goes on. */
const FINAL: readonly ErrorCode[] = ['diverged', 'start-failed'];

export type RunEnd = { status: 'done' } | { status: 'failed'; reason: string } | { status: 'stopped' };

export interface FollowOptions {
  /** Asks the run to stop and save. */
  signal: AbortSignal;
  onLook: (view: RunView) => void;
  nodePath: string | undefined;
}

/**
 * Starts or goes on with a run, or waits for the supervisor that has it.
 * @throws StarsseError what kept the run from its end, other than a training that failed: the machine, not the cell
 */
export async function runToEnd(folder: string, { signal, onLook, nodePath }: FollowOptions): Promise<RunEnd> {
  let started = false;
  let stopping = false;
  for (;;) {
    const supervised = (await lockHolder(runFiles.supervisor(folder))) !== null;
    const view = await viewRun(folder);
    onLook(view);
    if (!supervised && view.status !== 'running') {
      const end = endOf(view);
      if (end !== null) return end;
      if (signal.aborted) return { status: 'stopped' };
      if (started) throw brokenRun(view);
      await resumeRun(folder, { nodePath });
      started = true;
    } else if (signal.aborted && !stopping) {
      stopping = true;
      await requestStop(folder);
    }
    await wait(LOOK_MS, undefined, stopping ? {} : { signal }).catch(() => undefined);
  }
}

/** null while there is something left to do. */
function endOf({ status, members }: RunView): RunEnd | null {
  const failed = members.find(({ state }) => state.status === 'failed' && FINAL.includes(state.error?.code as ErrorCode));
  if (failed !== undefined) return { status: 'failed', reason: `${failed.member.name}: ${failed.state.error?.message ?? ''}` };
  return status === 'done' && members.every(({ state }) => state.status === 'done') ? { status: 'done' } : null;
}

function brokenRun({ id, folder, status, error }: RunView): StarsseError {
  const code = error?.code ?? 'process-died';
  return new StarsseError(code, `The run ${id} is ${status}: ${error?.message ?? 'it ended without a word'}`, {
    hint: error?.hint ?? `See ${runFiles.supervisorLog(folder)}. What is done is kept: the same command goes on.`,
  });
}
