/** What may train side by side follows from `startsFrom` alone. */
import type { Member } from './run.ts';

type Dependence = Pick<Member, 'name' | 'startsFrom'>;

/** Members whose start exists and that are not done themselves. They do not depend on each other: train them in any order or at once. */
export function readyMembers<M extends Dependence>(members: readonly M[], done: Iterable<string>): M[] {
  const finished = new Set(done);
  return members.filter(({ name, startsFrom }) => !finished.has(name) && (startsFrom === 'pretrained' || finished.has(startsFrom)));
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

/** The most members that can ever train at once. */
export function mostAtOnce(members: readonly Dependence[]): number {
  const done: string[] = [];
  let most = 0;
  for (let ready = readyMembers(members, done); ready.length > 0; ready = readyMembers(members, done)) {
    most = Math.max(most, ready.length);
    done.push(...ready.map(({ name }) => name));
  }
  return most;
}
