/** The soup that every run gets by itself: uniform, of its members in one basin. Who is left out, and why, is told in analyses/gate.json and in the table. */
import { rm } from 'node:fs/promises';
import * as v from 'valibot';
import type { Run } from '../../../protocol/run.ts';
import { SoupRequestSchema } from '../../../protocol/soup.ts';
import { runFiles } from '../../folder.ts';
import { replaceJson } from '../../write.ts';
import type { TaskContext } from '../combine.ts';
import { addSoup } from './add-soup.ts';

const DEFAULT = v.parse(SoupRequestSchema, {});

/**
 * No soup where there is nobody to mix.
 * @param members that are trained, in the order of the run
 * @param isWanted as for `writeAveraged`
 * @throws StarsseError mismatch before any work; backend-missing, data-missing, cancelled
 */
export async function addOwnSoup(folder: string, run: Run, members: string[], context: TaskContext, isWanted?: () => Promise<boolean>): Promise<void> {
  const file = runFiles.gate(folder);
  if (members.length < 2) return await rm(file, { force: true });
  const { report } = await addSoup(folder, run, { ...DEFAULT, members }, members, context, { orNone: true, ...(isWanted === undefined ? {} : { isWanted }) });
  if (report !== null) await replaceJson(file, report);
}
