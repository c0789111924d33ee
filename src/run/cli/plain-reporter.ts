/** News of a run as lines for a log: changes of status, and one line an epoch. */
import type { MemberStatus } from '../../protocol/run.ts';
import type { FollowedMember, Look } from './follower.ts';
import { timeLeft } from './live-lines.ts';
import { percent, rate } from './numbers.ts';
import { learningRateAt } from '../../protocol/schedule.ts';

export class PlainReporter {
  readonly #statuses = new Map<string, MemberStatus>();
  #evaluating = false;

  /** What is new since the last look. */
  news({ run, members }: Look): string[] {
    const lines = members.flatMap((member) => this.#member(member));
    if (run.status === 'evaluating' && !this.#evaluating) lines.push('making soup, ensemble and table');
    this.#evaluating = run.status === 'evaluating';
    return lines;
  }

  #member(followed: FollowedMember): string[] {
    const { view, newEpochs } = followed;
    const { member, state } = view;
    const before = this.#statuses.get(member.name) ?? 'queued';
    // A trainer that just came up tells its device a moment later.
    if (state.status === 'running' && state.device === null) return [];
    this.#statuses.set(member.name, state.status);
    const epochs = newEpochs.map((row) => {
      const device = state.device === null ? '' : ` [${state.device.backend} ${state.device.kind}]`;
      const left = timeLeft(view);
      return `${member.name} epoch ${row.epoch + 1}/${member.epochs} loss ${row.trainLoss.toFixed(4)} validation ${percent(row.validationAccuracy)} lr ${rate(learningRateAt(member, row.epoch))} ${Math.round(row.imagesPerSecond)} images/s${left === '' ? '' : ` ${left}`}${device}`;
    });
    if (before === state.status) return epochs;
    const running = state.device !== null && state.status === 'running' ? ` on ${state.device.backend} (${state.device.kind}): ${state.device.description}` : '';
    const failed = state.status === 'failed' && state.error !== null ? `: ${state.error.message}` : '';
    const change = `${member.name} ${state.status}${running}${failed}`;
    return state.status === 'running' ? [change, ...epochs] : [...epochs, change];
  }
}
