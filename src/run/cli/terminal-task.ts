/** A task whose progress shows on the terminal and which Ctrl-C cancels. */
import { runTask } from '../tasks.ts';
import type { TaskName, TaskResults } from '../task-lines.ts';
import { taskProgress } from './report.ts';

export async function runTaskFromTerminal<N extends TaskName>(name: N, args: string[], { json, node }: { json: boolean; node: string | undefined }): Promise<TaskResults[N]> {
  const cancel = new AbortController();
  const onInterrupt = (): void => cancel.abort();
  const { onProgress, clear } = taskProgress(json);
  process.once('SIGINT', onInterrupt);
  try {
    return await runTask(name, args, { signal: cancel.signal, onProgress, nodePath: node });
  } finally {
    process.off('SIGINT', onInterrupt);
    clear();
  }
}
