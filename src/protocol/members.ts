/** What may train side by side follows from `startsFrom` alone. */
import type { Member, State } from './run.ts';

type Dependence = Pick<Member, 'name' | 'startsFrom'>;

/**
 * Members whose start exists and that are not done themselves. They do not depend on each other: train them in any order or at once.
 * @param starts members that others can start from; by default those that are done
 */
export function readyMembers<M extends Dependence>(members: readonly M[], done: Iterable<string>, starts: Iterable<string> = done): M[] {
  const [finished, there] = [new Set(done), new Set(starts)];
  return members.filter(({ name, startsFrom }) => !finished.has(name) && (startsFrom === 'pretrained' || there.has(startsFrom)));
}

/** Is the snapshot there? Its predictions may still be made. */
export function canBeStartedFrom({ status, trainedAt = null }: Pick<State, 'status' | 'trainedAt'>): boolean {
  return status === 'done' || (status !== 'failed' && trainedAt !== null);
}

/** The failed member because of which this one cannot be trained, or null: its start, or the start of its start. */
export function failedStart<M extends Dependence>(members: readonly M[], failed: Iterable<string>, { startsFrom }: Dependence): string | null {
  const names = new Set(failed);
  let start: string | null = null;
  for (let name = startsFrom; name !== 'pretrained'; ) {
    if (names.has(name)) start = name;
    name = members.find((member) => member.name === name)?.startsFrom ?? 'pretrained';
  }
  return start;
}

/** Members in the order in which they become ready when all that are ready train at once: those of a group do not depend on each other. */
export function generations<M extends Dependence>(members: readonly M[]): M[][] {
  const done: string[] = [];
  const all: M[][] = [];
  for (let ready = readyMembers(members, done); ready.length > 0; ready = readyMembers(members, done)) {
    all.push(ready);
    done.push(...ready.map(({ name }) => name));
  }
  return all;
}

/** The most members that can ever train at once. */
export function mostAtOnce(members: readonly Dependence[]): number {
  return Math.max(0, ...generations(members).map(({ length }) => length));
}
