import type { LogName, ToView } from '../../protocol/messages.ts';
import type { RunView } from '../../protocol/run.ts';
import { runFiles } from '../../run/folder.ts';
import { LogTail } from './logTail.ts';
import { MachineUse } from './machineUse.ts';

const MACHINE_EVERY_MS = 2000;

export function logFile(folder: string, log: LogName): string {
  return log === 'supervisor' ? runFiles.supervisorLog(folder) : runFiles.log(folder, log);
}

/** What a dashboard shows beside the run itself: the log that its view follows, and what trainers use of the machine. */
export class Surroundings {
  readonly #folder: string;
  readonly #post: (message: ToView) => void;
  readonly #machine: MachineUse;
  #log: { name: LogName; tail: LogTail } | null = null;
  #machineAtMs = -Infinity;
  #isReading = false;

  constructor(folder: string, post: (message: ToView) => void, machine = new MachineUse()) {
    this.#folder = folder;
    this.#post = post;
    this.#machine = machine;
  }

  /** Follows another log from its last lines on, or none. */
  async follow(name: LogName | null): Promise<void> {
    this.#log = name === null ? null : { name, tail: new LogTail(logFile(this.#folder, name)) };
    await this.#readLog();
  }

  /** The view is gone: it says again what it wants. */
  hide(): void {
    this.#log = null;
    this.#machineAtMs = -Infinity;
  }

  /** Posts what is new. A look that takes long is not followed by another before it has ended. */
  async tick(run: RunView): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      await this.#readLog();
      const isDue = Date.now() - this.#machineAtMs >= MACHINE_EVERY_MS;
      if (!isDue || !run.members.some(({ state }) => state.status === 'running')) return;
      this.#machineAtMs = Date.now();
      this.#post({ type: 'resources', now: await this.#machine.look(run) });
    } finally {
      this.#isReading = false;
    }
  }

  async #readLog(): Promise<void> {
    const log = this.#log;
    const news = (await log?.tail.read()) ?? null;
    if (log !== null && news !== null && log === this.#log) this.#post({ type: 'log', log: log.name, ...news });
  }
}
