/**
 * Greedy soup (Wortsman et al. 2022, "Model soups", recipe 1): the members by held-out accuracy, the best first; the next one
 * joins when the held-out accuracy of the average rises strictly. So it is never below the best member's.
 */
import { StarsseError } from '../protocol/errors.ts';
import type { TensorData } from '../protocol/tensor.ts';
import { uniformSoup, type Ingredient } from './soup.ts';

export interface GreedySoup {
  /** Names, in the order in which they joined. */
  parents: string[];
  tensors: TensorData[];
  /** Held-out accuracy of the soup, 0..1. */
  score: number;
}

/**
 * @param score accuracy of weights on held-out data that nothing is reported on; running statistics of an average are its
 *   affair. Of equals the earlier member comes first.
 * @throws StarsseError usage for no member, mismatch when names, shapes or types differ
 */
export async function greedySoup(members: readonly Ingredient[], score: (tensors: readonly TensorData[], parents: readonly string[]) => Promise<number>): Promise<GreedySoup> {
  if (members.length === 0) throw new StarsseError('usage', 'A soup of no members', { hint: 'Choose at least one.' });
  uniformSoup(members); // names, shapes and types are checked before any work
  const scored: { member: Ingredient; score: number }[] = [];
  for (const member of members) scored.push({ member, score: await score(member.tensors, [member.name]) });
  const [best, ...others] = scored.toSorted((a, b) => b.score - a.score);
  let chosen = [best.member];
  let soup: GreedySoup = { parents: [best.member.name], tensors: [...best.member.tensors], score: best.score };
  for (const { member } of others) {
    const more = [...chosen, member];
    const parents = more.map(({ name }) => name);
    const tensors = uniformSoup(more);
    const reached = await score(tensors, parents);
    if (reached <= soup.score) continue;
    chosen = more;
    soup = { parents, tensors, score: reached };
  }
  return soup;
}
