/** The task `ensemble`: one prediction from members of this and other runs, by their stored predictions alone. */
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { ensemble } from '../../../core/ensemble.ts';
import { MemberTables } from '../../../core/ensembles/members.ts';
import { bestSubset, greedySelection } from '../../../core/ensembles/selection.ts';
import type { EnsembleRequest } from '../../../core/table.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import { ENSEMBLE_MEANS, ENSEMBLE_SELECTIONS } from '../../../protocol/ensemble-report.ts';
import { parseJson } from '../../../protocol/parse.ts';
import type { Run } from '../../../protocol/run.ts';
import { runFiles } from '../../folder.ts';
import type { EnsembleMade } from '../../task-lines.ts';
import { replaceJson } from '../../write.ts';
import { change, ensemblesInTable, MemberNames, numberOf, writeTable, type TaskContext } from '../combine.ts';
import { readModel } from '../run-network.ts';
import { breather } from './breather.ts';
import { fullName, readCandidates, type Candidates, type ChosenEnsemble } from './candidates.ts';
import { reportOf } from './report.ts';
import { readEnsemble, readRow, ruleOf, type StoredEnsemble } from './stored.ts';

const Request = v.strictObject({
  /** Of this run; an empty list for none. */
  members: v.optional(v.union([v.pipe(v.array(v.string()), v.length(0)), v.unwrap(MemberNames)])),
  others: v.optional(v.array(v.strictObject({ run: v.string(), members: MemberNames })), []),
  mean: v.optional(v.picklist(ENSEMBLE_MEANS), 'probability'),
  /** One a member: this run's in the order of their numbers, then the others'. */
  weights: v.optional(v.array(v.number())),
  select: v.optional(v.nullable(v.picklist(ENSEMBLE_SELECTIONS)), null),
  /** A row of the table to compare with. */
  against: v.optional(v.string()),
});
type Request = v.InferOutput<typeof Request>;

/**
 * Arithmetic on stored predictions; no back end is needed. The same ensemble keeps its name. One of this run alone is a row of the table.
 * @throws StarsseError usage, mismatch when data, labels or classes differ, file-missing, file-invalid, cancelled
 */
export async function ensembleTask(folder: string, request: string, context: TaskContext): Promise<EnsembleMade> {
  const asked = parseJson(Request, request, 'ensemble', 'usage');
  return await change(folder, async (run) => {
    const candidates = await readCandidates(folder, run, asked.members, asked.others);
    if (candidates.members.length === 0) throw new StarsseError('usage', 'An ensemble of no members', { hint: 'Choose at least one.' });
    const made = await chosen(run, candidates, asked, context);
    const against = asked.against === undefined ? null : await readRow(folder, asked.against);
    const name = await nameOf(folder, made);
    const { classNames } = await readModel(folder);
    const report = await reportOf({ ...made, name, run, classNames, against, sameFingerprint: candidates.sameFingerprint }, context);
    await mkdir(path.dirname(runFiles.ensemble(folder, name)), { recursive: true });
    await replaceJson(runFiles.ensemble(folder, name), report);
    const ensembles = await ensemblesInTable(folder);
    if (made.members.every((member) => member.folder === null) && !ensembles.some((each) => each.name === name)) ensembles.push(rowOf(name, made));
    return { table: await writeTable(folder, run, ensembles, context), added: name, report };
  });
}

async function chosen(run: Run, { members }: Candidates, { mean, weights, select }: Request, { onProgress, signal }: TaskContext): Promise<ChosenEnsemble> {
  const asShares = (counts: readonly number[]): number[] => counts.map((count) => count / counts.reduce((sum, each) => sum + each, 0));
  if (select === null) {
    if (weights !== undefined) ensemble(members.map(({ validation }) => validation), ruleOf(mean), weights); // refuses what does not fit
    const all = weights ?? members.map(() => 1);
    const kept = members.filter((_, index) => all[index] > 0);
    return { members: kept, weights: asShares(all.filter((weight) => weight > 0)), mean, selection: null };
  }
  if (weights !== undefined) throw new StarsseError('usage', 'Weights are given and are to be selected', { hint: 'Use --weights or --select.' });
  const { metric } = run.plan.evaluation;
  const tables = new MemberTables(members.map(({ validation }) => validation), ruleOf(mean), metric);
  const breathe = breather({ onProgress, signal }, 'Selecting members');
  const { counts, path: steps, score, tried } = select === 'greedy' ? await greedySelection(tables, breathe) : await bestSubset(tables, breathe);
  const winner = [{ added: members.filter((_, index) => counts[index] > 0).map(fullName).join(' '), score: score.metric }];
  return {
    members: members.filter((_, index) => counts[index] > 0),
    weights: asShares(counts.filter((count) => count > 0)),
    mean,
    selection: {
      rule: select, metric, candidates: members.map(fullName), tried,
      path: select === 'best' ? winner : steps.map(({ added, score: reached }) => ({ added: fullName(members[added]), score: reached.metric })),
    },
  };
}

/** The name of the same ensemble, or the next one. */
async function nameOf(folder: string, made: ChosenEnsemble): Promise<string> {
  const files = await readdir(path.dirname(runFiles.ensemble(folder, 'ensemble-1'))).catch((): string[] => []);
  const inTable = (await ensemblesInTable(folder)).map(({ name }) => name);
  const names = [...new Set([...inTable, ...files.flatMap((file) => (/^ensemble-[1-9]\d{0,8}\.json$/.test(file) ? [file.slice(0, -'.json'.length)] : []))])];
  for (const name of names) {
    const there = await readEnsemble(folder, name);
    if (there !== null && isSame(there, made)) return name;
  }
  return `ensemble-${1 + Math.max(0, ...names.map(numberOf))}`;
}

function isSame(there: StoredEnsemble, { members, weights, mean }: ChosenEnsemble): boolean {
  const isMember = (place: number): boolean => fullName(there.members[place]) === fullName(members[place]) && Math.abs(there.members[place].weight - weights[place]) < 1e-9;
  return there.mean === mean && there.members.length === members.length && members.every((_, place) => isMember(place));
}

function rowOf(name: string, { members, weights, mean }: ChosenEnsemble): EnsembleRequest {
  const isEven = weights.every((weight) => weight === weights[0]);
  return { name, members: members.map((member) => member.name), ...(mean === 'logit' ? { rule: 'logit-mean' } : {}), ...(isEven ? {} : { weights }) };
}
