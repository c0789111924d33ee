/**
 * Greedy soup with removal: after the members joined as in `greedy.ts`, each is taken out on trial, and those that were passed over are tried again, until
 * neither makes the held-out score rise strictly (sequential floating forward selection: Pudil, Novovicova and Kittler 1994, "Floating search methods in
 * feature selection", here without looking ahead). Its held-out score is never below the greedy soup's.
 */
import { betterOf, byScore, greedy, type Scored, type ScoreOf, type Selection } from './greedy.ts';

/** The score rises with every change, so it ends. @throws StarsseError usage for no member */
export async function greedyWithRemoval(members: readonly Scored[], scoreOf: ScoreOf): Promise<Selection> {
  const order = byScore(members).map(({ name }) => name);
  const known = new Map(members.map(({ name, score }) => [name, score]));
  const scoreOnce: ScoreOf = async (parents) => {
    const key = parents.toSorted().join();
    const score = known.get(key) ?? (await scoreOf(parents));
    known.set(key, score);
    return score;
  };
  let soup = await greedy(members, scoreOnce);
  for (;;) {
    const before: Selection = soup;
    for (const name of before.parents) {
      if (soup.parents.length > 1) soup = await betterOf(soup, soup.parents.filter((parent) => parent !== name), scoreOnce);
    }
    for (const name of order) {
      if (!soup.parents.includes(name)) soup = await betterOf(soup, [...soup.parents, name], scoreOnce);
    }
    if (soup === before) return soup;
  }
}
