/** A soup's name, and whether it is there already. */
import { parseJson } from '../../../protocol/parse.ts';
import type { Run } from '../../../protocol/run.ts';
import { SoupReportSchema, type SoupReport, type SoupRequest } from '../../../protocol/soup.ts';
import { runFiles } from '../../folder.ts';
import { readSafetensorsHeader } from '../../safetensors-file.ts';
import { viewSoups } from '../../view.ts';
import type { TaskContext } from '../combine.ts';
import { makeSoup, type MadeSoup, type SoupOrder } from './make-soup.ts';

/** Of soups that were made before headers told. */
const NO_SETTINGS = '{}';

/** @param rest as in an order. @throws StarsseError as `makeSoup` */
export async function addSoup(folder: string, run: Run, request: SoupRequest, members: string[], context: TaskContext, rest: Partial<Pick<SoupOrder, 'orNone' | 'isWanted' | 'placeOf'>> = {}): Promise<MadeSoup> {
  const soups = (await viewSoups(folder)).filter((soup) => soup.rule === request.rule);
  const known = await Promise.all(soups.map(async ({ name, parents }) => ({ name, parents, metadata: (await readSafetensorsHeader(runFiles.snapshot(folder, name))).metadata })));
  const next = `soup-${request.rule}-${1 + Math.max(0, ...soups.map(({ name }) => Number(/\d+$/.exec(name)?.[0] ?? 0)))}`;
  return await makeSoup(folder, run, {
    request,
    members,
    placeOf: (name) => ({ folder, name }),
    madeBefore(order) {
      const same = known.find(({ metadata }) => metadata.request === order);
      return same === undefined ? null : { name: same.name, report: reportOf(same.metadata, same.name) };
    },
    soupOf(parents, settings) {
      const same = known.find((soup) => soup.parents.join() === parents.join() && (soup.metadata.settings ?? NO_SETTINGS) === settings);
      return same === undefined ? { name: next, isThere: false } : { name: same.name, isThere: true };
    },
    ...rest,
  }, context);
}

/** What its header tells of the candidates; null where it tells nothing. @throws StarsseError file-invalid */
function reportOf({ gate }: Record<string, string>, name: string): SoupReport | null {
  return gate === undefined ? null : parseJson(SoupReportSchema, gate, `gate of ${name}`, 'file-invalid');
}
