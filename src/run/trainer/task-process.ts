/** A task as a process: progress and answer as lines of JSON on stdout; it ends when its caller does. */
import { StarsseError } from '../../protocol/errors.ts';
import type { TaskLine } from '../task-lines.ts';
import type { TaskContext } from './combine.ts';

/** A task that does not come to its end after it was told to is ended. */
const GRACE_MS = 2500;

/** Runs the task and answers. @returns the exit code */
export async function runAsTask(task: (context: TaskContext) => Promise<unknown>): Promise<number> {
  // Stdout is for our lines only; libraries may say what they like.
  console.log = console.info = console.debug = console.error;
  const cancel = new AbortController();
  process.stdin.once('end', () => {
    cancel.abort(new StarsseError('cancelled', 'The caller of the task went away or cancelled it'));
    setTimeout(() => process.exit(1), GRACE_MS).unref();
  });
  process.stdin.once('error', () => process.exit(1)).resume();
  try {
    const result = await task({ signal: cancel.signal, onProgress: (progress) => void write({ type: 'progress', ...progress }) });
    await write({ type: 'result', result });
    return 0;
  } catch (error) {
    await write({ type: 'error', error: StarsseError.from(error).toJSON() });
    return 1;
  }
}

function write(line: TaskLine): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(`${JSON.stringify(line)}\n`, () => resolve());
  });
}
