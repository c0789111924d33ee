/** What is measured on other images: every network of the table, and the ensembles that are means of its members. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ensemble } from '../../../core/ensemble.ts';
import type { Predictions } from '../../../core/metrics.ts';
import type { Runner } from '../../../core/runner.ts';
import type { EnsembleRequest } from '../../../core/table.ts';
import { checkWeights, disposeTensors, weightsFrom } from '../../../core/weights.ts';
import type { Run } from '../../../protocol/run.ts';
import type { TensorData } from '../../../protocol/tensor.ts';
import { runFiles } from '../../folder.ts';
import { viewSoups } from '../../view.ts';
import { doneMembers, ensemblesInTable } from '../combine.ts';
import { keyOf } from '../basin/analysis.ts';
import { readSnapshot } from '../snapshot.ts';
import { StarsseError } from '../../../protocol/errors.ts';

export interface RowNames {
  members: string[];
  soups: string[];
  ensembles: EnsembleRequest[];
}

/** @throws StarsseError usage while no member is done */
export async function rowNames(folder: string, run: Run): Promise<RowNames> {
  const members = await doneMembers(folder, run);
  if (members.length === 0) throw new StarsseError('usage', `not done in the run ${run.id}: any member`, { hint: 'No member is done yet.' });
  return { members, soups: (await viewSoups(folder)).map(({ name }) => name), ensembles: (await ensemblesInTable(folder)).filter((each) => each.members.every((name) => members.includes(name))) };
}

export function networksOf({ members, soups }: RowNames): string[] {
  return [...members, ...soups];
}

/** By the name of the row, of its weights: other weights are other figures. */
export async function digestsOf(folder: string, names: RowNames): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const name of networksOf(names)) digests[name] = createHash('sha256').update(await readFile(runFiles.snapshot(folder, name))).digest('hex');
  for (const { name, members, rule, weights } of names.ensembles) digests[name] = keyOf(members.map((member) => digests[member]), rule, weights);
  return digests;
}

/** What has to be predicted for rows of these names: themselves, and the members of ensembles. */
export function neededFor({ members, soups, ensembles }: RowNames, isWanted: (name: string) => boolean): RowNames {
  const made = ensembles.filter(({ name }) => isWanted(name));
  return { members: members.filter((name) => isWanted(name) || made.some((each) => each.members.includes(name))), soups: soups.filter(isWanted), ensembles: made };
}

/** Loads a network's weights into a runner. @throws StarsseError file-missing, file-invalid, mismatch */
export async function loadNetwork(runner: Runner, folder: string, name: string): Promise<void> {
  const tensors: TensorData[] = await readSnapshot(folder, name);
  const file = runFiles.snapshot(folder, name);
  checkWeights(runner.network, tensors, file);
  const weights = weightsFrom(runner.network, tensors, file);
  try {
    runner.load(weights);
  } finally {
    disposeTensors(weights);
  }
}

export interface MeasuredRow {
  name: string;
  kind: 'member' | 'soup' | 'ensemble';
  predictions: Predictions;
  /** Of an ensemble its members', with their weights. */
  parts: { predictions: Predictions[]; weights: number[] | undefined } | null;
}

/** Members, soups and ensembles. @param made predictions of every network on the same images */
export function rowsFrom({ members, soups, ensembles }: RowNames, made: ReadonlyMap<string, Predictions>): MeasuredRow[] {
  return [
    ...members.map((name): MeasuredRow => ({ name, kind: 'member', predictions: made.get(name)!, parts: null })),
    ...soups.map((name): MeasuredRow => ({ name, kind: 'soup', predictions: made.get(name)!, parts: null })),
    ...ensembles.map(({ name, members: names, rule, weights }): MeasuredRow => {
      const predictions = names.map((member) => made.get(member)!);
      return { name, kind: 'ensemble', predictions: ensemble(predictions, rule, weights), parts: { predictions, weights } };
    }),
  ];
}
