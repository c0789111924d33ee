/** Answers what Compose asks. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { ComposeAnswer, ComposeQuestion } from '../../protocol/compose-messages.ts';
import { StarsseError } from '../../protocol/errors.ts';
import { removeMade } from '../../run/removal.ts';
import { viewRun } from '../../run/view.ts';
import { chooseParent } from '../commands/export.ts';
import type { QuestionContext } from '../pages/questions.ts';
import { requireTrust, runTaskHere } from '../runActions.ts';
import type { RunCatalog } from '../runs/runCatalog.ts';
import { mixable } from '../tree/nodes.ts';
import { agoText } from '../tree/words.ts';
import { detailOf, lookAt, madeAnswer, makeBestEnsemble, makeBestSoup, makeEnsemble, makeSoup, type MadeRow } from './making.ts';
import type { ComposePanel } from './panel.ts';
import { openReport } from './runReport.ts';

export interface AnswerParts {
  catalog: RunCatalog;
  openDashboard(folder: string): void;
}

/** @throws StarsseError usage in a workspace that may be looked at only; what tasks throw; cancelled */
export async function answerOf({ catalog, openDashboard }: AnswerParts, question: ComposeQuestion, panel: ComposePanel, context: QuestionContext): Promise<ComposeAnswer> {
  const { home } = panel;
  switch (question.kind) {
    case 'add-run':
      return await addRun(catalog, panel);
    case 'remove-run':
      await panel.removeRun(question.run);
      return { kind: 'done' };
    case 'dashboard':
      openDashboard(home);
      return { kind: 'done' };
    case 'detail': {
      const detail = await detailOf(home, question.name, context);
      return detail === null ? { kind: 'done' } : { kind: 'detail', detail };
    }
    default:
  }
  requireTrust();
  try {
    switch (question.kind) {
      case 'gate':
        return { kind: 'looked', looked: await lookAt(home, question, context) };
      case 'soup':
        return await made(panel, await makeSoup(home, question, context), context);
      case 'ensemble':
        return await made(panel, await makeEnsemble(home, question, context), context);
      case 'best': {
        const members = mixable(await viewRun(home));
        refuseTooFew(members);
        const best = question.what === 'soup' ? await makeBestSoup(home, members, context) : await makeBestEnsemble(home, members, context);
        return best === null ? { kind: 'nothing', reason: 'best-member' } : await made(panel, best, context);
      }
      case 'distil': {
        const { added, table } = await runTaskHere('distil', [home, JSON.stringify({ ensemble: question.ensemble })], context);
        return await made(panel, { added, table, isNew: true, gate: null }, context);
      }
      case 'undo':
        await removeMade(home, question.name);
        panel.undoable.delete(question.name);
        return { kind: 'undone', name: question.name };
      case 'export': {
        const parent = await chooseParent(home);
        if (parent === undefined) return { kind: 'nothing', reason: 'changed-mind' };
        const { name, format } = question;
        const { folder } = await runTaskHere('export', [home, JSON.stringify({ name, format, out: path.join(parent, `${path.basename(home)}-${name}-${format}`) })], context);
        return { kind: 'exported', name, folder };
      }
      case 'report':
        await openReport(home);
        return { kind: 'done' };
    }
  } finally {
    await catalog.refresh();
  }
}

/** The table of the view has the row before the answer names it. */
async function made(panel: ComposePanel, row: MadeRow, context: QuestionContext): Promise<ComposeAnswer> {
  if (row.isNew) panel.undoable.add(row.added);
  const answer = await madeAnswer(panel.home, row, context);
  await panel.refresh();
  return answer;
}

/** @throws StarsseError usage */
export function refuseTooFew(members: readonly string[]): void {
  if (members.length >= 2) return;
  throw new StarsseError('usage', members.length === 0 ? vscode.l10n.t('No run has a finished member yet.') : vscode.l10n.t('Only {0} is finished', members[0]), { hint: vscode.l10n.t('A soup or an ensemble needs two members that are done.') });
}

async function addRun(catalog: RunCatalog, panel: ComposePanel): Promise<ComposeAnswer> {
  await catalog.refresh();
  const runs = catalog.entries.flatMap(({ view }) => (view !== null && mixable(view).length > 0 && !panel.folders.includes(view.folder) ? [view] : []));
  if (runs.length === 0) throw new StarsseError('usage', vscode.l10n.t('There is no other run with finished members'), { hint: vscode.l10n.t('Runs of the workspace are found by themselves.') });
  const items = runs.map((run) => ({ label: run.name, description: agoText(run.createdAt), detail: run.folder, run }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Choose a run'), matchOnDescription: true });
  if (chosen === undefined) return { kind: 'nothing', reason: 'changed-mind' };
  await panel.add([chosen.run.folder], []);
  return { kind: 'done' };
}
