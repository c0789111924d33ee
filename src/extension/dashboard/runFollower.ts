import type { MemberRows, Task, ToView } from '../../protocol/messages.ts';
import type { Row } from '../../protocol/rows.ts';
import type { RunView } from '../../protocol/run.ts';
import { MemberFeed } from './memberFeed.ts';

/** Most step rows of a member that a chart is given at once. */
export const ROWS_A_MEMBER = 2000;

/** What the follower reads: the picture of the run, and the rows that are new since the last read. */
export interface RunSource {
  view(): Promise<RunView>;
  /** `restarted` says that the file was replaced by a shorter one, and these rows are all there are. */
  newRows(member: string): Promise<{ rows: Row[]; restarted: boolean }>;
}

export interface FollowerOptions {
  post(message: ToView): void;
  /** Questions on their way, for the snapshot. */
  tasks(): Task[];
  /** Bundle of translations, keyed by the English text. */
  texts: Record<string, string>;
  rowsAMember?: number;
}

/**
 * Keeps one view right: a whole snapshot when it says `ready`, then what is new. Nothing is posted before `ready` or after
 * `hide`. Reads never overlap, so rows keep their order.
 */
export class RunFollower {
  readonly #source: RunSource;
  readonly #options: FollowerOptions;
  readonly #feeds = new Map<string, MemberFeed>();
  #listening = false;
  /** What the view has cannot be appended to. */
  #gap = true;
  #lastRun = '';
  #queue: Promise<unknown> = Promise.resolve();

  constructor(source: RunSource, options: FollowerOptions) {
    this.#source = source;
    this.#options = options;
  }

  /** True between `ready` and `hide`. */
  get listening(): boolean {
    return this.#listening;
  }

  /** The view is there and empty. @throws StarsseError when the folder cannot be read. */
  ready(): Promise<RunView> {
    return this.#enqueue(() => {
      this.#listening = true;
      this.#gap = true;
      return this.#read();
    });
  }

  /** Reads what is new and posts it to a listening view. @throws StarsseError when the folder cannot be read. */
  tick(): Promise<RunView> {
    return this.#enqueue(() => this.#read());
  }

  /** The view is gone or unseen. */
  hide(): void {
    this.#listening = false;
    this.#gap = true;
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async #read(): Promise<RunView> {
    const fresh: MemberRows[] = [];
    let run: RunView;
    try {
      run = await this.#source.view();
      for (const { member } of run.members) {
        const { rows, restarted } = await this.#source.newRows(member.name);
        if (restarted) {
          this.#feeds.delete(member.name);
          this.#gap = true;
        }
        if (rows.length === 0) continue;
        if (!this.#feed(member.name).add(rows)) this.#gap = true;
        fresh.push({ member: member.name, rows });
      }
    } catch (error) {
      this.#gap = true; // some members' rows may have been read already
      throw error;
    }
    if (!this.#listening) this.#gap = true;
    else if (this.#gap) this.#postSnapshot(run);
    else this.#postNews(run, fresh);
    return run;
  }

  #postSnapshot(run: RunView): void {
    const rows = run.members.map(({ member }) => ({ member: member.name, rows: this.#feed(member.name).snapshot() }));
    this.#gap = false;
    this.#lastRun = JSON.stringify(run);
    this.#options.post({ type: 'snapshot', run, rows, tasks: this.#options.tasks(), texts: this.#options.texts });
  }

  #postNews(run: RunView, fresh: MemberRows[]): void {
    for (const { member, rows } of fresh) {
      this.#options.post({ type: 'append', member, from: this.#feed(member).post(rows), rows });
    }
    const text = JSON.stringify(run);
    if (text === this.#lastRun) return;
    this.#lastRun = text;
    this.#options.post({ type: 'run', run });
  }

  #feed(member: string): MemberFeed {
    let feed = this.#feeds.get(member);
    if (feed === undefined) {
      feed = new MemberFeed(this.#options.rowsAMember ?? ROWS_A_MEMBER);
      this.#feeds.set(member, feed);
    }
    return feed;
  }
}
