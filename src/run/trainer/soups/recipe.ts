/** From an order to the rule that mixes: who is in it, and with what shares. What is chosen is chosen on validation data. */
import { dare } from '../../../core/soups/dare.ts';
import { byScore, greedy, type Scored, type ScoreOf } from '../../../core/soups/greedy.ts';
import { greedyWithRemoval } from '../../../core/soups/greedy-removal.ts';
import { learnedRule, WHOLE } from '../../../core/soups/learned.ts';
import { modelStock } from '../../../core/soups/model-stock.ts';
import type { SoupRule } from '../../../core/soups/rule.ts';
import { slerp } from '../../../core/soups/slerp.ts';
import { ties } from '../../../core/soups/ties.ts';
import { uniform } from '../../../core/soups/uniform.ts';
import { shareSum, weighted } from '../../../core/soups/weighted.ts';
import { ALPHAS, wiseFt } from '../../../core/soups/wise-ft.ts';
import { metricOf } from '../../../core/metrics.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { SoupRuleName, SoupSettings } from '../../../protocol/soup.ts';
import type { LinePoint, TaskStep } from '../../../protocol/task-steps.ts';
import { forHead, predictionsOf, PRETRAINED, pretrainedSource, scoreOf, sourcesOf, type Kitchen } from './kitchen.ts';
import { learnSoup } from './learn-soup.ts';
import type { SoupSource } from './sources.ts';

/** Of TIES and DARE, as their authors recommend. */
export const DENSITY = 0.2;
export const DROP = 0.9;

export interface Recipe {
  /** Members that are in it. */
  parents: string[];
  rule: SoupRule;
  /** What the rule mixes: the parents, and the pre-trained network where the rule needs it. */
  sources: readonly SoupSource[];
  /** Share of each parent, where the rule is a sum; by layer where layers differ. */
  weights: Record<string, number> | Record<string, Record<string, number>> | null;
  /** The rule's settings, those that were chosen on validation data included. */
  settings: SoupSettings;
  /** What was tried on validation data on the way to it. */
  path: TaskStep[];
}

/** Refuses what cannot be mixed so, before anything is read. @throws StarsseError usage */
export function checkRecipe(rule: SoupRuleName, { weights }: SoupSettings, members: readonly string[]): void {
  const refuse = (problem: string, hint: string): never => {
    throw new StarsseError('usage', `${problem}, and there ${members.length === 1 ? 'is' : 'are'} ${members.length}: ${members.join(', ')}`, { hint });
  };
  if (rule === 'slerp' && members.length !== 2) refuse('slerp mixes two members', 'Name two with --members.');
  if (rule === 'model-stock' && members.length < 2) refuse('model-stock needs the angles between members', 'Name at least two with --members.');
  if (rule === 'weighted' && weights?.length !== members.length) refuse(`weighted needs one weight a member, ${weights?.length ?? 0} were given`, 'Give them with --weights, in the order of the members.');
  if (rule === 'weighted') shareSum(weights!);
}

/** @throws StarsseError usage, file-missing, cancelled */
export async function recipeOf(kitchen: Kitchen, rule: SoupRuleName, members: string[], settings: SoupSettings): Promise<Recipe> {
  const sources = sourcesOf(kitchen, members);
  const count = members.length;
  const equal = Object.fromEntries(members.map((name) => [name, 1 / count]));
  const path: TaskStep[] = [];
  const plain = { parents: members, sources, settings, weights: equal, path };
  const withBase = async (mixer: SoupRule, rest: Partial<Recipe>): Promise<Recipe> => ({ ...plain, rule: forHead(mixer, count, kitchen), sources: [...sources, await pretrainedSource(kitchen)], weights: null, ...rest });
  switch (rule) {
    case 'uniform':
      return { ...plain, rule: uniform(count) };
    case 'greedy':
    case 'greedy-removal': {
      const { parents } = await (rule === 'greedy' ? greedy : greedyWithRemoval)(...(await tasting(kitchen, members, path)));
      return { ...plain, parents, rule: uniform(parents.length), sources: sourcesOf(kitchen, parents), weights: Object.fromEntries(parents.map((name) => [name, 1 / parents.length])) };
    }
    case 'weighted': {
      const weights = settings.weights!;
      return { ...plain, rule: weighted(weights), weights: Object.fromEntries(members.map((name, index) => [name, weights[index] / shareSum(weights)])) };
    }
    case 'learned': {
      const { coefficients } = await learnSoup(kitchen, sources, settings);
      const named = Array.from(coefficients, ([layer, shares]) => [layer, Object.fromEntries(members.map((name, index) => [name, shares[index]]))] as const);
      return { ...plain, rule: learnedRule(coefficients), weights: settings.perLayer === true ? Object.fromEntries(named.filter(([layer]) => layer !== WHOLE)) : named[0][1] };
    }
    case 'wise-ft': {
      const { sources: withPretrained } = await withBase(wiseFt(count, 1), {});
      if (settings.alpha === undefined) path.push(...(await measuredLine(kitchen, withPretrained, count)).map((point) => ({ kind: 'line' as const, ...point })));
      const alpha = settings.alpha ?? bestAlpha(path);
      return await withBase(wiseFt(count, alpha), { settings: { alpha }, weights: { ...Object.fromEntries(members.map((name) => [name, alpha / count])), [PRETRAINED]: 1 - alpha } });
    }
    case 'slerp': {
      const { at = 0.5 } = settings;
      return { ...plain, rule: slerp(at), settings: { at }, weights: null };
    }
    case 'ties': {
      const { density = DENSITY, scale = 1 } = settings;
      return await withBase(ties(count, { density, scale }), { settings: { density, scale } });
    }
    case 'dare': {
      const { drop = DROP, scale = 1, seed = kitchen.run.plan.seed } = settings;
      return await withBase(dare(count, { drop, scale, seed }), { settings: { drop, scale, seed } });
    }
    case 'model-stock':
      return await withBase(modelStock(count), {});
  }
}

/** Members by the plan's metric on validation data, and the score of a soup of some; every soup that is tried is told, and put into `path`. */
async function tasting(kitchen: Kitchen, members: readonly string[], path: TaskStep[]): Promise<[Scored[], ScoreOf]> {
  const { metric } = kitchen.run.plan.evaluation;
  const scored = await Promise.all(members.map(async (name) => ({ name, score: metricOf(await predictionsOf(kitchen.placeOf(name)), metric) })));
  const [best] = byScore(scored);
  let highest = best.score;
  const tell = (step: TaskStep & { kind: 'try' }): void => {
    path.push(step);
    kitchen.step(`Tried ${step.parents.join(', ')}`, 0.4, step);
  };
  tell({ kind: 'try', parents: [best.name], score: best.score, taken: true });
  return [scored, async (parents) => {
    const { score } = await scoreOf(kitchen, uniform(parents.length), sourcesOf(kitchen, parents), () => kitchen.step(`Trying ${parents.join(', ')}`, 0.4));
    // A greedy soup takes whatever raises the score, and nothing else.
    const taken = score > highest;
    if (taken) highest = score;
    tell({ kind: 'try', parents: [...parents], score, taken });
    return score;
  }];
}

/** The scores along the line of WiSE-FT, each told as soon as it is measured. @param sources the members and the pre-trained network */
export async function measuredLine(kitchen: Kitchen, sources: readonly SoupSource[], count: number): Promise<LinePoint[]> {
  const line: LinePoint[] = [];
  for (const alpha of ALPHAS) {
    const { score, loss } = await scoreOf(kitchen, forHead(wiseFt(count, alpha), count, kitchen), sources, () => kitchen.step(`Trying alpha ${alpha}`, 0.3 + 0.2 * alpha));
    line.push({ alpha, score, loss });
    kitchen.step(`Tried alpha ${alpha}`, 0.3 + 0.2 * alpha, { kind: 'line', alpha, score, loss });
  }
  return line;
}

/** By the metric on validation data; of equals the one of the lower loss. */
function bestAlpha(path: readonly TaskStep[]): number {
  const line = path.filter((step) => step.kind === 'line');
  return line.reduce((best, point) => (point.score > best.score || (point.score === best.score && point.loss < best.loss) ? point : best)).alpha;
}
