/** One soup of a run: of its members in one basin, by any rule. */
import { weightsFrom } from '../../../core/weights.ts';
import type { Run } from '../../../protocol/run.ts';
import type { SoupReport, SoupRequest, SoupSettings } from '../../../protocol/soup.ts';
import { writeAveraged } from '../averaged-network.ts';
import type { TaskContext } from '../combine.ts';
import { readModel } from '../run-network.ts';
import { admit, look } from './admit.ts';
import type { Place } from './kitchen.ts';
import { checkRecipe, recipeOf, type Recipe } from './recipe.ts';
import { mixedInMemory } from './stretches.ts';
import { statisticsOf, withKitchen } from './with-kitchen.ts';

export interface SoupOrder {
  request: SoupRequest;
  /** Candidates, in the order of the run. */
  members: string[];
  placeOf(member: string): Place;
  /** True for whoever wants no soup rather than an error where only one member may go in. */
  orNone?: boolean;
  /** The soup that was made by such an order before, and what was found of its members then. */
  madeBefore(request: string): MadeSoup | null;
  /** The name for a soup, or that of the same one. */
  soupOf(parents: string[], settings: string): { name: string; isThere: boolean };
  /** As for `writeAveraged`. */
  isWanted?: () => Promise<boolean>;
}

export interface MadeSoup {
  /** null where only one member may go in. */
  name: string | null;
  /** Of the members that were looked at; null where nobody looked. */
  report: SoupReport | null;
}

/** The same soup is not made twice. @throws StarsseError usage, mismatch before any work; backend-missing, data-missing, cancelled */
export async function makeSoup(folder: string, run: Run, { request, members, placeOf, orNone = false, madeBefore, soupOf, isWanted }: SoupOrder, context: TaskContext): Promise<MadeSoup> {
  const { rule, settings } = request;
  const { signal } = context;
  const model = await readModel(folder);
  const statistics = statisticsOf(model, request);
  checkRecipe(rule, settings, members);
  const order = JSON.stringify({ ...request, statistics, members });
  const before = madeBefore(order);
  if (before !== null) return before;
  return await withKitchen({ folder, run, model, members, placeOf, statistics }, context, async (kitchen) => {
    const report = members.length === 1 ? null : await (orNone ? look : admit)(kitchen, members, request);
    const taken = members.filter((name) => report?.members.find((member) => member.name === name)?.taken ?? true);
    if (orNone && taken.length === 1) return { name: null, report };
    const recipe = await recipeOf(kitchen, rule, taken, ofTaken(settings, members, taken));
    const { name, isThere } = soupOf(recipe.parents, settingsText(recipe.settings, statistics));
    if (isThere) return { name, report };
    const tensors = await mixedInMemory(recipe.rule, recipe.sources, { signal });
    const soup = {
      weights: weightsFrom(model.network, tensors, name), name, parents: recipe.parents, rule, details: detailsOf(recipe, statistics, { request: order, ...(report === null ? {} : { gate: JSON.stringify(report) }) }),
      keepsStatistics: statistics === 'average' || recipe.sources.length === 1, ...(isWanted === undefined ? {} : { isWanted }),
    };
    await writeAveraged(folder, run, kitchen.runner, kitchen.data, soup, (message, fraction) => kitchen.step(message, 0.5 + 0.5 * fraction));
    return { name, report };
  });
}

/** Weights go with their members. */
function ofTaken({ weights, ...rest }: SoupSettings, members: readonly string[], taken: readonly string[]): SoupSettings {
  return weights === undefined ? rest : { ...rest, weights: weights.filter((_, index) => taken.includes(members[index])) };
}

/** What beside rule and parents tells one soup from another. */
function settingsText(settings: Recipe['settings'], statistics: SoupRequest['statistics']): string {
  return JSON.stringify({ ...settings, ...(statistics === 'average' ? { statistics } : {}) });
}

/** For the header of the snapshot. */
function detailsOf({ weights, settings, path }: Recipe, statistics: SoupRequest['statistics'], origin: Record<string, string>): Record<string, string> {
  return { ...(weights === null ? {} : { weights: JSON.stringify(weights) }), settings: settingsText(settings, statistics), statistics, ...(path.length === 0 ? {} : { path: JSON.stringify(path) }), ...origin };
}
