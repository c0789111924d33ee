/** What may train side by side follows from `startsFrom` alone. */
import type { Member } from './run.ts';

type Dependence = Pick<Member, 'name' | 'startsFrom'>;

/** Members whose start exists and that are not done themselves. They do not depend on each other: train them in any order or at once. */
export function readyMembers<M extends Dependence>(members: readonly M[], done: Iterable<string>): M[] {
  const finished = new Set(done);
  return members.filter(({ name, startsFrom }) => !finished.has(name) && (startsFrom === 'pretrained' || finished.has(startsFrom)));
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
