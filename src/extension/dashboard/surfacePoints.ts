import { open } from 'node:fs/promises';
import { StarsseError } from '../../protocol/errors.ts';
import { parseJson } from '../../protocol/parse.ts';
import { SurfacePointSchema, type Surface, type SurfacePoint } from '../../protocol/plane.ts';
import { assertInside } from '../../run/folder.ts';
import { isPointOf } from './analysesFiles.ts';

const NEWLINE = 0x0a;

/** Points of one surface that a view has not got yet: of its file, and of the log of points beside it, read from where it stopped. */
export class SurfacePoints {
  readonly #folder: string;
  readonly #file: string;
  readonly #posted = new Set<string>();
  #offset = 0; // bytes, just after a newline
  #line = 0;

  constructor(folder: string, file: string) {
    this.#folder = folder;
    this.#file = file;
  }

  /** The view has nothing any more. */
  forget(): void {
    this.#posted.clear();
    this.#offset = this.#line = 0;
  }

  /** @throws StarsseError file-invalid, naming the line */
  async fresh(surface: Surface): Promise<SurfacePoint[]> {
    const points = [...surface.points, ...(await this.#logged(surface))];
    return points.filter(({ column, row }) => {
      const id = `${column} ${row}`;
      if (this.#posted.has(id)) return false;
      this.#posted.add(id);
      return true;
    });
  }

  async #logged(surface: Surface): Promise<SurfacePoint[]> {
    const text = await this.#newText();
    const lines = text.split('\n').slice(0, -1);
    const points = lines.flatMap((line, index) => {
      const where = `${this.#file}, line ${this.#line + index + 1}`;
      if (this.#line + index === 0) {
        if (line === JSON.stringify({ key: surface.key })) return [];
        throw new StarsseError('file-invalid', `${where}: not the points of ${surface.key}`, { hint: 'Measure again: what fits is kept.' });
      }
      const point = parseJson(SurfacePointSchema, line, where);
      if (!isPointOf(surface, point)) throw new StarsseError('file-invalid', `${where}: the point ${point.column}, ${point.row} is not of this surface`, { hint: 'Measure again: what fits is kept.' });
      return [point];
    });
    this.#line += lines.length;
    this.#offset += Buffer.byteLength(text);
    return points;
  }

  /** Whole lines that are new. A file that got shorter was written anew. */
  async #newText(): Promise<string> {
    const handle = await open(this.#file, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (handle === null) return '';
    try {
      await assertInside(this.#folder, this.#file);
      const { size } = await handle.stat();
      if (size < this.#offset) this.#offset = this.#line = 0;
      const buffer = Buffer.alloc(size - this.#offset);
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, this.#offset);
      return buffer.subarray(0, buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1).toString('utf8');
    } finally {
      await handle.close();
    }
  }
}
