/** The trainers that a supervisor has started: what each began with, and what follows from how it ended. */
import type { Run } from '../protocol/run.ts';
import { readState } from './folder.ts';
import { recordCrash, startTrainer, trainerOf } from './member-process.ts';

/** A member whose trainer dies without a word is tried again this often. It goes on from where it saved. */
const RESTARTS = 2;

interface Trainer {
  pid: number | undefined;
  over: Promise<void>;
}

export class Trainers {
  readonly #folder: string;
  readonly #run: Run;
  readonly #log: (line: string) => void;
  /** By the member that each began with. */
  readonly #running = new Map<string, Trainer>();
  readonly #crashes = new Map<string, number>();
  /** Members that were stopped alone, by a signal to their trainer: they are not started again. */
  readonly stopped = new Set<string>();

  constructor(folder: string, run: Run, log: (line: string) => void) {
    this.#folder = folder;
    this.#run = run;
    this.#log = log;
  }

  /** How many are at work. */
  get size(): number {
    return this.#running.size;
  }

  /** The members that those at work began with: a trainer that was just started holds no lock yet. */
  get firsts(): string[] {
    return [...this.#running.keys()];
  }

  get pids(): number[] {
    return Array.from(this.#running.values(), ({ pid }) => pid ?? 0);
  }

  /** Resolves when the next of them ends. */
  get nextEnd(): Promise<void> {
    return Promise.race(Array.from(this.#running.values(), ({ over }) => over));
  }

  async start(member: string, env: Record<string, string>): Promise<void> {
    const { pid, ended } = await startTrainer(this.#folder, member, env);
    this.#log(`${member}: process ${pid} started`);
    const over = ended.then(async (how) => {
      await this.#judge(member, pid, how);
      this.#running.delete(member);
    });
    this.#running.set(member, { pid, over });
  }

  /** A trainer is judged by what it left on disk: of which member it was the last. */
  async #judge(first: string, pid: number | undefined, how: string): Promise<void> {
    const states = await Promise.all(this.#run.members.map(async ({ name }) => ({ name, ...(await readState(this.#folder, name)) })));
    const own = states.filter((state) => state.pid === pid);
    for (const { name, status } of own) this.#log(`${name}: ${status === 'running' ? 'its trainer died' : status} (${how})`);
    for (const { name, status } of own) if (status === 'stopped') this.stopped.add(name);
    if (how === 'exit code 0' || own.some(({ status }) => status === 'stopped' || status === 'failed')) return;
    // One that never came up has left nothing.
    const isOpen = ({ name, status }: { name: string; status: string }): boolean => name === first && (status === 'queued' || status === 'running');
    const died = own.find(({ status }) => status === 'running') ?? states.find(isOpen);
    if (died !== undefined) await this.#afterCrash(died.name, how);
  }

  async #afterCrash(member: string, how: string): Promise<void> {
    const count = (this.#crashes.get(member) ?? 0) + 1;
    this.#crashes.set(member, count);
    if (count <= RESTARTS || (await trainerOf(this.#folder, member)) !== null) return;
    this.#crashes.delete(member);
    await recordCrash(this.#folder, member, how);
  }
}
