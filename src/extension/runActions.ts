import * as vscode from 'vscode';
import { StarsseError } from '../protocol/errors.ts';
import type { AnalysisQuestion } from '../protocol/analyses.ts';
import type { Answer, Question } from '../protocol/messages.ts';
import { requestStop } from '../run/requests.ts';
import { resumeRun } from '../run/resume.ts';
import { retryMembers } from '../run/retry.ts';
import type { Added, AddedSoup, TaskName, TaskResults } from '../run/task-lines.ts';
import { runTask } from '../run/tasks.ts';
import type { Answerer } from './pages/questions.ts';
import { readSettings } from './settings.ts';
import type { TaskContext } from './taskProgress.ts';

/** What a run's soup or ensemble is made of; no members means all that are done. */
export interface Mixture {
  kind: 'soup' | 'ensemble';
  folder: string;
  members: string[];
}

/** `runTask` with the user's choice of Node. @throws StarsseError what the task threw; cancelled */
export function runTaskHere<N extends TaskName>(name: N, args: string[], { signal, report }: TaskContext): Promise<TaskResults[N]> {
  return runTask(name, args, {
    signal,
    nodePath: readSettings().nodePath ?? undefined,
    onProgress: ({ fraction, message, step }) => report(fraction, message, step),
  });
}

/** Makes a soup or an ensemble and the result table with it. */
export function mix({ kind, folder, members }: Mixture, context: TaskContext): Promise<Added & Partial<AddedSoup>> {
  const wish = members.length === 0 ? {} : { members };
  return runTaskHere(kind, [folder, JSON.stringify(kind === 'soup' ? { ...wish, rule: 'uniform' } : wish)], context);
}

/** What a view asks about the landscape. Results are files, which every dashboard of the run shows. @throws StarsseError what the task throws; cancelled, which keeps what was measured */
export async function analyse(folder: string, question: AnalysisQuestion, context: TaskContext): Promise<void> {
  switch (question.kind) {
    case 'basin':
      return void (await runTaskHere('basin', [folder, '{}'], context));
    case 'plane':
      return void (await runTaskHere('plane', [folder, JSON.stringify(question.surface)], context));
    case 'sharpness':
      return void (await runTaskHere('sharpness', [folder, JSON.stringify({ networks: question.networks })], context));
    case 'measures':
      for (const [index, name] of question.names.entries()) {
        context.report(index / question.names.length, name);
        await runTaskHere('measures', [folder, JSON.stringify({ name })], { ...context, report: () => undefined });
      }
  }
}

/** @returns what the user should know about the Node that was found, or null. */
export async function resume(folder: string): Promise<string | null> {
  return (await resumeRun(folder, { nodePath: readSettings().nodePath ?? undefined })).note;
}

/** Failed members once more, at half their learning rate; null = all that failed by themselves. @returns as `resume` */
export async function retry(folder: string, members: string[] | null): Promise<string | null> {
  return (await retryMembers(folder, members, undefined, { nodePath: readSettings().nodePath ?? undefined })).note;
}

/** Shows a file or folder: in the system's file manager where there is one beside this, else in the editor's own explorer. */
export async function reveal(file: string): Promise<void> {
  const local = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
  await vscode.commands.executeCommand(local ? 'revealFileInOS' : 'revealInExplorer', vscode.Uri.file(file));
}

/** @throws StarsseError usage in a workspace that may be looked at only. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new StarsseError('usage', vscode.l10n.t('This workspace is not trusted, so its runs can be looked at but nothing can be started'), {
    hint: vscode.l10n.t('Trust the workspace first (Manage Workspace Trust).'),
  });
}

/** For a document of a virtual workspace, of a repository's history or inside an archive: programs cannot read it. */
export function notOnDisk(uri: vscode.Uri): StarsseError {
  return new StarsseError('usage', vscode.l10n.t('{0} is not a file on a disk', uri.toString(true)), { hint: vscode.l10n.t('Save it to a folder and open it there.') });
}

/** Answers the questions of a run's dashboard. @param changed is called when the run folder has changed. */
export function answererOf(folder: string, changed: () => Promise<void>): Answerer<Question, Answer> {
  return async (question, context): Promise<Answer> => {
    if (question.kind === 'reveal') {
      await reveal(folder);
      return { kind: 'done' };
    }
    if (question.kind === 'compose') {
      await vscode.commands.executeCommand('starsse.compose', folder);
      return { kind: 'done' };
    }
    requireTrust();
    try {
      if (question.kind === 'stop') await requestStop(folder);
      else if (question.kind === 'resume') await resume(folder);
      else if (question.kind === 'retry') await retry(folder, question.members);
      else if (question.kind === 'soup' || question.kind === 'ensemble') return { kind: 'table', ...(await mix({ folder, ...question }, context)) };
      else await analyse(folder, question, context);
      return { kind: 'done' };
    } finally {
      await changed();
    }
  };
}
