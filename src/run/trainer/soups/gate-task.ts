/** The task `gate`: who may go into a soup, and the line of WiSE-FT, before anybody makes one. Nothing is written. */
import { parseJson } from '../../../protocol/parse.ts';
import { SoupRequestSchema, type Looked } from '../../../protocol/soup.ts';
import { readRun } from '../../folder.ts';
import type { TaskContext } from '../combine.ts';
import { readModel } from '../run-network.ts';
import { look } from './admit.ts';
import { soupMembers } from './candidates.ts';
import { pretrainedSource, sourcesOf } from './kitchen.ts';
import { measuredLine } from './recipe.ts';
import { statisticsOf, withKitchen } from './with-kitchen.ts';

/** @param request as SoupRequestSchema says. Members are told as they are looked at. @throws StarsseError usage, mismatch, backend-missing, data-missing, cancelled */
export async function gateTask(folder: string, request: string, context: TaskContext): Promise<Looked> {
  const asked = parseJson(SoupRequestSchema, request, 'gate', 'usage');
  const run = await readRun(folder);
  const model = await readModel(folder);
  const { names, placeOf } = await soupMembers(folder, run, asked);
  return await withKitchen({ folder, run, model, members: names, placeOf, statistics: statisticsOf(model, asked) }, context, async (kitchen) => {
    const gate = await look(kitchen, names, asked);
    if (asked.rule !== 'wise-ft') return { gate, line: null };
    const taken = gate.members.filter((member) => member.taken).map(({ name }) => name);
    return { gate, line: await measuredLine(kitchen, [...sourcesOf(kitchen, taken), await pretrainedSource(kitchen)], taken.length) };
  });
}
