/** How long a run has trained and how long it will: from its members' own clocks, so that no clock of the screen matters. */
import type { MemberView, RunView } from '../../src/protocol/run.ts';
import { epochsOf } from '../../src/protocol/schedule.ts';

/** Wall time during which at least one member trained, pauses excluded. */
export function elapsedMs(run: RunView): number {
  const intervals = run.members.flatMap(({ state }) => {
    const end = Date.parse(state.finishedAt ?? state.heartbeatAt ?? '');
    return Number.isNaN(end) || state.trainedMs <= 0 ? [] : [{ start: end - state.trainedMs, end }];
  });
  intervals.sort((a, b) => a.start - b.start);
  let total = 0;
  let covered = -Infinity;
  for (const { start, end } of intervals) {
    total += Math.max(0, end - Math.max(start, covered));
    covered = Math.max(covered, end);
  }
  return total;
}

/** Steps that the run has taken, of all. In [0, 1]. */
export function progressOf(run: RunView): number {
  const steps = run.members.reduce((sum, { member }) => sum + epochsOf(member) * run.stepsPerEpoch, 0);
  const taken = run.members.reduce((sum, { state }) => sum + state.step, 0);
  return steps === 0 ? 0 : Math.min(1, taken / steps);
}

/** Steps that one member has taken, of all. In [0, 1]. */
export function memberProgress({ member, state }: MemberView, stepsPerEpoch: number): number {
  return state.status === 'done' ? 1 : Math.min(1, state.step / Math.max(1, epochsOf(member) * stepsPerEpoch));
}

/** Training time that a member still needs, from its own pace or else the pace of the others; null while there is none. */
export function memberRemainingMs(view: MemberView, run: RunView): number | null {
  if (view.state.status === 'done') return 0;
  const pace = paceOf([view]) ?? paceOf(run.members);
  return pace === null ? null : Math.max(0, epochsOf(view.member) * run.stepsPerEpoch - view.state.step) * pace;
}

/**
 * Training time that the run still needs: members in their order, each as soon as its start is there and one of the
 * run's trainers is free. Null while nothing has trained.
 */
export function remainingMs(run: RunView): number | null {
  const ends = new Map<string, number>();
  const trainers = Array.from({ length: Math.max(1, run.workers) }, () => 0);
  const order = [...run.members].sort((a, b) => Number(b.state.status === 'running') - Number(a.state.status === 'running'));
  for (const view of order) {
    const remaining = memberRemainingMs(view, run);
    if (remaining === null) return null;
    if (remaining === 0) {
      ends.set(view.member.name, 0);
      continue;
    }
    const free = trainers.indexOf(Math.min(...trainers));
    const end = Math.max(trainers[free], ends.get(view.member.startsFrom) ?? 0) + remaining;
    trainers[free] = end;
    ends.set(view.member.name, end);
  }
  return Math.max(0, ...ends.values());
}

/** Milliseconds a step, over members that have taken any. */
function paceOf(members: readonly MemberView[]): number | null {
  const steps = members.reduce((sum, { state }) => sum + state.step, 0);
  return steps === 0 ? null : members.reduce((sum, { state }) => sum + (state.step === 0 ? 0 : state.trainedMs), 0) / steps;
}
