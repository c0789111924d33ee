/** Figures of a node: a tensor's own, a layer's from those of its tensors. */
import type { TensorDifference, TensorStatistics } from '../../src/protocol/checkpoint.ts';
import { tensorsOf, type Line, type Node } from './tree.ts';

export type Status = 'only-a' | 'only-b' | 'shape' | 'dtype' | 'same';

/** Of a line of two files. Another type alone does not hinder a comparison. */
export function statusOf({ a, b }: Line): Status {
  if (a === null) return 'only-b';
  if (b === null) return 'only-a';
  if (a.shape.join() !== b.shape.join()) return 'shape';
  return a.dtype === b.dtype ? 'same' : 'dtype';
}

/** Of a tensor or a layer, which has no deviation. */
export interface Measured extends Omit<TensorStatistics, 'name' | 'histogram'> {
  /** Tensors with figures. */
  tensors: number;
}

/** Null where nothing was measured. */
export function measuredOf(node: Node, statistics: ReadonlyMap<string, TensorStatistics>): Measured | null {
  const found = tensorsOf(node).flatMap(({ line }) => statistics.get(line?.name ?? '') ?? []);
  if (found.length === 0) return null;
  const sum = (of: (one: TensorStatistics) => number): number => found.reduce((total, one) => total + of(one), 0);
  const known = found.filter(({ norm }) => norm !== null);
  const finite = sum(({ count, nan, infinite }) => count - nan - infinite);
  return {
    tensors: found.length,
    count: sum(({ count }) => count),
    min: known.length === 0 ? null : known.reduce((least, { min }) => Math.min(least, min ?? least), Infinity),
    max: known.length === 0 ? null : known.reduce((most, { max }) => Math.max(most, max ?? most), -Infinity),
    mean: known.length === 0 ? null : sum(({ mean, count, nan, infinite }) => (mean ?? 0) * (count - nan - infinite)) / finite,
    deviation: node.line === null ? null : found[0].deviation,
    norm: known.length === 0 ? null : Math.sqrt(sum(({ norm }) => (norm ?? 0) ** 2)),
    zeros: sum(({ zeros }) => zeros),
    nan: sum(({ nan }) => nan),
    infinite: sum(({ infinite }) => infinite),
  };
}

export interface Change {
  distance: number | null;
  /** distance / |a|; null where a is zero and b is not. */
  relative: number | null;
  cosine: number | null;
  largest: number | null;
  normA: number | null;
  normB: number | null;
}

/** All numbers below a node as one vector; null where none was compared. */
export function changeOf(node: Node, differences: ReadonlyMap<string, TensorDifference>): Change | null {
  const found = tensorsOf(node).flatMap(({ line }) => differences.get(line?.name ?? '') ?? []);
  if (found.length === 0) return null;
  const root = (of: (one: TensorDifference) => number | null): number | null => {
    const total = found.reduce<number | null>((sum, one) => addTo(sum, of(one), (value) => value * value), 0);
    return total === null ? null : Math.sqrt(total);
  };
  const distance = root((one) => one.distance);
  const [normA, normB] = [root((one) => one.normA), root((one) => one.normB)];
  const dot = found.reduce<number | null>((sum, one) => addTo(sum, one.dot, (value) => value), 0);
  const largest = found.reduce<number | null>((most, one) => (most === null || one.largest === null ? null : Math.max(most, one.largest)), 0);
  return { distance, relative: ratio(distance, normA), cosine: distance === 0 ? 1 : cosine(dot, normA, normB), largest, normA, normB };
}

function addTo(sum: number | null, value: number | null, of: (value: number) => number): number | null {
  return sum === null || value === null ? null : sum + of(value);
}

function ratio(distance: number | null, norm: number | null): number | null {
  if (distance === 0) return 0;
  return distance === null || norm === null || norm === 0 ? null : distance / norm;
}

/** a . b / (|a| |b|); rounding may carry it past one. */
function cosine(dot: number | null, normA: number | null, normB: number | null): number | null {
  if (dot === null || normA === null || normB === null || normA * normB === 0) return null;
  return Math.min(1, Math.max(-1, dot / (normA * normB)));
}
