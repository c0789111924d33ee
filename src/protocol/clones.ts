/** Members that would be the same network (X13). Randomness depends on the seed only: equal makings make equal weights. */
import { StarsseError } from './errors.ts';
import type { Member } from './run.ts';

/**
 * @param contentOf tells a checkpoint by what is in it, so that two names of one file are no two checkpoints; by default by
 *   its name.
 * @throws StarsseError clones, naming the first two that would be identical
 */
export function refuseClones(members: readonly Member[], contentOf: (checkpoint: string) => string = (checkpoint) => checkpoint): void {
  const seen = new Map<string, Member>();
  for (const member of members) {
    const { name, checkpoint = null, ...makings } = member;
    const identity = JSON.stringify([makings, checkpoint === null ? null : contentOf(checkpoint)]);
    const twin = seen.get(identity);
    if (twin !== undefined) {
      throw new StarsseError('clones', `${twin.name} and ${name} would be identical: both start from ${startOf(twin, member)} with seed ${makings.seed} and the same schedule`, {
        hint: 'Give every member its own seed in memberSeeds.',
      });
    }
    seen.set(identity, member);
  }
}

function startOf(one: Member, other: Member): string {
  if (one.startsFrom !== 'pretrained') return one.startsFrom;
  const names = [...new Set([one, other].map(({ checkpoint = null }) => checkpoint))];
  if (names.includes(null)) return 'scratch';
  return names.length === 1 ? `the checkpoint ${names[0]}` : `the same checkpoint (${names.join(' and ')})`;
}
