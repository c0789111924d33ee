/** Sums of members' probabilities (or logits), from which subsets are scored without another softmax. */
import type { Metric } from '../../protocol/results.ts';
import { checkSameObjects, type EnsembleRule } from '../ensemble.ts';
import { mean, type Predictions } from '../metrics.ts';
import { addSoftmaxes, logNormalisers } from '../softmax.ts';

export interface Score {
  /** The metric, 0..1. */
  metric: number;
  accuracy: number;
  nll: number;
}

export class MemberTables {
  readonly count: number;
  /** Probabilities or logits of each member, [objects, classes]. */
  readonly tables: (Float32Array | Float64Array)[];
  readonly #labels: Int32Array;
  readonly #classes: number;
  readonly #rule: EnsembleRule;
  readonly #metric: Metric;

  /** @throws StarsseError usage, mismatch, as `ensemble` */
  constructor(members: readonly Predictions[], rule: EnsembleRule, metric: Metric) {
    checkSameObjects(members);
    this.count = members.length;
    this.#labels = members[0].labels;
    this.#classes = members[0].classes;
    this.#rule = rule;
    this.#metric = metric;
    this.tables = members.map(({ logits, classes }) => {
      if (rule === 'logit-mean') return logits;
      const table = new Float64Array(logits.length);
      addSoftmaxes([logits], classes, [1], table);
      return table;
    });
  }

  emptySum(): Float64Array {
    return new Float64Array(this.tables[0].length);
  }

  /** `into` = `sum` + the member's table. */
  add(sum: Float64Array, member: number, into: Float64Array): void {
    const table = this.tables[member];
    for (let index = 0; index < into.length; index++) into[index] = sum[index] + table[index];
  }

  /** Of the mean of `size` members that `sum` is the sum of. */
  score(sum: Float64Array, size: number): Score {
    const right = this.#rights(sum);
    const accuracy = mean(right);
    return { accuracy, metric: this.#metric === 'accuracy' ? accuracy : this.#perClass(right), nll: this.#nll(sum, size) };
  }

  #rights(sum: Float64Array): Uint8Array {
    const [labels, classes] = [this.#labels, this.#classes];
    const right = new Uint8Array(labels.length);
    for (let row = 0; row < right.length; row++) {
      const start = row * classes;
      let best = 0;
      for (let label = 1; label < classes; label++) if (sum[start + label] > sum[start + best]) best = label;
      right[row] = best === labels[row] ? 1 : 0;
    }
    return right;
  }

  #perClass(right: Uint8Array): number {
    const counts = new Float64Array(this.#classes);
    const hits = new Float64Array(this.#classes);
    for (let row = 0; row < right.length; row++) {
      counts[this.#labels[row]]++;
      hits[this.#labels[row]] += right[row];
    }
    return mean(Array.from(hits).flatMap((hit, label) => (counts[label] === 0 ? [] : [hit / counts[label]])));
  }

  #nll(sum: Float64Array, size: number): number {
    const [labels, classes] = [this.#labels, this.#classes];
    if (this.#rule === 'probability-mean') return -mean(Float64Array.from(labels, (label, row) => Math.log(sum[row * classes + label] / size)));
    const logits = sum.map((total) => total / size);
    return mean(logNormalisers(logits, classes).map((normaliser, row) => normaliser - logits[row * classes + labels[row]]));
  }
}

/** Sums of the same numbers in another order differ by less. */
const ROUNDING = 1e-12;

/** Is it better: the metric higher, of equals the NLL lower? */
export function isBetter(one: Score, other: Score | null): boolean {
  if (other === null || Math.abs(one.metric - other.metric) > ROUNDING) return other === null || one.metric > other.metric;
  return one.nll < other.nll - ROUNDING;
}
