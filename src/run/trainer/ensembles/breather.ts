/** Long arithmetic that can be stopped. */
import type { TaskContext } from '../combine.ts';

/** Lets the event loop run, says how far it is, and stops. */
export function breather({ onProgress, signal }: TaskContext, message: string): (fraction: number) => Promise<void> {
  return async (fraction) => {
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    onProgress({ fraction, message });
  };
}
