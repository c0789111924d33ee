/** The task `table` as the supervisor runs it: begun once, ended by a stop request or when the supervisor has lost its run. */
import { StarsseError } from '../protocol/errors.ts';
import { leftOutText } from '../protocol/verdict.ts';
import { stopRequested } from './requests.ts';
import { runTask } from './tasks.ts';

const LOOK_MS = 200;

export class TableMaking {
  readonly #folder: string;
  readonly #lost: AbortSignal;
  readonly #log: (line: string) => void;
  readonly #stop = new AbortController();
  #made: Promise<'done' | 'stopped'> | null = null;

  constructor(folder: string, lost: AbortSignal, log: (line: string) => void) {
    this.#folder = folder;
    this.#lost = lost;
    this.#log = log;
  }

  /** Does nothing when it was begun before. */
  begin(): void {
    this.#made ??= this.#make();
    this.#made.catch(() => undefined); // thrown by `end`
  }

  /** @throws StarsseError what the task throws */
  async end(): Promise<'done' | 'stopped'> {
    if (this.#made === null) throw new StarsseError('internal', 'The table was not begun');
    return await this.#made;
  }

  /** Nobody wants it any more. */
  async cancel(): Promise<void> {
    this.#stop.abort();
    await this.#made?.catch(() => undefined);
  }

  async #make(): Promise<'done' | 'stopped'> {
    const looks = setInterval(() => {
      void stopRequested(this.#folder).then((stopping) => {
        if (stopping) this.#stop.abort();
      });
    }, LOOK_MS);
    try {
      this.#log('members are trained: soup, ensemble and table');
      const { table } = await runTask('table', [this.#folder], { signal: AbortSignal.any([this.#stop.signal, this.#lost]), nodePath: process.execPath });
      for (const each of table.leftOut ?? []) this.#log(leftOutText(each));
      return 'done';
    } catch (error) {
      if (this.#stop.signal.aborted) return 'stopped';
      throw error;
    } finally {
      clearInterval(looks);
    }
  }
}
