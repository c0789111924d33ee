import { StarsseError, type ErrorJson } from '../../protocol/errors.ts';
import type { RunView } from '../../protocol/run.ts';

/** A run folder that was found: its picture, or why there is none. */
export interface RunEntry {
  folder: string;
  view: RunView | null;
  error: ErrorJson | null;
}

export interface CatalogSource {
  /** Every run folder there is, without reading them. */
  folders(): Promise<string[]>;
  /** @throws StarsseError naming the file that is wrong. */
  view(folder: string): Promise<RunView>;
}

/** Milliseconds between two looks at the live runs while something shows them, and while only the status bar does. */
export const POLL_SEEN_MS = 1000;
export const POLL_UNSEEN_MS = 3000;

/** A run that is queued for longer has nobody who would start it. */
const STARTS_WITHIN_MS = 60_000;

/** True while a process works on the run, or will as soon as it has started. */
export function isLive(run: RunView, nowMs = Date.now()): boolean {
  if (run.status === 'queued') return nowMs - Date.parse(run.createdAt) < STARTS_WITHIN_MS;
  return run.status === 'running' || run.status === 'evaluating';
}

type ChangeListener = (change: { list: boolean; folders: string[] }) => void;
type FinishListener = (view: RunView) => void;

/**
 * The runs that this window knows. Looks at a folder again only while its run is live; without live runs there is no timer.
 * New folders are found by `refresh`.
 */
export class RunCatalog {
  readonly #source: CatalogSource;
  readonly #changes = new Set<ChangeListener>();
  readonly #finishes = new Set<FinishListener>();
  #entries: RunEntry[] = [];
  #queue: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #seen = false;
  #disposed = false;

  constructor(source: CatalogSource) {
    this.#source = source;
  }

  /** Newest first. */
  get entries(): readonly RunEntry[] {
    return this.#entries;
  }

  get live(): RunView[] {
    return this.#entries.flatMap(({ view }) => (view !== null && isLive(view) ? [view] : []));
  }

  find(folder: string): RunEntry | undefined {
    return this.#entries.find((entry) => entry.folder === folder);
  }

  /** `list` says that runs came or went; `folders` are those whose picture changed. @returns a function that ends it. */
  onChange(listener: ChangeListener): () => void {
    this.#changes.add(listener);
    return () => this.#changes.delete(listener);
  }

  /** A run that was seen live no longer is. @returns a function that ends it. */
  onFinish(listener: FinishListener): () => void {
    this.#finishes.add(listener);
    return () => this.#finishes.delete(listener);
  }

  /** Whether something shows more than the status bar does. */
  setSeen(seen: boolean): void {
    if (this.#seen === seen) return;
    this.#seen = seen;
    this.#schedule();
  }

  /** Lists the run folders again and reads each. */
  refresh(): Promise<void> {
    return this.#enqueue(async () => {
      const folders = (await this.#source.folders()).sort(newestFirst);
      this.#update(await Promise.all(folders.map((folder) => this.#read(folder))));
    });
  }

  dispose(): void {
    this.#disposed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** Reads the live runs again. */
  #poll(): Promise<void> {
    return this.#enqueue(async () => {
      const live = new Set(this.live.map((view) => view.folder));
      this.#update(await Promise.all(this.#entries.map((entry) => (live.has(entry.folder) ? this.#read(entry.folder) : entry))));
    });
  }

  async #read(folder: string): Promise<RunEntry> {
    try {
      return { folder, view: await this.#source.view(folder), error: null };
    } catch (error) {
      return { folder, view: null, error: StarsseError.from(error).toJSON() };
    }
  }

  #update(entries: RunEntry[]): void {
    const before = new Map(this.#entries.map((entry) => [entry.folder, entry]));
    const list = entries.length !== this.#entries.length || entries.some((entry, i) => this.#entries[i].folder !== entry.folder);
    const folders: string[] = [];
    const finished: RunView[] = [];
    for (const entry of entries) {
      const old = before.get(entry.folder);
      if (old !== undefined && JSON.stringify(old) !== JSON.stringify(entry)) folders.push(entry.folder);
      if (old?.view && isLive(old.view) && entry.view !== null && !isLive(entry.view)) finished.push(entry.view);
    }
    this.#entries = entries;
    this.#schedule();
    if (list || folders.length > 0) for (const listener of this.#changes) listener({ list, folders });
    for (const view of finished) for (const listener of this.#finishes) listener(view);
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const result = this.#queue.then(() => (this.#disposed ? undefined : work()));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#disposed || this.live.length === 0) return;
    this.#timer = setTimeout(() => void this.#poll(), this.#seen ? POLL_SEEN_MS : POLL_UNSEEN_MS);
  }
}

/** Run ids begin with their UTC time. */
function newestFirst(a: string, b: string): number {
  const [nameA, nameB] = [a, b].map((folder) => folder.slice(Math.max(folder.lastIndexOf('/'), folder.lastIndexOf('\\')) + 1));
  return nameA < nameB ? 1 : nameA > nameB ? -1 : a < b ? -1 : a > b ? 1 : 0;
}
