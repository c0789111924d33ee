/** What may be wrong with a run that goes on, from its picture and a few figures of its logs. Each alarm is told once. */
import type { RunView } from '../../protocol/run.ts';

export type Alarm =
  | { kind: 'diverged'; key: string; member: string; loss: number; startLoss: number }
  | { kind: 'disk'; key: string; freeBytes: number }
  | { kind: 'accuracy'; key: string; member: string; accuracy: number; member1: number };

/** Mean losses of a member's first and last steps, nats. */
export interface Losses {
  start: number;
  now: number;
}

/** What the picture of the run does not hold. */
export interface Facts {
  /** Of members that train, where the log tells them. */
  losses: ReadonlyMap<string, Losses>;
  /** Of the disk that the run is on, null where it is not told. */
  freeBytes: number | null;
}

/** A learning rate that rises again lifts the loss of an arm: only a loss that is far above its start in both ways is told. */
const TIMES_THE_START = 3;
const NATS_ABOVE = 2;
/** Validation accuracy so far below member 1's, a fraction: the arm may have left the basin. */
const FAR_BELOW = 0.05;
const LEAST_FREE_BYTES = 2 * 2 ** 30;

export function alarmsOf(run: RunView, { losses, freeBytes }: Facts): Alarm[] {
  const alarms: Alarm[] = [];
  const member1 = run.members[0]?.state;
  for (const { member, state } of run.members) {
    const loss = losses.get(member.name);
    if (state.status === 'running' && loss !== undefined && isFarAbove(loss)) {
      alarms.push({ kind: 'diverged', key: `${run.folder} diverged ${member.name}`, member: member.name, loss: loss.now, startLoss: loss.start });
    }
    const accuracy = state.validationAccuracy;
    if (member.startsFrom !== 'pretrained' && state.status === 'done' && accuracy !== null && member1.status === 'done' && member1.validationAccuracy !== null && accuracy < member1.validationAccuracy - FAR_BELOW) {
      alarms.push({ kind: 'accuracy', key: `${run.folder} accuracy ${member.name}`, member: member.name, accuracy, member1: member1.validationAccuracy });
    }
  }
  if (freeBytes !== null && freeBytes < LEAST_FREE_BYTES) alarms.push({ kind: 'disk', key: `${run.folder} disk`, freeBytes });
  return alarms;
}

/** A loss that is not a number is far above everything. */
function isFarAbove({ start, now }: Losses): boolean {
  return !Number.isFinite(now) || now > Math.max(TIMES_THE_START * start, start + NATS_ABOVE);
}

/** Alarms that were not told yet. What there was at the first look is told only where it can still be mended. */
export class ToldOnce {
  readonly #told = new Set<string>();
  readonly #seen = new Set<string>();

  fresh(folder: string, alarms: readonly Alarm[]): Alarm[] {
    const isFirst = !this.#seen.has(folder);
    this.#seen.add(folder);
    const fresh = alarms.filter(({ key }) => !this.#told.has(key));
    for (const { key } of fresh) this.#told.add(key);
    return isFirst ? fresh.filter(({ kind }) => kind !== 'accuracy') : fresh;
  }
}
