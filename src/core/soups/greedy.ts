/**
 * Greedy soup (Wortsman et al. 2022, "Model soups", recipe 1): the members by held-out score, the best first; the next one
 * joins when the held-out score of the average rises strictly. So it is never below the best member's.
 */
import { StarsseError } from '../../protocol/errors.ts';

export interface Scored {
  name: string;
  /** On held-out data that nothing is reported on. */
  score: number;
}

export interface Selection {
  /** In the order in which they joined. */
  parents: string[];
  /** Of their soup. */
  score: number;
}

/** The held-out score of the soup of these members. */
export type ScoreOf = (parents: readonly string[]) => Promise<number>;

/** Of equals the earlier member comes first. @throws StarsseError usage for no member */
export async function greedy(members: readonly Scored[], scoreOf: ScoreOf): Promise<Selection> {
  const [best, ...others] = byScore(members);
  let soup: Selection = { parents: [best.name], score: best.score };
  for (const { name } of others) soup = await betterOf(soup, [...soup.parents, name], scoreOf);
  return soup;
}

/** The best first. @throws StarsseError usage for no member */
export function byScore(members: readonly Scored[]): Scored[] {
  if (members.length === 0) throw new StarsseError('usage', 'A soup of no members', { hint: 'Choose at least one.' });
  return members.toSorted((a, b) => b.score - a.score);
}

/** The soup of other parents where its score is strictly higher. */
export async function betterOf(soup: Selection, parents: string[], scoreOf: ScoreOf): Promise<Selection> {
  const score = await scoreOf(parents);
  return score > soup.score ? { parents, score } : soup;
}
