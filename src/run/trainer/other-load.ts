/** How much of the machine others used while a trainer worked: a time that was taken beside them says little. */
import { cpus } from 'node:os';

interface Moment {
  atMs: number;
  /** Of all cores, milliseconds. */
  busyMs: number;
  ownMs: number;
}

export class OtherLoad {
  readonly #cores = cpus().length;
  readonly #start = moment();

  /**
   * Since this was made.
   * @param beside trainers of the same kind at work, this one included
   * @returns 0 .. 1, of all cores
   */
  share(beside: number): number {
    return othersShare(this.#start, moment(), this.#cores, beside);
  }
}

export function othersShare(start: Moment, now: Moment, cores: number, beside: number): number {
  const others = now.busyMs - start.busyMs - beside * (now.ownMs - start.ownMs);
  return Math.max(0, others) / Math.max(1, cores * (now.atMs - start.atMs));
}

function moment(): Moment {
  const { user, system } = process.cpuUsage();
  const busyMs = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
  return { atMs: performance.now(), busyMs, ownMs: (user + system) / 1000 };
}
