/** Members that may go into a soup, of the run and of others of the same network on the same data. */
import path from 'node:path';
import { StarsseError } from '../../../protocol/errors.ts';
import type { Run } from '../../../protocol/run.ts';
import type { SoupRequest } from '../../../protocol/soup.ts';
import { readRun } from '../../folder.ts';
import { chosenMembers } from '../combine.ts';
import { fullName, readCandidates } from '../ensembles/candidates.ts';
import { readModel } from '../run-network.ts';
import type { Place } from './kitchen.ts';

export interface SoupMembers {
  /** member-3, or of another run 20261126-101500-abcd/member-3; the run's own first. */
  names: string[];
  placeOf(member: string): Place;
}

/** Rules that start from the pre-trained network, which must then be the same for all. */
const WITH_BASE: readonly SoupRequest['rule'][] = ['wise-ft', 'ties', 'dare', 'model-stock'];

/** @throws StarsseError usage for members that are not done; mismatch for another network, other data or another checkpoint */
export async function soupMembers(folder: string, run: Run, { members, others = [], rule }: SoupRequest): Promise<SoupMembers> {
  if (others.length === 0) {
    const names = await chosenMembers(folder, run, members);
    if (names.length === 0) throw new StarsseError('usage', 'A soup of no members', { hint: 'Choose at least one.' });
    return { names, placeOf: (name) => ({ folder, name }) };
  }
  for (const other of others) await checkRun(folder, run, path.resolve(other.run), rule);
  const candidates = await readCandidates(folder, run, members, others);
  const places = new Map(candidates.members.map((member) => [fullName(member), { folder: member.folder ?? folder, name: member.name }]));
  return { names: [...places.keys()], placeOf: (name) => places.get(name)! };
}

async function checkRun(folder: string, run: Run, elsewhere: string, rule: SoupRequest['rule']): Promise<void> {
  const [own, theirs, otherRun] = [await readModel(folder), await readModel(elsewhere), await readRun(elsewhere)];
  const refuse = (problem: string, hint: string): never => {
    throw new StarsseError('mismatch', `${elsewhere}: ${problem}`, { hint });
  };
  if (JSON.stringify(own.network) !== JSON.stringify(theirs.network)) refuse('its network is another one than that of this run', 'Weights of different architectures cannot be averaged; their predictions can.');
  if (JSON.stringify(own.normalization) !== JSON.stringify(theirs.normalization)) refuse('its images are normalised in another way', 'Average the predictions of these members instead.');
  if (WITH_BASE.includes(rule) && otherRun.checkpointFingerprint !== run.checkpointFingerprint) refuse(`it started from another checkpoint, and ${rule} needs one that all share`, 'Choose another rule.');
}
