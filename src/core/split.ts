/** The stratified, seeded split of examples into training, validation and test. */
import { StarsseError } from '../protocol/errors.ts';
import type { PlanSplit } from '../protocol/plan-data.ts';
import { permutation, randomKey } from './random.ts';

export interface Split {
  /** Positions in the labels, ascending. No position is in two of the four. */
  train: Uint32Array;
  validation: Uint32Array;
  /** Empty where the plan takes no test examples from these. */
  test: Uint32Array;
  /** What is left, for example to pre-train on without labels. */
  unused: Uint32Array;
}

/**
 * Every part holds the classes in the proportions of all labels, to within one example a class. Each class is put in a
 * random order; training is taken from its front, validation after it, test from its end: a test set does not depend on
 * how much is asked for the others, nor training on validation.
 * @param labels class of every example
 * @param without positions that no part may hold; they do not count when shares are taken
 * @throws StarsseError data-invalid when there are too few examples, in all or of one class
 */
export function splitDataset(labels: Int32Array, { train, validation, test = null, seed }: PlanSplit, without: ReadonlySet<number> = new Set()): Split {
  const byClass = positionsByClass(labels, without);
  const counts = byClass.map(([, positions]) => positions.length);
  const total = labels.length - without.size;
  const sizes = sizesOf({ train, validation, test }, total);
  const testCounts = apportion(sizes.test, counts);
  const withoutTest = counts.map((count, index) => count - testCounts[index]);
  const trainCounts = apportion(sizes.train, counts, withoutTest);
  // Validation is shared out over what the others left of each class.
  const validationCounts = apportion(sizes.validation, counts, withoutTest.map((count, index) => count - trainCounts[index]));
  const parts = { train: [] as number[], validation: [] as number[], test: [] as number[], unused: [...without] };
  for (const [index, [label, positions]] of byClass.entries()) {
    if (trainCounts[index] === 0) {
      throw new StarsseError('data-invalid', `data.split: ${sizes.train} training examples leave none of class ${label}, which has ${positions.length} of ${total}`, {
        hint: 'Ask for more training examples.',
      });
    }
    const order = permutation(randomKey(seed, 'split', label), positions.length);
    const shuffled = Array.from(order, (place) => positions[place]);
    const ends = [trainCounts[index], trainCounts[index] + validationCounts[index], positions.length - testCounts[index]];
    parts.train.push(...shuffled.slice(0, ends[0]));
    parts.validation.push(...shuffled.slice(ends[0], ends[1]));
    parts.unused.push(...shuffled.slice(ends[1], ends[2]));
    parts.test.push(...shuffled.slice(ends[2]));
  }
  const sorted = (positions: number[]) => Uint32Array.from(positions).sort();
  return { train: sorted(parts.train), validation: sorted(parts.validation), test: sorted(parts.test), unused: sorted(parts.unused) };
}

/** Counts out of counts and shares. @throws StarsseError data-invalid */
function sizesOf({ train, validation, test }: Pick<PlanSplit, 'train' | 'validation'> & { test: number | null }, total: number): { train: number; validation: number; test: number } {
  // Rounded down, so that shares that make up the whole fit into it; 0.29 x 100 is 29 all the same.
  const count = (size: number): number => (size < 1 ? Math.floor(size * total + 1e-9) : size);
  const held = { validation: count(validation), test: test === null ? 0 : count(test) };
  const sizes = { ...held, train: train === null ? total - held.validation - held.test : count(train) };
  const asked = `${train === null ? 'all other' : sizes.train} training, ${sizes.validation} validation${test === null ? '' : ` and ${sizes.test} test`} examples of ${total}`;
  if (sizes.train + sizes.validation + sizes.test > total || sizes.train < 1) {
    throw new StarsseError('data-invalid', `data.split: ${asked} cannot be had`, { hint: `Ask for at most ${total} together.` });
  }
  for (const [part, size] of [['validation', sizes.validation], ['test', test === null ? 1 : sizes.test]] as const) {
    if (size < 1) throw new StarsseError('data-invalid', `data.split: ${asked}; ${part} gets none`, { hint: `Raise data.split.${part}.` });
  }
  return sizes;
}

/** Ascending by class; classes without examples are left out. */
function positionsByClass(labels: Int32Array, without: ReadonlySet<number>): [label: number, positions: number[]][] {
  const byClass = new Map<number, number[]>();
  for (const [position, label] of labels.entries()) {
    if (without.has(position)) continue;
    const positions = byClass.get(label);
    if (positions === undefined) byClass.set(label, [position]);
    else positions.push(position);
  }
  return [...byClass].sort(([a], [b]) => a - b);
}

/** Shares `total` out in proportion to `weights`, none above its limit: floors first, then one each by the largest remainder. */
function apportion(total: number, weights: number[], limits: number[] = weights): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const shares = exact.map((share, index) => Math.min(Math.floor(share), limits[index]));
  const byRemainder = exact.map((share, index) => ({ index, remainder: share - Math.floor(share) })).sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  let left = total - shares.reduce((a, b) => a + b, 0);
  while (left > 0) {
    for (const { index } of byRemainder) {
      if (left === 0) break;
      if (shares[index] < limits[index]) {
        shares[index]++;
        left--;
      }
    }
  }
  return shares;
}
