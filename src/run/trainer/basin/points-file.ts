/**
 * What an analysis has measured so far: a line of JSON each, as soon as it is there, so that an analysis that was ended goes on
 * where it was. The first line says what all of it depends on; of another key, nothing is kept.
 */
import { open, readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { AppendFile } from '../../append-file.ts';
import { diskError, replaceFile } from '../../write.ts';

const FLUSH_MS = 200;

export class PointsFile<T extends object> {
  readonly #file: AppendFile;
  readonly #known: Map<string, T>;
  readonly #idOf: (point: T) => string;

  private constructor(file: AppendFile, known: Map<string, T>, idOf: (point: T) => string) {
    this.#file = file;
    this.#known = known;
    this.#idOf = idOf;
  }

  /**
   * Lines that are torn or of another form are dropped, and their points measured again.
   * @param key of everything that a point depends on beside its own id
   * @throws StarsseError disk
   */
  static async open<S extends v.GenericSchema<object>>(file: string, key: string, schema: S, idOf: (point: v.InferOutput<S>) => string): Promise<PointsFile<v.InferOutput<S>>> {
    try {
      const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      });
      const head = JSON.stringify({ key });
      const [first, ...rest] = text.split('\n');
      const found = first === head ? rest.slice(0, -1).flatMap((line) => parsed(schema, line)) : [];
      const whole = [head, ...found.map((point) => JSON.stringify(point))].map((line) => `${line}\n`).join('');
      if (whole !== text) await replaceFile(file, [whole]);
      return new PointsFile(new AppendFile(file, await open(file, 'a'), FLUSH_MS), new Map(found.map((point) => [idOf(point), point])), idOf);
    } catch (error) {
      throw diskError(error, file);
    }
  }

  get(id: string): T | undefined {
    return this.#known.get(id);
  }

  /** The point of that id, measured if it is not there. */
  async at(id: string, measure: () => Promise<T>): Promise<T> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const point = await measure();
    this.#known.set(this.#idOf(point), point);
    this.#file.append(Buffer.from(`${JSON.stringify(point)}\n`));
    return point;
  }

  /** Writes out what waits. @throws StarsseError disk */
  async close(): Promise<void> {
    await this.#file.close();
  }
}

function parsed<S extends v.GenericSchema<object>>(schema: S, line: string): v.InferOutput<S>[] {
  try {
    const result = v.safeParse(schema, JSON.parse(line));
    return result.success ? [result.output] : [];
  } catch {
    return [];
  }
}
