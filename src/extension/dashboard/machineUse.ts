import { statfs } from 'node:fs/promises';
import { availableParallelism, freemem, hostname, totalmem } from 'node:os';
import type { CardUse, Resources, TrainerUse } from '../../protocol/resources.ts';
import type { RunView } from '../../protocol/run.ts';
import { readRun } from '../../run/folder.ts';
import { CardsInUse } from './cardUse.ts';
import { processUse, type ProcessUse } from './processUse.ts';

/** What is looked at: tests put other things in their places. */
export interface Machine {
  host: string;
  processUse(pid: number): Promise<ProcessUse | null>;
  cards(uuids: readonly string[]): Promise<CardUse[]>;
  nowMs(): number;
}

export function thisMachine(): Machine {
  const cards = new CardsInUse();
  return { host: hostname(), processUse: (pid) => processUse(pid), cards: (uuids) => cards.look(uuids), nowMs: () => Date.now() };
}

/** Looks at what the trainers of one run use. Processor use is the difference to the look before. */
export class MachineUse {
  readonly #machine: Machine;
  #before = new Map<number, { atMs: number; cpuMs: number }>();
  #batchSize: number | null = null;

  constructor(machine: Machine = thisMachine()) {
    this.#machine = machine;
  }

  async look(run: RunView): Promise<Resources> {
    const { host } = this.#machine;
    const training = run.members.filter(({ state }) => state.status === 'running' && state.pid !== null);
    const here = training.filter(({ state }) => state.host === host);
    const atMs = this.#machine.nowMs();
    const [trainers, cards, disk, batchSize] = await Promise.all([
      Promise.all(here.map(({ member, state }) => this.#trainer(member.name, state.pid!, atMs))),
      this.#machine.cards([...new Set(here.flatMap(({ state }) => (state.gpu ? [state.gpu.card] : [])))]),
      statfs(run.folder).then(({ bavail, blocks, bsize }) => ({ freeBytes: bavail * bsize, totalBytes: blocks * bsize }), () => null),
      this.#batchSizeOf(run.folder),
    ]);
    this.#before = new Map([...this.#before].filter(([pid]) => here.some(({ state }) => state.pid === pid)));
    return {
      atMs,
      trainers,
      cores: availableParallelism(),
      memory: { usedBytes: totalmem() - freemem(), totalBytes: totalmem() },
      cards,
      disk,
      batchSize,
      elsewhere: [...new Set(training.flatMap(({ state }) => (state.host === null || state.host === host ? [] : [state.host])))],
    };
  }

  async #trainer(member: string, pid: number, atMs: number): Promise<TrainerUse> {
    const use = await this.#machine.processUse(pid);
    if (use === null) return { member, pid, cpus: null, rssBytes: null };
    const before = this.#before.get(pid);
    this.#before.set(pid, { atMs, cpuMs: use.cpuMs });
    const cpus = before === undefined || atMs <= before.atMs ? null : (use.cpuMs - before.cpuMs) / (atMs - before.atMs);
    return { member, pid, cpus, rssBytes: use.rssBytes };
  }

  /** It stays the same for the whole life of a run. */
  async #batchSizeOf(folder: string): Promise<number | null> {
    this.#batchSize ??= await readRun(folder).then(({ plan }) => plan.training.batchSize, () => null);
    return this.#batchSize;
  }
}
