/** Which run the user means: a folder, an id, or the beginning of one. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { StarsseError } from '../../protocol/errors.ts';
import { listRuns, runFiles, RUNS_FOLDER } from '../folder.ts';

const SHOWN = 5;

/** The runs folder: the user's choice, else that of the folder given (by default the current one). */
export function runsFolderOf(chosen: string | undefined, workspace = '.'): string {
  return path.resolve(chosen ?? path.join(workspace, RUNS_FOLDER));
}

/** @returns the run's folder, absolute. @throws StarsseError usage when there is none or more than one. */
export async function findRun(named: string, runs: string | undefined): Promise<string> {
  if (await isFile(runFiles.run(named))) return path.resolve(named);
  const runsFolder = runsFolderOf(runs);
  const folders = await listRuns(runsFolder);
  const matching = folders.filter((folder) => path.basename(folder).startsWith(named));
  const exact = matching.find((folder) => path.basename(folder) === named);
  if (exact !== undefined) return exact;
  if (matching.length === 1) return matching[0];
  if (matching.length === 0) {
    throw new StarsseError('usage', `no run "${named}": it is neither a run folder nor the beginning of an id in ${runsFolder}`, {
      hint: folders.length === 0 ? 'There are no runs there; name another folder with --runs.' : `There are: ${names(folders)}.`,
    });
  }
  throw new StarsseError('usage', `"${named}" is the beginning of ${matching.length} ids`, { hint: `Say which: ${names(matching)}.` });
}

function names(folders: string[]): string {
  const shown = folders.slice(0, SHOWN).map((folder) => path.basename(folder));
  return shown.join(', ') + (folders.length > SHOWN ? ', ...' : '');
}

async function isFile(file: string): Promise<boolean> {
  return await stat(file).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
