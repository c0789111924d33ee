/**
 * Epochs of member 1 in the rungs of successive halving (Jamieson and Talwalkar 2016), the last of which is the plan's: the
 * better half of the cells of each method go on to twice the epochs. A rung is left out where its shortest cycle would have no epoch.
 * @param epochs of the plan
 */
export function rungEpochs(epochs: number, epochRatios: readonly number[], halving: boolean, rungs = 3): number[] {
  if (!halving) return [epochs];
  const shorter = Array.from({ length: rungs - 1 }, (_, index) => Math.floor(epochs / 2 ** (rungs - 1 - index)));
  const shortest = Math.min(...epochRatios);
  return [...new Set(shorter.filter((each) => Math.floor(each * shortest + 1e-9) >= 1 && each < epochs)), epochs];
}
