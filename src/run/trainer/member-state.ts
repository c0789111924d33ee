/** A member's state.json while its trainer, the only writer, works: kept in memory, replaced whole at every heartbeat. */
import type { ErrorJson } from '../../protocol/errors.ts';
import { HEARTBEAT_MS, type State } from '../../protocol/run.ts';
import { readState, runFiles } from '../folder.ts';
import { HOST } from '../processes.ts';
import { replaceJson } from '../write.ts';

/** The state of a member that waits for its turn. @param steps of its whole training */
export function queuedState(steps: number): State {
  return {
    status: 'queued', step: 0, steps, epoch: 0, device: null, host: null, pid: null, startedAt: null, finishedAt: null,
    heartbeatAt: null, trainedMs: 0, validationAccuracy: null, error: null,
  };
}

export class MemberState {
  readonly #file: string;
  #state: State;
  #last: Promise<void> = Promise.resolve();
  #heart: NodeJS.Timeout | undefined;

  private constructor(file: string, state: State) {
    this.#file = file;
    this.#state = state;
  }

  /** Takes the member over: it is `running` from now on. */
  static async begin(folder: string, member: string): Promise<MemberState> {
    const before = await readState(folder, member);
    const now = new Date().toISOString();
    const state = new MemberState(runFiles.state(folder, member), {
      ...before, status: 'running', host: HOST, pid: process.pid, startedAt: before.startedAt ?? now, finishedAt: null, error: null,
    });
    await state.#write();
    state.#heart = setInterval(() => {
      // A disk that is full now may not be at the next beat; what cannot go without fails where it is awaited.
      state.#write().catch((error: unknown) => console.error(String(error)));
    }, HEARTBEAT_MS);
    return state;
  }

  /** Changes what the next heartbeat writes. */
  set(changes: Partial<State>): void {
    this.#state = { ...this.#state, ...changes };
  }

  get validationAccuracy(): number | null {
    return this.#state.validationAccuracy;
  }

  /** Changes the state and waits until it is on the disk. */
  async write(changes: Partial<State>): Promise<void> {
    this.set(changes);
    await this.#write();
  }

  /** The last state this trainer writes. */
  async end(status: 'done' | 'stopped' | 'failed', error: ErrorJson | null = null): Promise<void> {
    clearInterval(this.#heart);
    await this.write({ status, error, finishedAt: new Date().toISOString() });
  }

  #write(): Promise<void> {
    const written = this.#last.then(async () => {
      this.#state = { ...this.#state, heartbeatAt: new Date().toISOString() };
      await replaceJson(this.#file, this.#state);
    });
    this.#last = written.catch(() => undefined);
    return written;
  }
}
