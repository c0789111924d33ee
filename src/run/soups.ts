/** Removing soups. Making one is a trainer's task. */
import { rm } from 'node:fs/promises';
import { StarsseError } from '../protocol/errors.ts';
import { ResultTableSchema } from '../protocol/results.ts';
import { readJsonInside, runFiles } from './folder.ts';
import { withLock } from './lock.ts';
import { viewRun } from './view.ts';
import { replaceJson } from './write.ts';

/** Deletes a soup's snapshot, its predictions and its row in the table. @throws StarsseError usage when there is no such soup; run-busy while a table is being made */
export async function deleteSoup(folder: string, name: string): Promise<void> {
  const { soups, id } = await viewRun(folder);
  if (!soups.some((soup) => soup.name === name)) {
    throw new StarsseError('usage', `The run ${id} has no soup "${name}"`, { hint: soups.length === 0 ? 'It has none.' : `It has ${soups.map((soup) => soup.name).join(', ')}.` });
  }
  await withLock(runFiles.tableLock(folder), `The result table of ${id}`, async () => {
    const table = await readJsonInside(folder, runFiles.table(folder), ResultTableSchema);
    if (table !== null) await replaceJson(runFiles.table(folder), { ...table, rows: table.rows.filter((row) => row.name !== name) });
    await rm(runFiles.snapshot(folder, name), { force: true });
    for (const set of ['validation', 'test'] as const) await rm(runFiles.predictions(folder, name, set), { force: true });
  });
}
