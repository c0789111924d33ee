/** What a task listens to that is cancelled, in this process, as soon as it says something. */
import { StarsseError } from '../../src/protocol/errors.ts';
import type { TaskContext } from '../../src/run/trainer/combine.ts';

/** @param wanted how the message begins */
export function cancelledAt(wanted: string): TaskContext {
  const cancel = new AbortController();
  return { signal: cancel.signal, onProgress: ({ message }) => message.startsWith(wanted) && cancel.abort(new StarsseError('cancelled', `cancelled at "${message}"`)) };
}

/** For a task that may come to its end. */
export function undisturbed(): TaskContext {
  return { signal: new AbortController().signal, onProgress: () => undefined };
}
