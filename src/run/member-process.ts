/** A trainer as its supervisor sees it: started with its words going to the member's log, judged by what it left on disk. */
import { spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { StarsseError } from '../protocol/errors.ts';
import { runFiles, readState } from './folder.ts';
import { lockHolder, withLock } from './lock.ts';
import { programFile, programFlags } from './node-program.ts';
import { exitOf } from './tasks.ts';
import { replaceJson } from './write.ts';

const TAIL_CHARACTERS = 2000;

/** How a trainer ended. `crashed` may be tried again: it died, or never came up. */
export type TrainerEnd = 'done' | 'stopped' | 'failed' | 'crashed';

export interface MemberProcess {
  pid: number | undefined;
  ended: Promise<{ end: TrainerEnd; how: string }>;
}

/**
 * Starts the trainer of a member. It outlives this process if need be, so its output goes to a file and not to a pipe.
 * @param env added to the environment of this process
 */
export async function startTrainer(folder: string, member: string, env: Record<string, string> = {}): Promise<MemberProcess> {
  await mkdir(runFiles.member(folder, member), { recursive: true });
  const log = await open(runFiles.log(folder, member), 'a');
  try {
    const child = spawn(process.execPath, [...programFlags(), programFile('trainer'), 'train', folder, member], {
      stdio: ['ignore', log.fd, log.fd],
      env: { ...process.env, ...env },
      windowsHide: true,
    });
    const ended = exitOf(child, process.execPath).then(async (how) => ({ end: await judge(folder, member, child.pid, how), how }));
    return { pid: child.pid, ended };
  } finally {
    await log.close();
  }
}

async function judge(folder: string, member: string, pid: number | undefined, how: string): Promise<TrainerEnd> {
  if (how === 'exit code 0') return 'done';
  if (how === 'exit code 3') return 'stopped';
  const state = await readState(folder, member).catch(() => null);
  return state?.status === 'failed' && state.pid === pid ? 'failed' : 'crashed';
}

/** Is a trainer at work on the member, whoever started it? */
export async function isTraining(folder: string, member: string): Promise<boolean> {
  return (await lockHolder(runFiles.trainer(folder, member))) !== null;
}

/** Writes down that a trainer died more often than it is worth trying, in its place. */
export async function recordCrash(folder: string, member: string, how: string): Promise<void> {
  await withLock(runFiles.trainer(folder, member), member, async () => {
    const tail = (await readFile(runFiles.log(folder, member), 'utf8').catch(() => '')).slice(-TAIL_CHARACTERS).trim();
    const error = new StarsseError('process-died', `The trainer of ${member} died again and again, the last time with ${how}`, {
      hint: `Its last words are in ${runFiles.log(folder, member)}. SIGKILL often means too little memory: use fewer workers.`,
      ...(tail === '' ? {} : { cause: tail }),
    });
    const state = await readState(folder, member);
    await replaceJson(runFiles.state(folder, member), { ...state, status: 'failed', finishedAt: new Date().toISOString(), error: error.toJSON() });
  });
}
