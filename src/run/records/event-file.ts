/** members/<name>/events.out.tfevents.*: what metrics.ndjson says, for TensorBoard. A file for each time a trainer starts, one for the end. */
import { open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppendFile } from '../append-file.ts';
import { diskError } from '../write.ts';
import { fileVersion, record } from './tensorboard-events.ts';

const NAME = /^events\.out\.tfevents\.(\d{10})\.(\d{4})\.starsse$/;
/** In place of the number: how the training ended, as long as it does not go on. */
const END = 9999;
const FLUSH_MS = 1000;

/** Collects events and writes them out once a second. */
export class EventFile {
  readonly #file: AppendFile;

  private constructor(file: AppendFile) {
    this.#file = file;
  }

  /** A new file, which TensorBoard reads after those that are there. @throws StarsseError disk */
  static async create(folder: string, what: 'training' | 'end' = 'training'): Promise<EventFile> {
    const file = path.join(folder, nextName(await readdir(folder), now(), what));
    try {
      const events = new EventFile(new AppendFile(file, await open(file, 'ax'), FLUSH_MS));
      events.append(fileVersion(now()));
      return events;
    } catch (error) {
      throw diskError(error, file);
    }
  }

  append(event: Uint8Array): void {
    this.#file.append(record(event));
  }

  /** Writes out what waits. After a failure every flush fails. @throws StarsseError disk */
  flush(): Promise<void> {
    return this.#file.flush();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Seconds since 1970, as events carry them. */
export function now(): number {
  return Date.now() / 1000;
}

/**
 * Removes what is void when training goes on: of the files that are there the end, or all when it begins anew. TensorBoard
 * keeps the first that it reads of what it lists in its HParams tab, so these cannot be overwritten by later ones.
 */
export async function removeVoid(folder: string, beginsAnew: boolean): Promise<void> {
  for (const name of await readdir(folder)) {
    const number = NAME.exec(name)?.[2];
    if (number !== undefined && (beginsAnew || Number(number) === END)) await rm(path.join(folder, name), { force: true });
  }
}

/** TensorBoard reads files in the order of their names: by second, then by number, also when the clock was set back. */
export function nextName(names: readonly string[], seconds: number, what: 'training' | 'end' = 'training'): string {
  const before = names.map((name) => NAME.exec(name)).filter((match) => match !== null);
  const second = Math.max(Math.floor(seconds), ...before.map(([, at]) => Number(at)));
  const number = what === 'end' ? END : before.length;
  return `events.out.tfevents.${String(second).padStart(10, '0')}.${String(number).padStart(4, '0')}.starsse`;
}
