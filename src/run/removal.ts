/** Taking soups, distilled networks and ensembles away again. Making one is a trainer's task. */
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { StarsseError } from '../protocol/errors.ts';
import { ClassTablesSchema, ResultTableSchema } from '../protocol/results.ts';
import { RobustnessSchema } from '../protocol/robustness.ts';
import { readJsonInside, readRun, runFiles } from './folder.ts';
import { withLock } from './lock.ts';
import { viewSoups } from './view.ts';
import { replaceJson } from './write.ts';

const ENSEMBLE_FILE = /^(ensemble-[1-9]\d{0,8})\.json$/;
/** The table is made in seconds; a soup that is being made holds it for longer, and then the user is told. */
const WAIT_MS = 5000;

/** Names of everything in a run that was made of members: soups, distilled networks, ensembles of the table and those that are a report only. */
export async function madeNames(folder: string): Promise<string[]> {
  const soups = (await viewSoups(folder)).map(({ name }) => name);
  const table = await readJsonInside(folder, runFiles.table(folder), ResultTableSchema);
  const rows = (table?.rows ?? []).flatMap(({ name, kind }) => (kind === 'ensemble' ? [name] : []));
  const files = await readdir(path.dirname(runFiles.ensemble(folder, 'ensemble-1'))).catch((): string[] => []);
  return [...new Set([...soups, ...rows, ...files.flatMap((file) => ENSEMBLE_FILE.exec(file)?.[1] ?? [])])];
}

/**
 * Deletes what was made under this name: its snapshot and predictions, its row of the table, and its part of every analysis. Members stay.
 * @throws StarsseError usage when there is none of that name; run-busy while a table is being made
 */
export async function removeMade(folder: string, name: string): Promise<void> {
  const { id } = await readRun(folder);
  await withLock(runFiles.tableLock(folder), `The result table of ${id}`, async () => {
    const names = await madeNames(folder);
    if (!names.includes(name)) {
      throw new StarsseError('usage', `The run ${id} has no soup or ensemble "${name}"`, { hint: names.length === 0 ? 'It has none.' : `It has ${names.join(', ')}.` });
    }
    await forget(folder, name);
    if (!name.startsWith('ensemble-')) {
      await rm(runFiles.snapshot(folder, name), { force: true });
      for (const set of ['validation', 'test'] as const) await rm(runFiles.predictions(folder, name, set), { force: true });
    }
    await rm(runFiles.ensemble(folder, name), { force: true });
    await rm(runFiles.measures(folder, name), { force: true });
  }, WAIT_MS);
}

/** A later network of the same name must not inherit figures. */
async function forget(folder: string, name: string): Promise<void> {
  const others = <T extends { name: string }>(rows: readonly T[]): T[] => rows.filter((row) => row.name !== name);
  const table = await readJsonInside(folder, runFiles.table(folder), ResultTableSchema);
  if (table !== null) await replaceJson(runFiles.table(folder), { ...table, rows: others(table.rows) });
  const classes = await readJsonInside(folder, runFiles.classes(folder), ClassTablesSchema);
  if (classes !== null) await replaceJson(runFiles.classes(folder), { ...classes, tables: others(classes.tables) });
  const robustness = await readJsonInside(folder, runFiles.robustness(folder), RobustnessSchema);
  if (robustness === null) return;
  const cells = robustness.cells.map((cell) => ({ ...cell, rows: Object.fromEntries(Object.entries(cell.rows).filter(([row]) => row !== name)) }));
  await replaceJson(runFiles.robustness(folder), { ...robustness, rows: others(robustness.rows), cells });
}
