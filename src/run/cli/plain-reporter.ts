/** News of a run as lines for a log: changes of status, and one line an epoch. */
import type { MemberStatus } from '../../protocol/run.ts';
import type { FollowedMember, Look } from './follower.ts';
import { timeLeft } from './live-lines.ts';
import { percent, rate } from './numbers.ts';
import { epochsOf, learningRateAt } from '../../protocol/schedule.ts';

export class PlainReporter {
  readonly #statuses = new Map<string, MemberStatus>();
  readonly #introduced = new Set<string>();
  #evaluating = false;

  /** What is new since the last look. */
  news({ run, members }: Look): string[] {
    const lines = members.flatMap((member) => this.#member(member, run.stepsPerEpoch));
    if (run.status === 'evaluating' && !this.#evaluating) lines.push('making soup, ensemble and table');
    this.#evaluating = run.status === 'evaluating';
    return lines;
  }

  #member(followed: FollowedMember, stepsPerEpoch: number): string[] {
    const { view, newEpochs } = followed;
    const { member, state } = view;
    const { status, device, error } = state;
    const lines: string[] = [];
    if (device !== null && !this.#introduced.has(`${member.name} ${device.description}`)) {
      this.#introduced.add(`${member.name} ${device.description}`);
      lines.push(`${member.name} runs on ${device.backend} (${device.kind}): ${device.description}`);
    }
    const left = timeLeft(followed);
    for (const row of newEpochs) {
      lines.push(
        `${member.name} epoch ${row.epoch + 1}/${epochsOf(member)} loss ${row.trainLoss.toFixed(4)} validation ${percent(row.validationAccuracy)}` +
          ` lr ${rate(learningRateAt(member, row.step - 1, stepsPerEpoch))} ${Math.round(row.imagesPerSecond)} images/s` +
          (left === '' ? '' : ` ${left}`) +
          (device === null ? '' : ` [${device.backend} ${device.kind}]`),
      );
    }
    const before = this.#statuses.get(member.name) ?? 'queued';
    this.#statuses.set(member.name, status);
    if (status !== before && status !== 'running') lines.push(`${member.name} ${status}${status === 'failed' && error !== null ? `: ${error.message}` : ''}`);
    return lines;
  }
}
