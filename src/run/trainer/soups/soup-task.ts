/** The task `soup`. */
import { StarsseError } from '../../../protocol/errors.ts';
import { parseJson } from '../../../protocol/parse.ts';
import { SETTINGS_OF, SoupRequestSchema, type SoupRequest, type SoupSettings } from '../../../protocol/soup.ts';
import type { AddedSoup } from '../../task-lines.ts';
import { change, ensemblesInTable, writeTable, type TaskContext } from '../combine.ts';
import { addSoup } from './add-soup.ts';
import { soupMembers } from './candidates.ts';

/** @param request as SoupRequestSchema says. The same soup is not made twice. @throws StarsseError usage, mismatch, backend-missing */
export async function soupTask(folder: string, request: string, context: TaskContext): Promise<AddedSoup> {
  const asked = parseJson(SoupRequestSchema, request, 'soup', 'usage');
  checkSettings(asked);
  return await change(folder, async (run) => {
    const { names, placeOf } = await soupMembers(folder, run, asked);
    const request = { ...asked, ...(asked.others === undefined ? { members: names } : {}), settings: inOrder(asked, names) };
    const { name, report } = await addSoup(folder, run, request, names, context, { placeOf });
    return { table: await writeTable(folder, run, await ensemblesInTable(folder), context), added: name, gate: report };
  });
}

/** @throws StarsseError usage for settings of other rules */
export function checkSettings({ rule, settings }: Pick<SoupRequest, 'rule' | 'settings'>): void {
  const foreign = Object.keys(settings).filter((setting) => !SETTINGS_OF[rule].includes(setting as keyof SoupSettings));
  if (foreign.length === 0) return;
  const own = SETTINGS_OF[rule];
  throw new StarsseError('usage', `The rule ${rule} has no ${foreign.join(', ')}`, { hint: own.length === 0 ? 'It has no settings.' : `It has ${own.join(', ')}.` });
}

/** Weights were given in the order in which the user named the members; those of several runs are in the run's order anyway. */
function inOrder({ members: named, others, settings }: SoupRequest, members: readonly string[]): SoupSettings {
  const { weights } = settings;
  if (weights === undefined || named === undefined || others !== undefined || named.length !== weights.length) return settings;
  return { ...settings, weights: members.map((name) => weights[named.indexOf(name)]) };
}
