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

/** SHA-256 of the snapshots, hex: other weights are other figures. */
export async function digestOf(folder: string, names: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const name of names) hash.update(name).update(await readFile(runFiles.snapshot(folder, name)));
  return hash.digest('hex');
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
