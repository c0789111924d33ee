/** The live display's lines: one a member, with the back end and device always in sight. */
import { epochsOf } from '../../protocol/schedule.ts';
import { columns } from './columns.ts';
import type { FollowedMember, Look } from './follower.ts';
import { duration, percent, rate } from './numbers.ts';

const BAR = 16;

/** The whole picture. */
export function liveLines({ run, members }: Look, lastLine: string): string[] {
  return [
    `${run.name}  ${run.id}  ${run.status === 'evaluating' ? 'making soup, ensemble and table' : run.status}`,
    ...columns(members.map(memberCells), 'lllrrrrrr'),
    ...deviceLines(members),
    ...(lastLine === '' ? [] : [lastLine]),
  ];
}

function memberCells(followed: FollowedMember): string[] {
  const { view, step, epoch } = followed;
  const { member, state } = view;
  const stepsPerEpoch = state.steps / epochsOf(member);
  const done = stepsDone(followed);
  const bar = '█'.repeat(Math.round((BAR * done) / Math.max(1, state.steps))).padEnd(BAR, '░');
  const accuracy = epoch?.validationAccuracy ?? state.validationAccuracy;
  return [
    member.name,
    bar,
    state.status === 'queued' && member.startsFrom !== 'pretrained' ? `after ${member.startsFrom}` : state.status,
    `epoch ${Math.floor(done / stepsPerEpoch)}/${epochsOf(member)}`,
    step === null ? '' : `loss ${step.loss.toFixed(3)}`,
    accuracy === null ? '' : `val ${percent(accuracy, 1)}`,
    step === null ? '' : `lr ${rate(step.learningRate)}`,
    epoch === null ? '' : `${Math.round(epoch.imagesPerSecond)} img/s`,
    timeLeft(followed),
  ];
}

/** Rows tell sooner than the state, which is written at heartbeats. */
function stepsDone({ view: { state }, step }: FollowedMember): number {
  return state.status === 'running' && step !== null ? Math.min(step.step, state.steps) : state.step;
}

/** "0:23 left", from the member's own pace; empty when it is not running or has no pace yet. */
export function timeLeft(followed: FollowedMember): string {
  const { view, step } = followed;
  const { status, steps } = view.state;
  if (status !== 'running' || step === null) return '';
  return `${duration((step.wallMs / step.step) * (steps - stepsDone(followed)))} left`;
}

/** Each back end and device at work, named once. */
function deviceLines(members: FollowedMember[]): string[] {
  const devices = members.map(({ view }) => view.state.device).filter((device) => device !== null);
  return [...new Set(devices.map(({ backend, kind, description }) => `${backend} (${kind}): ${description}`))];
}
