/** What is stored of networks and ensembles, by the name of a row: predictions, and what an ensemble is made of. */
import { ensemble, type EnsembleRule } from '../../../core/ensemble.ts';
import type { Predictions } from '../../../core/metrics.ts';
import { EnsembleReportSchema, type EnsembleMean, type EnsembleMember } from '../../../protocol/ensemble-report.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { MeasuresReport } from '../../../protocol/measures.ts';
import { ResultTableSchema } from '../../../protocol/results.ts';
import { readJsonInside, readRun, runFiles } from '../../folder.ts';
import { viewSoups } from '../../view.ts';
import { doneMembers } from '../combine.ts';
import { readPredictions } from '../snapshot.ts';
import { readMembers } from './candidates.ts';

export interface StoredEnsemble {
  name: string;
  members: EnsembleMember[];
  mean: EnsembleMean;
}

export type StoredRow = Pick<MeasuresReport, 'name' | 'kind' | 'members'> & { validation: Predictions; test: Predictions };

/** The rule of `core/ensemble.ts` that makes such a mean. */
export function ruleOf(mean: EnsembleMean): EnsembleRule {
  return mean === 'logit' ? 'logit-mean' : 'probability-mean';
}

/** What an ensemble is made of, by its report or its row; null when there is none of that name. @throws StarsseError file-invalid */
export async function readEnsemble(folder: string, name: string): Promise<StoredEnsemble | null> {
  if (!/^ensemble-[1-9]\d{0,8}$/.test(name)) return null;
  const report = await readJsonInside(folder, runFiles.ensemble(folder, name), EnsembleReportSchema);
  if (report !== null) return { name, members: report.members, mean: report.mean };
  const table = await readJsonInside(folder, runFiles.table(folder), ResultTableSchema);
  const row = table?.rows.find((each) => each.name === name && each.kind === 'ensemble');
  if (row === undefined) return null;
  const { id } = await readRun(folder);
  const weights = row.weights ?? row.members.map(() => 1);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { name, mean: row.mean ?? 'probability', members: row.members.map((member, index) => ({ run: id, folder: null, name: member, weight: weights[index] / sum })) };
}

/** @throws StarsseError usage, with what there is, for a name that is no member, soup or ensemble */
export async function readRow(folder: string, name: string): Promise<StoredRow> {
  const made = await readEnsemble(folder, name);
  if (made !== null) {
    const members = await readMembers(folder, made.members);
    const weights = made.members.map(({ weight }) => weight);
    const mean = (set: 'validation' | 'test'): Predictions => ensemble(members.map((member) => member[set]), ruleOf(made.mean), weights);
    return { name, kind: 'ensemble', members: made.members.map((member) => member.name), validation: mean('validation'), test: mean('test') };
  }
  const [done, soups] = [await doneMembers(folder, await readRun(folder)), await viewSoups(folder)];
  const soup = soups.find((each) => each.name === name);
  if (soup === undefined && !done.includes(name)) {
    throw new StarsseError('usage', `"${name}" is no member, soup or ensemble with predictions`, { hint: `There are: ${[...done, ...soups.map((each) => each.name)].join(', ')}, and the ensembles of the table.` });
  }
  const [validation, test] = [await readPredictions(folder, name, 'validation'), await readPredictions(folder, name, 'test')];
  return { name, kind: soup === undefined ? 'member' : 'soup', members: soup?.parents ?? [name], validation, test };
}
