/** Members of one or several runs with their stored predictions, as far as they are of the same data. */
import path from 'node:path';
import { checkSameObjects } from '../../../core/ensemble.ts';
import type { Predictions } from '../../../core/metrics.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { EnsembleMean, EnsembleMember, EnsembleReport } from '../../../protocol/ensemble-report.ts';
import type { Run } from '../../../protocol/run.ts';
import { readRun } from '../../folder.ts';
import { chosenMembers } from '../combine.ts';
import { readModel } from '../run-network.ts';
import { readPredictions } from '../snapshot.ts';

/** A member of an ensemble, wherever its run is. */
export type Source = Omit<EnsembleMember, 'weight'>;

export interface CandidateMember extends Source {
  validation: Predictions;
  test: Predictions;
}

export interface Candidates {
  members: CandidateMember[];
  sameFingerprint: boolean;
}

export interface ChosenEnsemble {
  members: CandidateMember[];
  /** Shares, one a member. */
  weights: number[];
  mean: EnsembleMean;
  selection: EnsembleReport['selection'];
}

/** Of another run: its folder, and names; all that did not fail when left out. */
export interface Others {
  run: string;
  members?: string[] | undefined;
}

/**
 * @param own names in this run; all that did not fail when left out
 * @throws StarsseError usage for members that are not done, mismatch for other classes or other data
 */
export async function readCandidates(folder: string, run: Run, own: string[] | undefined, others: readonly Others[]): Promise<Candidates> {
  const sources: Source[] = (own?.length === 0 ? [] : await chosenMembers(folder, run, own)).map((name) => ({ run: run.id, folder: null, name }));
  let sameFingerprint = true;
  for (const other of others) {
    const elsewhere = path.resolve(other.run);
    const otherRun = await readRun(elsewhere);
    if (otherRun.id === run.id) throw new StarsseError('usage', `${elsewhere} is the run itself`, { hint: 'Its members are named with --members.' });
    sameFingerprint &&= otherRun.dataFingerprint === run.dataFingerprint;
    sources.push(...(await chosenMembers(elsewhere, otherRun, other.members)).map((name) => ({ run: otherRun.id, folder: elsewhere, name })));
  }
  return { members: await readMembers(folder, sources), sameFingerprint };
}

/** Predictions of members that are known. @throws StarsseError usage, mismatch, file-missing, file-invalid */
export async function readMembers(folder: string, sources: readonly Source[]): Promise<CandidateMember[]> {
  await checkClasses(folder, sources);
  const members = await Promise.all(sources.map(async (source): Promise<CandidateMember> => {
    const from = source.folder ?? folder;
    return { ...source, validation: await readPredictions(from, source.name, 'validation'), test: await readPredictions(from, source.name, 'test') };
  }));
  for (const set of ['validation', 'test'] as const) checkSameObjects(members.map((member) => member[set]), members.map((member) => `${fullName(member)} (${set})`));
  return members;
}

/** member-3, or of another run 20261126-101500-abcd/member-3. */
export function fullName({ run, folder, name }: Source): string {
  return folder === null ? name : `${run}/${name}`;
}

async function checkClasses(folder: string, sources: readonly Source[]): Promise<void> {
  const { classNames } = await readModel(folder);
  for (const other of new Set(sources.map((source) => source.folder).filter((each) => each !== null))) {
    const { classNames: theirs } = await readModel(other);
    if (theirs.join('\n') !== classNames.join('\n')) {
      throw new StarsseError('mismatch', `${other} has the classes ${shown(theirs)}, this run ${shown(classNames)}`, { hint: 'Members of an ensemble have to know the same classes in the same order.' });
    }
  }
}

function shown(names: readonly string[]): string {
  return names.length > 8 ? `${names.slice(0, 8).join(', ')}, ... (${names.length})` : names.join(', ');
}
