/** The live display's lines: one a member, with the back end and device always in sight. */
import { learningRateAt } from '../../protocol/schedule.ts';
import type { MemberView } from '../../protocol/run.ts';
import { columns } from './columns.ts';
import type { FollowedMember, Look } from './follower.ts';
import { duration, percent, rate } from './numbers.ts';

const BAR = 16;

/** The whole picture. */
export function liveLines({ run, members }: Look, lastLine: string): string[] {
  return [
    `${run.name}  ${run.id}  ${run.status === 'evaluating' ? 'making soup, ensemble and table' : run.status}`,
    ...columns(members.map(memberCells), 'lllrrrrr'),
    ...deviceLines(members),
    ...(lastLine === '' ? [] : [lastLine]),
  ];
}

function memberCells({ view, step, epoch }: FollowedMember): string[] {
  const { member, state } = view;
  const share = state.steps === 0 ? 0 : (step === null ? state.step : Math.max(step.step, state.step)) / state.steps;
  const complete = state.status === 'done' ? 1 : Math.min(share, 1);
  const bar = '█'.repeat(Math.round(BAR * complete)).padEnd(BAR, '░');
  const accuracy = epoch?.validationAccuracy ?? state.validationAccuracy;
  return [
    member.name,
    bar,
    state.status === 'queued' && member.startsFrom !== 'pretrained' ? `after ${member.startsFrom}` : state.status,
    `epoch ${state.epoch}/${member.epochs}`,
    step === null ? '' : `loss ${step.loss.toFixed(3)}`,
    accuracy === null ? '' : `val ${percent(accuracy, 1)}`,
    step === null ? '' : `lr ${rate(learningRateAt(member, Math.min(step.epoch, member.epochs - 1)))}`,
    [epoch === null ? '' : `${Math.round(epoch.imagesPerSecond)} img/s`, timeLeft(view)].filter((text) => text !== '').join('  '),
  ];
}

/** "0:23 left", from the member's own pace; empty when it is not running or has no pace yet. */
export function timeLeft({ state }: MemberView): string {
  if (state.status !== 'running' || state.step === 0) return '';
  return `${duration((state.trainedMs / state.step) * (state.steps - state.step))} left`;
}

/** Each back end and device at work, named once. */
function deviceLines(members: FollowedMember[]): string[] {
  const devices = members.map(({ view }) => view.state.device).filter((device) => device !== null);
  return [...new Set(devices.map(({ backend, kind, description }) => `${backend} (${kind}): ${description}`))];
}
