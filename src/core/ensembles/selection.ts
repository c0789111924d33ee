/** Which members make the best ensemble, by held-out predictions; of equal metrics the lower NLL is better. */
import { StarsseError } from '../../protocol/errors.ts';
import { isBetter, type MemberTables, type Score } from './members.ts';

export interface Selection {
  /** How often each candidate was taken. */
  counts: number[];
  score: Score;
  /** What was taken at each step, and the score after it. */
  path: { added: number; score: Score }[];
  /** Ensembles that were scored. */
  tried: number;
}

/** All subsets of more candidates are too many. */
export const MOST_FOR_BEST = 12;

/** Lets others run, and throws when it is to stop. */
export type Breath = (fraction: number) => Promise<void>;

/**
 * Greedy selection with replacement (Caruana et al. 2004, "Ensemble selection from libraries of models"): each step takes the candidate
 * that makes the ensemble best, even if it gets worse by that; kept is the best ensemble on the way. So it is never below the best
 * candidate's.
 * @param steps by default twice the candidates, 50 at most
 */
export async function greedySelection(tables: MemberTables, breathe: Breath, steps = Math.min(50, 2 * tables.count)): Promise<Selection> {
  let sum = tables.emptySum();
  let [trial, bestTrial] = [tables.emptySum(), tables.emptySum()];
  const path: Selection['path'] = [];
  for (let step = 1; step <= steps; step++) {
    let best: { added: number; score: Score } | null = null;
    for (let candidate = 0; candidate < tables.count; candidate++) {
      tables.add(sum, candidate, trial);
      const score = tables.score(trial, step);
      if (!isBetter(score, best?.score ?? null)) continue;
      best = { added: candidate, score };
      [trial, bestTrial] = [bestTrial, trial];
    }
    [sum, bestTrial] = [bestTrial, sum];
    path.push(best!);
    await breathe(step / steps);
  }
  let kept = 0;
  for (const [place, { score }] of path.entries()) if (isBetter(score, path[kept].score)) kept = place;
  const taken = path.slice(0, kept + 1);
  const counts = tables.tables.map((_, candidate) => taken.filter(({ added }) => added === candidate).length);
  return { counts, score: path[kept].score, path: taken, tried: steps * tables.count };
}

/**
 * The best of all 2^K - 1 subsets, of equals the smaller, then the earlier. Each subset's sum is its parent's plus one member.
 * @throws StarsseError usage for more than 12 candidates
 */
export async function bestSubset(tables: MemberTables, breathe: Breath): Promise<Selection> {
  const { count } = tables;
  if (count > MOST_FOR_BEST) throw new StarsseError('usage', `The best of all subsets of ${count} members: more than ${MOST_FOR_BEST} have too many`, { hint: 'Use greedy selection, or choose fewer with --members.' });
  const all = 2 ** count - 1;
  let tried = 0;
  let best: { members: number[]; score: Score } | null = null;
  const sums = Array.from({ length: count + 1 }, () => tables.emptySum());
  const visit = async (members: number[]): Promise<void> => {
    for (let next = (members.at(-1) ?? -1) + 1; next < count; next++) {
      const subset = [...members, next];
      tables.add(sums[members.length], next, sums[subset.length]);
      const score = tables.score(sums[subset.length], subset.length);
      const isEqual = best !== null && !isBetter(best.score, score);
      if (isBetter(score, best?.score ?? null) || (isEqual && subset.length < best!.members.length)) best = { members: subset, score };
      tried += 1;
      if (tried % 32 === 0) await breathe(tried / all);
      await visit(subset);
    }
  };
  await visit([]);
  const { members, score } = best!;
  return { counts: Array.from({ length: count }, (_, member) => (members.includes(member) ? 1 : 0)), score, path: [], tried };
}
