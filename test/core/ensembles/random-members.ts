import type { Predictions } from '../../../src/core/metrics.ts';
import { integer, normal, randomKey } from '../../../src/core/random.ts';

/** Members that are right more often than not. */
export function randomMembers(count: number, objects: number, classes: number, seed: number): Predictions[] {
  const key = randomKey(seed, 'task');
  const labels = Int32Array.from({ length: objects }, (_, row) => integer(key, row, classes));
  return Array.from({ length: count }, (_, member) => {
    const own = randomKey(seed, 'task', member);
    return { logits: Float64Array.from({ length: objects * classes }, (__, index) => 2 * normal(own, index) + (labels[Math.floor(index / classes)] === index % classes ? 1.5 : 0)), labels, classes };
  });
}
