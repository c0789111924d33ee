import { spawn } from 'node:child_process';
import { StarsseError } from '../protocol/errors.ts';

export interface ProcessOptions {
  cwd: string;
  signal: AbortSignal;
  env?: Record<string, string>;
  /** What to do when the command is not on the PATH, or fails. */
  hint: string;
}

/**
 * Runs a command to its end and returns what it printed to stdout.
 * An abort ends it with all the processes it started.
 *
 * @throws StarsseError `backend-failed` with the command and the end of its output; `cancelled` after an abort.
 */
export function runProcess(command: string, args: string[], { cwd, signal, env, hint }: ProcessOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(cancelled());
      return;
    }
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that an abort reaches grandchildren; npm is a .cmd file on Windows and needs a shell.
      detached: process.platform !== 'win32',
      shell: process.platform === 'win32' && command === 'npm',
    });
    let stdout = '';
    let tail = '';
    const keepTail = (text: string): void => {
      tail = (tail + text).slice(-2000);
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      keepTail(text);
    });
    child.stderr.setEncoding('utf8').on('data', keepTail);
    const end = (): void => {
      try {
        if (process.platform === 'win32') child.kill();
        else if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      } catch {
        // It has just ended by itself.
      }
    };
    signal.addEventListener('abort', end, { once: true });
    child.once('error', (cause) => {
      signal.removeEventListener('abort', end);
      reject(new StarsseError('backend-failed', `${command}: ${cause.message}`, { hint, cause }));
    });
    child.once('close', (code, killedBy) => {
      signal.removeEventListener('abort', end);
      if (signal.aborted) reject(cancelled());
      else if (code === 0) resolve(stdout);
      else reject(new StarsseError('backend-failed', `${command} ${args.slice(0, 3).join(' ')} ended with ${code ?? killedBy}: ${tail.trim()}`, { hint }));
    });
  });
}

export function cancelled(): StarsseError {
  return new StarsseError('cancelled', 'The installation was cancelled; nothing of it was kept.');
}
