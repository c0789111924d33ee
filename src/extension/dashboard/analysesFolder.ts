import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Analyses, AnalysesMessage, MemberDiversity } from '../../protocol/analyses.ts';
import { StarsseError, type ErrorJson } from '../../protocol/errors.ts';
import type { Surface } from '../../protocol/plane.ts';
import { runFiles } from '../../run/folder.ts';
import { lockHolder } from '../../run/lock.ts';
import { readBasin, readDiversity, readMeasures, readSharpness, readSurface } from './analysesFiles.ts';
import { SurfacePoints } from './surfacePoints.ts';

type Found = Omit<Analyses, 'isTrusted'>;
const BASIN = /^basin(?:-[0-9a-f]{10})?\.json$/;
const PLANE = /^plane-([0-9a-f]{10})\.json$/;
const LOCK = /^(.+)\.lock\.json$/;

/** `analyses/` of a run: what is new in it since the last look. A file is read again only when its time or size changed. */
export class AnalysesFolder {
  readonly #run: string;
  readonly #stamps = new Map<string, string>();
  readonly #values = new Map<string, unknown>();
  readonly #problems = new Map<string, ErrorJson>();
  readonly #points = new Map<string, SurfacePoints>();
  #posted: Found | null = null;

  constructor(run: string) {
    this.#run = run;
  }

  /** The view has nothing: the next look tells everything. */
  forget(): void {
    this.#posted = null;
    for (const points of this.#points.values()) points.forget();
  }

  /** null when nothing is new. What cannot be read is among the problems. */
  async look(): Promise<Pick<AnalysesMessage, 'isAll' | 'points'> & { changed: Partial<Found> } | null> {
    const names = await this.#names();
    for (const file of this.#stamps.keys()) if (!names.has(file)) this.#drop(file);
    const surfaces = await this.#surfaces(names);
    const found = await this.#found(names, surfaces);
    const gone = this.#posted?.planes.some(({ key }) => !found.planes.some((plane) => plane.key === key)) ?? false;
    if (gone) this.forget();
    const points: AnalysesMessage['points'] = [];
    for (const surface of surfaces) {
      const file = runFiles.analysisPoints(this.#run, `plane-${surface.key}`);
      const fresh = await this.#guarded(file, async () => await this.#pointsOf(surface.key, file).fresh(surface));
      if (fresh !== null && fresh.length > 0) points.push({ key: surface.key, points: fresh });
    }
    found.problems = [...this.#problems.values()];
    const isAll = this.#posted === null;
    const changed = isAll ? found : differences(this.#posted!, found);
    this.#posted = found;
    return Object.keys(changed).length === 0 && points.length === 0 ? null : { isAll, changed, points };
  }

  /** Files by their path inside `analyses/`. */
  async #names(): Promise<Set<string>> {
    const folder = runFiles.analyses(this.#run);
    const inside = async (sub: string): Promise<string[]> => (await readdir(path.join(folder, sub)).catch((): string[] => [])).map((name) => path.join(sub, name));
    return new Set((await Promise.all(['', 'ensembles', 'measures'].map(inside))).flat());
  }

  async #surfaces(names: ReadonlySet<string>): Promise<Surface[]> {
    const found = await Promise.all([...names].sort().flatMap((name) => {
      const key = PLANE.exec(name)?.[1];
      return key === undefined ? [] : [this.#value(name, async (file) => await readSurface(this.#run, file, key))];
    }));
    return found.filter((surface) => surface !== null);
  }

  async #found(names: ReadonlySet<string>, surfaces: Surface[]): Promise<Found> {
    const all = async <T>(pattern: RegExp, read: (file: string, match: string) => Promise<T | null>): Promise<T[]> => {
      const values = await Promise.all([...names].sort().flatMap((name) => (pattern.test(name) ? [this.#value(name, async (file) => await read(file, path.basename(name, '.json')))] : [])));
      return values.filter((value) => value !== null);
    };
    const basins = await all(BASIN, async (file) => await readBasin(this.#run, file));
    const diversities = await all(/^ensembles[\\/]ensemble-\d+\.json$/, async (file) => await readDiversity(this.#run, file));
    return {
      basin: basins.reduce<Found['basin']>((newest, basin) => (newest === null || basin.createdAt >= newest.createdAt ? basin : newest), null),
      planes: surfaces.map((surface) => ({ ...surface, points: [], contours: [] })),
      sharpness: names.has('sharpness.json') ? await this.#value('sharpness.json', async (file) => await readSharpness(this.#run, file)) : null,
      measures: await all(/^measures[\\/][a-z0-9-]+\.json$/, async (file, name) => await readMeasures(this.#run, file, name)),
      diversity: diversities.reduce<MemberDiversity | null>((largest, each) => (largest === null || each.members.length > largest.members.length ? each : largest), null),
      busy: await this.#busy(names),
      problems: [],
    };
  }

  async #busy(names: ReadonlySet<string>): Promise<string[]> {
    const locks = [...names].flatMap((name) => LOCK.exec(name)?.[1] ?? []).filter((name) => /^(?:basin|sharpness|plane-[0-9a-f]{10})$/.test(name)).sort();
    const holders = await Promise.all(locks.map(async (name) => await lockHolder(runFiles.analysisLock(this.#run, name)).catch(() => null)));
    return locks.filter((_, index) => holders[index] !== null);
  }

  /** What `read` makes of a file, again only when the file changed; null with a problem when it cannot be read. */
  async #value<T>(name: string, read: (file: string) => Promise<T | null>): Promise<T | null> {
    const file = path.join(runFiles.analyses(this.#run), name);
    const stamp = await stat(file).then(({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`, () => 'gone');
    if (this.#stamps.get(name) !== stamp) {
      this.#values.set(name, await this.#guarded(file, async () => await read(file)));
      this.#stamps.set(name, stamp);
    }
    return (this.#values.get(name) as T | null | undefined) ?? null;
  }

  async #guarded<T>(file: string, read: () => Promise<T>): Promise<T | null> {
    try {
      const value = await read();
      this.#problems.delete(file);
      return value;
    } catch (error) {
      this.#problems.set(file, StarsseError.from(error).toJSON());
      return null;
    }
  }

  #pointsOf(key: string, file: string): SurfacePoints {
    const points = this.#points.get(key) ?? new SurfacePoints(this.#run, file);
    this.#points.set(key, points);
    return points;
  }

  #drop(name: string): void {
    this.#stamps.delete(name);
    this.#values.delete(name);
    this.#problems.delete(path.join(runFiles.analyses(this.#run), name));
  }
}

/** Planes and measures that are not as before; of the rest each part that is not. */
function differences(before: Found, now: Found): Partial<Found> {
  const changed: Partial<Found> = {};
  const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const planes = now.planes.filter((plane) => !before.planes.some((old) => isSame(old, plane)));
  const measures = now.measures.filter((report) => !before.measures.some((old) => isSame(old, report)));
  if (planes.length > 0) changed.planes = planes;
  if (measures.length > 0) changed.measures = measures;
  if (!isSame(before.basin, now.basin)) changed.basin = now.basin;
  if (!isSame(before.sharpness, now.sharpness)) changed.sharpness = now.sharpness;
  if (!isSame(before.diversity, now.diversity)) changed.diversity = now.diversity;
  if (!isSame(before.busy, now.busy)) changed.busy = now.busy;
  if (!isSame(before.problems, now.problems)) changed.problems = now.problems;
  return changed;
}
