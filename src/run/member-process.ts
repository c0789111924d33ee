/** A trainer as its supervisor sees it: started with its words going to the log of its first member. */
import { spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { StarsseError } from '../protocol/errors.ts';
import { runFiles, readState } from './folder.ts';
import { lockHolder, withLock } from './lock.ts';
import { programFile, programFlags } from './node-program.ts';
import { exitOf } from './tasks.ts';
import { replaceJson } from './write.ts';

const TAIL_CHARACTERS = 2000;

export interface TrainerProcess {
  pid: number | undefined;
  /** "exit code 0" or "signal SIGKILL". */
  ended: Promise<string>;
}

/**
 * Starts a trainer with its first member. It outlives this process if need be, so its output goes to a file and not to a pipe.
 * @param env added to the environment of this process
 */
export async function startTrainer(folder: string, member: string, env: Record<string, string> = {}): Promise<TrainerProcess> {
  await mkdir(runFiles.member(folder, member), { recursive: true });
  const log = await open(runFiles.log(folder, member), 'a');
  try {
    const child = spawn(process.execPath, [...programFlags(), programFile('trainer'), 'train', folder, member], {
      stdio: ['ignore', log.fd, log.fd],
      env: { ...process.env, ...env },
      windowsHide: true,
    });
    return { pid: child.pid, ended: exitOf(child, process.execPath).catch(String) };
  } finally {
    await log.close();
  }
}

/** The process that is at work on the member, whoever started it, or null. */
export async function trainerOf(folder: string, member: string): Promise<number | null> {
  return (await lockHolder(runFiles.trainer(folder, member)))?.pid ?? null;
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
