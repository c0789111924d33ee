/** What of runs could be deleted without a loss that somebody would feel: listed first, deleted only as listed. */
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { RunView } from '../protocol/run.ts';
import { bytesOf } from './disk-use.ts';
import { runFiles } from './folder.ts';
import { lockHolder } from './lock.ts';
import { viewRun } from './view.ts';

/**
 * resume: where a member that is done could have gone on; predictions: of soups that are gone; torn: what a killed writer left
 * beside its file; distillation: of an unfinished one, which then begins anew; archived: the whole run.
 */
export const LEFTOVER_KINDS = ['resume', 'predictions', 'torn', 'distillation', 'archived'] as const;
export type LeftoverKind = (typeof LEFTOVER_KINDS)[number];

export interface Leftover {
  kind: LeftoverKind;
  run: Pick<RunView, 'folder' | 'id' | 'name'>;
  /** Absolute; all inside the run's folder, of `archived` the folder itself. */
  files: string[];
  sizeBytes: number;
}

const PREDICTIONS = /^((?:member|soup-[a-z-]+|distilled)-[1-9]\d{0,8})\.(?:validation|test)\.safetensors$/;
const TORN = /^\..+\.\d+-\d+\.beside$/;
const UNFINISHED = /^([a-z]+-[0-9a-f]{10})\.resume\.safetensors$/;
/** What is beside a file for longer was left there: nobody writes one for so long. */
const TORN_AFTER_MS = 3_600_000;

/** What a run has left, in the order of the kinds; nothing of a run that somebody works on. Sizes are of the disk. */
export async function leftoversOf(run: RunView): Promise<Leftover[]> {
  if (run.status === 'running' || run.status === 'evaluating' || run.status === 'queued') return [];
  if (run.labels.archived) return await sized(run, [['archived', [run.folder]]]);
  const inside = (...parts: string[]): string => path.join(run.folder, ...parts);
  const predictions = await namesIn(inside('predictions'));
  const analyses = await namesIn(runFiles.analyses(run.folder));
  const networks = new Set([...run.members.map(({ member }) => member.name), ...run.soups.map(({ name }) => name)]);
  const folders = ['', 'requests', 'snapshots', 'predictions', 'analyses', ...run.members.map(({ member }) => path.join('members', member.name))];
  const beside = (await Promise.all(folders.map(async (folder) => (await namesIn(inside(folder))).map((name) => inside(folder, name))))).flat();
  const isTabled = (await lockHolder(runFiles.tableLock(run.folder))) === null;
  return await sized(run, [
    ['resume', resumeFiles(run)],
    ['predictions', isTabled ? predictions.filter((name) => isOfNobody(name, networks)).map((name) => inside('predictions', name)) : []],
    ['torn', await filtered(beside, async (file) => TORN.test(path.basename(file)) && (await isOld(file)))],
    ['distillation', await filtered(analyses.flatMap((name) => UNFINISHED.exec(name)?.[1] ?? []), async (name) => (await lockHolder(runFiles.analysisLock(run.folder, name))) === null)
      .then((names) => names.map((name) => runFiles.analysisResume(run.folder, name)))],
  ]);
}

/**
 * Deletes what is listed, and of that only what `leftoversOf` would still list now: a run may have gone on since. Whole
 * runs are for `removeRun`.
 * @returns bytes that were freed. @throws what `removeRun` throws
 */
export async function deleteLeftovers(chosen: readonly Leftover[], removeRun: (folder: string) => Promise<boolean>): Promise<number> {
  let freedBytes = 0;
  for (const { kind, run, files } of chosen) {
    const now = (await leftoversOf(await viewRun(run.folder))).find((leftover) => leftover.kind === kind);
    for (const file of now?.files ?? []) {
      if (!files.includes(file)) continue;
      const sizeBytes = await bytesOf(file);
      if (kind !== 'archived') await rm(file, { force: true });
      else if (!(await removeRun(file))) continue;
      freedBytes += sizeBytes;
    }
  }
  return freedBytes;
}

/** Files that only a member's training needs. `final` is for cycles that go on with the optimizer, so while all members are done nobody needs it. */
function resumeFiles({ folder, members, status }: RunView): string[] {
  const done = members.filter(({ state }) => state.status === 'done').map(({ member }) => member.name);
  return done.flatMap((name) => [runFiles.resume(folder, name), runFiles.firstEpoch(folder, name), ...(status === 'done' && done.length === members.length ? [runFiles.final(folder, name)] : [])]);
}

function isOfNobody(fileName: string, networks: ReadonlySet<string>): boolean {
  const network = PREDICTIONS.exec(fileName)?.[1];
  return network !== undefined && !networks.has(network);
}

async function sized(run: RunView, found: [LeftoverKind, string[]][]): Promise<Leftover[]> {
  const leftovers = await Promise.all(
    found.map(async ([kind, files]): Promise<Leftover> => {
      const sizes = await Promise.all(files.map(bytesOf));
      const there = files.filter((_, index) => sizes[index] > 0);
      const { folder, id, name } = run;
      return { kind, run: { folder, id, name }, files: there, sizeBytes: sizes.reduce((sum, size) => sum + size, 0) };
    }),
  );
  return leftovers.filter(({ files }) => files.length > 0);
}

async function filtered<T>(values: T[], fits: (value: T) => Promise<boolean>): Promise<T[]> {
  const fitting = await Promise.all(values.map(fits));
  return values.filter((_, index) => fitting[index]);
}

async function isOld(file: string): Promise<boolean> {
  return await stat(file).then(({ mtimeMs }) => Date.now() - mtimeMs > TORN_AFTER_MS, () => false);
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}
