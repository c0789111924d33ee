/**
 * How the cores of a machine are shared out among the members of a run: trainers side by side, threads of each, and threads of
 * a member that has nobody beside it. Training times decide: those that were measured here before, and for the others an
 * estimate from them by the rule that t threads are t^0.7 times as fast as one, and that busy neighbours cost a tenth.
 */
import { generations } from './members.ts';
import type { Member, Run } from './run.ts';
import { epochsOf } from './schedule.ts';

/** Milliseconds of a training step where so many trainers of so many threads each work side by side. */
export interface StepTime {
  workers: number;
  threads: number;
  ms: number;
}
export interface Share {
  workers: number;
  threads: number;
  threadsAlone: number;
}
export interface Machine {
  cores: number;
  /** Does a step get faster with threads? */
  threaded: boolean;
  /** What the user asks for; it always holds. */
  workers: number | null;
  threads: number | null;
}

const SPEED_UP = 0.7;
const NEIGHBOURS = 0.1;
const WORTH = 0.9;

/** Threads of a member: fixed with the run, since the bits of a training depend on them. */
export function threadsOf({ members, threads, threadsAlone = threads }: Pick<Run, 'members' | 'threads' | 'threadsAlone'>, name: string): number {
  const beside = generations(members).find((group) => group.some((member) => member.name === name));
  return beside?.length === 1 ? threadsAlone : threads;
}

/** Threads of soups and analyses, which have nothing beside them. */
export function threadsOfTasks({ threads, threadsAlone = threads }: Pick<Run, 'threads' | 'threadsAlone'>): number {
  return threadsAlone;
}

/**
 * The share with which all members are trained soonest; of equals the one with more trainers. What was measured has to promise a
 * tenth less time to overrule the estimate: the bits of a training depend on the threads, and should not change with every wind.
 */
export function chooseShare(members: readonly Member[], machine: Machine, measured: readonly StepTime[]): Share & { reason: string } {
  const groups = generations(members).map((group) => ({ size: group.length, epochs: Math.max(...group.map(epochsOf)) }));
  const { cores, threaded } = machine;
  const alones = machine.threads === null ? (threaded ? oneTo(cores).reverse() : [cores]) : [machine.threads];
  const threadsAlone = better(alones, (times) => (threads) => timeOf(machine, times, 1, threads), measured);
  const most = Math.max(...groups.map(({ size }) => size));
  const workers = machine.workers === null ? oneTo(Math.min(cores, most)).reverse() : [machine.workers];
  const choices = workers.map((count): Share => ({ workers: count, threads: machine.threads ?? Math.max(1, Math.floor(cores / count)), threadsAlone }));
  const total = (times: readonly StepTime[]) => ({ workers: count, threads }: Share): number =>
    groups.reduce((sum, { size, epochs }) => {
      const ms = size === 1 ? timeOf(machine, times, 1, threadsAlone) : Math.ceil(size / count) * timeOf(machine, times, Math.min(count, size), threads);
      return sum + epochs * ms;
    }, 0);
  const share = better(choices, total, measured);
  return { ...share, reason: reasonOf(share, machine, measured) };
}

/** Milliseconds of a step where so many trainers work side by side: as it was measured, else by the rule, from what was. Without any measurement it is relative. */
export function timeOf({ cores, threaded }: Pick<Machine, 'cores' | 'threaded'>, measured: readonly StepTime[], workers: number, threads: number): number {
  const found = measured.find((time) => time.workers === workers && time.threads === threads);
  if (found !== undefined) return found.ms;
  const rule = (trainers: number, each: number): number => (threaded ? Math.min(each, cores) ** -SPEED_UP : 1) * (1 + (NEIGHBOURS * (trainers - 1)) / cores);
  const scales = measured.map((time) => time.ms / rule(time.workers, time.threads)).sort((a, b) => a - b);
  return (scales[scales.length >> 1] ?? 1) * rule(workers, threads);
}

function reasonOf({ workers, threads, threadsAlone }: Share, machine: Machine, measured: readonly StepTime[]): string {
  const said = [`${counted(workers, 'trainer')} of ${counted(threads, 'thread')} each`, `${counted(threadsAlone, 'thread')} for a member alone`].join(', ');
  const asked = [machine.workers === null ? null : 'workers', machine.threads === null ? null : 'threads'].filter((word) => word !== null);
  if (asked.length > 0) return `${said}: as asked for (${asked.join(' and ')})`;
  if (measured.length === 0) return `${said}: no step of this kind was timed on this machine yet`;
  const times = measured.map(({ workers: trainers, threads: each, ms }) => `${trainers} x ${each}: ${ms.toFixed(1)} ms`);
  return `${said}: by the steps that were timed here (trainers x threads: milliseconds; ${times.join('; ')})`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function oneTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** By the estimate alone, or another by what was measured. */
function better<T>(values: readonly T[], cost: (times: readonly StepTime[]) => (value: T) => number, measured: readonly StepTime[]): T {
  const [estimated, found] = [least(values, cost([])), least(values, cost(measured))];
  return cost(measured)(found) < WORTH * cost(measured)(estimated) ? found : estimated;
}

/** The first of the least. */
function least<T>(values: readonly T[], cost: (value: T) => number): T {
  return values.reduce((best, value) => (cost(value) < cost(best) ? value : best));
}
