/** Starting our own programs: the supervisor, which outlives its caller, and tasks, which do not. */
import { spawn, type ChildProcess } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { StarsseError, type ErrorCode } from '../protocol/errors.ts';
import { parseJson } from '../protocol/parse.ts';
import { runFiles } from './folder.ts';
import { lockHolder } from './lock.ts';
import { childEnvironment, findNode, programFile, programFlags } from './node-program.ts';
import { TaskLineSchema, type Progress, type TaskName, type TaskResults } from './task-lines.ts';

const KILL_AFTER_MS = 3000;
const START_MS = 20_000;
const TAIL_CHARACTERS = 4000;

export interface TaskOptions {
  /** Ends the task; the promise then fails with `cancelled`. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /** The user's choice of Node; empty or undefined chooses. */
  nodePath?: string;
}

/**
 * Runs a task of trainer.js in a process of its own, which ends when this one does.
 * @throws StarsseError what the task threw; cancelled, unless it had come to its end before it heard of it; process-died when it ended without an answer.
 */
export async function runTask<N extends TaskName>(name: N, args: string[], { signal, onProgress, nodePath }: TaskOptions = {}): Promise<TaskResults[N]> {
  const node = await findNode(nodePath);
  if (signal?.aborted) throw cancelled(name);
  // The task watches its stdin, which ends with this process however it ends.
  const child = spawn(node.path, [...programFlags(), programFile('trainer'), name, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: childEnvironment(node),
    windowsHide: true,
  });
  const release = abortable(child, signal);
  let tail = '';
  child.stdin.on('error', () => undefined); // a task that is gone has said why, or its exit does
  child.stderr.setEncoding('utf8').on('data', (text: string) => (tail = (tail + text).slice(-TAIL_CHARACTERS)));
  try {
    const ended = exitOf(child, node.path);
    ended.catch(() => undefined); // awaited below, after its output
    let answer: { result: unknown } | { error: StarsseError } | null = null;
    for await (const line of createInterface({ input: child.stdout })) {
      const message = parseJson(TaskLineSchema, line, `answer of the task ${name}`, 'internal');
      if (message.type === 'progress') onProgress?.(progressOf(message));
      else if (message.type === 'result') answer = { result: message.result };
      else answer = { error: StarsseError.fromJSON({ ...message.error, code: message.error.code as ErrorCode }) };
    }
    const end = await ended;
    const isAnswered = answer !== null && 'result' in answer;
    if (signal?.aborted && !isAnswered) throw cancelled(name);
    if (answer === null) throw died(`The task ${name} ended without an answer (${end})`, tail);
    if ('error' in answer) throw answer.error;
    return answer.result as TaskResults[N];
  } finally {
    release();
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  }
}

function progressOf({ fraction, message, step }: Progress): Progress {
  return { fraction, message, ...(step === undefined ? {} : { step }) };
}

/**
 * Starts the supervisor of a run, detached: it outlives the editor and the terminal.
 * @returns when it is at work, or has already ended well.
 * @throws StarsseError run-busy; process-died when it did not come up.
 */
export async function startSupervisor(folder: string, { nodePath }: Pick<TaskOptions, 'nodePath'> = {}): Promise<{ note: string | null }> {
  const node = await findNode(nodePath);
  const holder = await lockHolder(runFiles.supervisor(folder));
  if (holder !== null) throw new StarsseError('run-busy', `${folder} is already running (process ${holder.pid} on ${holder.host})`, { hint: 'Watch it, or stop it first.' });
  const log = await open(runFiles.supervisorLog(folder), 'a');
  let child: ChildProcess;
  try {
    child = spawn(node.path, [...programFlags(), programFile('supervisor'), folder], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: childEnvironment(node),
      windowsHide: true,
    });
  } finally {
    await log.close();
  }
  let end: string | null = null;
  const ended = exitOf(child, node.path).then((text) => (end = text));
  child.unref();
  for (const deadline = Date.now() + START_MS; Date.now() < deadline; ) {
    await Promise.race([ended, wait(25)]);
    if (end === 'exit code 0' || end === 'exit code 3') return { note: node.note };
    if (end !== null) throw died(`The supervisor of ${folder} ended at once (${String(end)})`, await tailOf(runFiles.supervisorLog(folder)));
    if ((await lockHolder(runFiles.supervisor(folder)))?.pid === child.pid) return { note: node.note };
  }
  throw died(`The supervisor of ${folder} did not come up in ${START_MS / 1000} seconds`, await tailOf(runFiles.supervisorLog(folder)));
}

/** "exit code 1" or "signal SIGKILL". @throws StarsseError process-died when the program cannot be started */
export function exitOf(child: ChildProcess, program: string): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new StarsseError('process-died', `${program} cannot be started: ${cause.message}`, { cause, hint: 'Set the path of a Node 20 or newer.' }));
    });
    child.once('exit', (code, signal) => resolve(code === null ? `signal ${String(signal)}` : `exit code ${code}`));
  });
}

function abortable(child: ChildProcess, signal: AbortSignal | undefined): () => void {
  let timer: NodeJS.Timeout | undefined;
  const abort = (): void => {
    child.stdin?.end();
    timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  };
  signal?.addEventListener('abort', abort, { once: true });
  return () => {
    signal?.removeEventListener('abort', abort);
    clearTimeout(timer);
  };
}

function cancelled(name: string): StarsseError {
  return new StarsseError('cancelled', `The task ${name} was cancelled`);
}

function died(message: string, tail: string): StarsseError {
  const cause = tail.trim();
  return new StarsseError('process-died', message, { hint: 'Its last words are below. Run `starsse doctor` to check this machine.', ...(cause === '' ? {} : { cause }) });
}

async function tailOf(file: string): Promise<string> {
  return (await readFile(file, 'utf8').catch(() => '')).slice(-TAIL_CHARACTERS);
}
