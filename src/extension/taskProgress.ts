import * as vscode from 'vscode';
import type { TaskStep } from '../protocol/task-steps.ts';

export interface TaskContext {
  signal: AbortSignal;
  /** @param fraction 0..1, or null while it cannot be told. @param step what was found */
  report(fraction: number | null, message: string, step?: TaskStep): void;
}

/** Shows a notification with progress and Cancel while `work` goes on. */
export async function withTaskProgress<T>(title: string, work: (context: TaskContext) => Promise<T>): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return await vscode.window.withProgress(options, async (progress, token) => {
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => abort.abort());
    let shown = 0; // percent
    try {
      return await work({
        signal: abort.signal,
        report(fraction, message) {
          const percent = fraction === null ? shown : Math.max(shown, 100 * fraction);
          progress.report({ message, increment: percent - shown });
          shown = percent;
        },
      });
    } finally {
      subscription.dispose();
    }
  });
}
