import type { MemberRows, StepRange, Task, ToView } from '../../protocol/messages.ts';
import type { RunView } from '../../protocol/run.ts';
import { MemberFeed, type MemberLog } from './memberFeed.ts';

/** Most step rows of a member that a chart is given at once; of many members fewer, so that all of them fit into a message. */
const ROWS_A_MEMBER = 2000;
const ROWS_A_RUN = 24_000;
const FEWEST_ROWS_A_MEMBER = 200;

/** What the follower reads: the picture of the run, and the logs of its members. */
export interface RunSource {
  view(): Promise<RunView>;
  /** @param limit most rows of an answer of it */
  log(member: string, limit: number): MemberLog;
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
  #run: RunView | null = null;
  #listening = false;
  /** What the view has cannot be appended to. */
  #gap = true;
  #lastRun = '';
  #lastDetail = 0;
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
      return this.#read(true);
    });
  }

  /** Reads what is new and posts it to a listening view. @throws StarsseError when the folder cannot be read. */
  tick(): Promise<RunView> {
    return this.#enqueue(() => this.#read(true));
  }

  /** The same with the picture of the run as it was read last: new rows of members that train. Cheap enough for ten times a second. */
  tickRows(): Promise<RunView> {
    return this.#enqueue(() => this.#read(this.#run === null || this.#gap));
  }

  /** The view zoomed: rows of ranges of steps are posted to it, unless it has asked again meanwhile. @throws StarsseError file-invalid */
  detail(id: number, ranges: readonly StepRange[]): Promise<void> {
    this.#lastDetail = id;
    const isWanted = (): boolean => this.#listening && this.#lastDetail === id;
    return this.#enqueue(async () => {
      const members: (StepRange & MemberRows)[] = [];
      for (const { member, from, to } of ranges) {
        const feed = this.#feeds.get(member);
        if (feed === undefined || !isWanted()) continue;
        members.push({ member, from, to, rows: await feed.log.range(from, to, isWanted) });
      }
      if (isWanted()) this.#options.post({ type: 'detail', id, members });
    });
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

  /** @param anew reads the picture of the run, too */
  async #read(anew: boolean): Promise<RunView> {
    const fresh: MemberRows[] = [];
    let run: RunView;
    try {
      run = anew || this.#run === null ? await this.#source.view() : this.#run;
      this.#run = run;
      for (const { member, state } of run.members) {
        if (!anew && state.status !== 'running') continue;
        const rows = await this.#feed(member.name, run.members.length).read();
        if (rows === null) this.#gap = true;
        else if (rows.length > 0) fresh.push({ member: member.name, rows });
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
    const rows = run.members.map(({ member }) => ({ member: member.name, rows: this.#feed(member.name, run.members.length).snapshot() }));
    this.#gap = false;
    this.#lastRun = JSON.stringify(run);
    this.#options.post({ type: 'snapshot', run, rows, tasks: this.#options.tasks(), texts: this.#options.texts });
  }

  #postNews(run: RunView, fresh: MemberRows[]): void {
    for (const { member, rows } of fresh) {
      this.#options.post({ type: 'append', member, from: this.#feed(member, run.members.length).post(rows), rows });
    }
    const text = JSON.stringify(run);
    if (text === this.#lastRun) return;
    this.#lastRun = text;
    this.#options.post({ type: 'run', run });
  }

  #feed(member: string, members: number): MemberFeed {
    let feed = this.#feeds.get(member);
    if (feed === undefined) {
      const limit = this.#options.rowsAMember ?? Math.max(FEWEST_ROWS_A_MEMBER, Math.min(ROWS_A_MEMBER, Math.floor(ROWS_A_RUN / members)));
      feed = new MemberFeed(this.#source.log(member, limit), limit);
      this.#feeds.set(member, feed);
    }
    return feed;
  }
}
