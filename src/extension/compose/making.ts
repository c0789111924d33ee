/** Making soups and ensembles for Compose and for the two single commands: each is a trainer's task, and can be taken away again. */
import * as vscode from 'vscode';
import type { ComposeAnswer, ComposeQuestion, Detail, Named, SoupQuestion } from '../../protocol/compose-messages.ts';
import { EnsembleReportSchema } from '../../protocol/ensemble-report.ts';
import { MeasuresReportSchema } from '../../protocol/measures.ts';
import type { ResultTable } from '../../protocol/results.ts';
import type { Looked, SoupReport } from '../../protocol/soup.ts';
import { readJsonInside, runFiles } from '../../run/folder.ts';
import { madeNames, removeMade } from '../../run/removal.ts';
import { viewRun } from '../../run/view.ts';
import { runTaskHere } from '../runActions.ts';
import type { TaskContext } from '../taskProgress.ts';

type EnsembleQuestion = Extract<ComposeQuestion, { kind: 'ensemble' }>;

export interface MadeRow {
  added: string;
  /** False when the same was made before: then there is nothing to undo. */
  isNew: boolean;
  table: ResultTable;
  gate: SoupReport | null;
}

/** @throws StarsseError what the task throws; cancelled */
export async function makeSoup(folder: string, question: Omit<SoupQuestion, 'kind'>, context: TaskContext): Promise<MadeRow> {
  const before = await madeNames(folder);
  const { added, table, gate } = await runTaskHere('soup', [folder, JSON.stringify(soupRequest(folder, question))], context);
  return { added: added!, isNew: !before.includes(added!), table, gate };
}

/** Who may go in, before anything is made. @throws as `makeSoup` */
export async function lookAt(folder: string, question: SoupQuestion, context: TaskContext): Promise<Looked> {
  return await runTaskHere('gate', [folder, JSON.stringify(soupRequest(folder, question))], context);
}

/** Compared with the best member. @throws StarsseError what the task throws; cancelled */
export async function makeEnsemble(folder: string, { members, mean, weights, select }: Omit<EnsembleQuestion, 'kind'>, context: TaskContext): Promise<MadeRow> {
  const [before, { results }] = [await madeNames(folder), await viewRun(folder)];
  const request = { ...whose(folder, members), mean, select, ...(weights === null ? {} : { weights }), ...(results === null ? {} : { against: results.bestMember }) };
  const { added, table } = await runTaskHere('ensemble', [folder, JSON.stringify(request)], context);
  return { added, isNew: !before.includes(added), table, gate: null };
}

/**
 * The best soup of these members: greedy on validation data behind the gate, or the uniform one where it scores higher there; the other one is taken away.
 * @returns null when none is better than the best member on validation data: then none is kept
 */
export async function makeBestSoup(folder: string, members: string[], context: TaskContext): Promise<MadeRow | null> {
  const question = { members: members.map((name) => ({ run: folder, name })), settings: {}, statistics: 're-estimate' as const, insist: false };
  const half = (from: number): TaskContext => ({ ...context, report: (fraction, message, step) => context.report(fraction === null ? null : from + fraction / 2, message, step) });
  const greedy = await makeSoup(folder, { ...question, rule: 'greedy' }, half(0));
  const takeAway = async (made: MadeRow): Promise<void> => {
    if (made.isNew) await removeMade(folder, made.added);
  };
  let uniform: MadeRow;
  try {
    uniform = await makeSoup(folder, { ...question, rule: 'uniform' }, half(0.5));
  } catch (error) {
    await takeAway(greedy);
    throw error;
  }
  const score = (name: string): number => scoreOf(uniform.table, name);
  const [best, other] = score(uniform.added) > score(greedy.added) ? [uniform, greedy] : [greedy, uniform];
  await takeAway(other);
  if (score(best.added) > score(uniform.table.bestMember)) return { ...best, table: uniform.table };
  await takeAway(best);
  return null;
}

/** Greedy selection with replacement among these members. */
export async function makeBestEnsemble(folder: string, members: string[], context: TaskContext): Promise<MadeRow> {
  return await makeEnsemble(folder, { members: members.map((name) => ({ run: folder, name })), mean: 'probability', weights: null, select: 'greedy' }, context);
}

/** The plan's metric on validation data. */
function scoreOf({ rows, metric }: ResultTable, name: string): number {
  const row = rows.find((each) => each.name === name);
  return (metric === 'accuracy' ? row?.validationAccuracy : row?.validationMeanPerClassAccuracy) ?? -1;
}

/** What a row is worth: as it is stored, else measured now from the stored predictions. @throws StarsseError what the task throws */
export async function detailOf(folder: string, name: string, context: TaskContext): Promise<Detail | null> {
  if (name.startsWith('ensemble-')) {
    const ensemble = await readJsonInside(folder, runFiles.ensemble(folder, name), EnsembleReportSchema);
    if (ensemble !== null) return { name, measuredOn: ensemble.measuredOn, measures: ensemble.measures, comparison: ensemble.comparison, ensemble };
  }
  const stored = await readJsonInside(folder, runFiles.measures(folder, name), MeasuresReportSchema);
  if (stored === null && !vscode.workspace.isTrusted) return null;
  const { measuredOn, measures, comparison } = stored ?? (await runTaskHere('measures', [folder, JSON.stringify({ name })], context));
  return { name, measuredOn, measures, comparison, ensemble: null };
}

export async function madeAnswer(folder: string, { added, isNew, gate }: MadeRow, context: TaskContext): Promise<ComposeAnswer> {
  return { kind: 'made', added, isNew, looked: gate === null ? null : { gate, line: null }, detail: await detailOf(folder, added, context) };
}

function soupRequest(folder: string, { members, rule, settings, statistics, insist }: Omit<SoupQuestion, 'kind'>): object {
  const { others, ...own } = whose(folder, members);
  return { ...own, ...(others.length === 0 ? {} : { others }), rule, settings, statistics, insist };
}

/** A task names the members of its own run and, by folder, those of others. */
function whose(folder: string, members: readonly Named[]): { members: string[]; others: { run: string; members: string[] }[] } {
  const others = new Map<string, string[]>();
  for (const { run, name } of members) if (run !== folder) others.set(run, [...(others.get(run) ?? []), name]);
  return { members: members.flatMap(({ run, name }) => (run === folder ? [name] : [])), others: Array.from(others, ([run, names]) => ({ run, members: names })) };
}
