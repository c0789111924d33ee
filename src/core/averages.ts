/**
 * Averages of one training's own weights.
 *
 * SWA (Izmailov et al. 2018): the mean of the weights after each epoch from a start epoch on, n of them so far:
 *   mean <- mean + (w - mean) / n
 * EMA (Polyak averaging with a constant decay): from the weights at the first step, after each step
 *   mean <- decay mean + (1 - decay) w
 * Running statistics are averaged alike, which is the naive variant: re-estimate them before use (`reestimate.ts`).
 */
import * as tf from '@tensorflow/tfjs-core';
import { StarsseError } from '../protocol/errors.ts';
import type { NetworkSpec } from '../protocol/network.ts';
import type { Member } from '../protocol/run.ts';
import type { TensorData } from '../protocol/tensor.ts';
import { parametersOf } from './network.ts';
import { readBack, tensorOf, type Weights } from './weights.ts';

/** `swa/<weight>` and `ema/<weight>` of every weight and statistic, or of none before the average begins. */
export type Averages = ReadonlyMap<string, tf.Tensor>;
export type AverageKind = 'swa' | 'ema';

/** Names of tensors in files that are averages. */
export const AVERAGE_NAME = /^(?:swa|ema)\/(.+)$/;

/** Where the training of a member stands, without its probe. */
export interface Moment {
  stepsDone: number;
  stepsPerEpoch: number;
}

/** Averages that exist at a moment of a member's training. */
export function averagesAt({ swa, ema }: Pick<Member, 'swa' | 'ema'>, { stepsDone, stepsPerEpoch }: Moment): AverageKind[] {
  const kinds: AverageKind[] = [];
  if (swa !== null && Math.floor(stepsDone / stepsPerEpoch) > swa.startEpoch) kinds.push('swa');
  if (ema !== null && stepsDone > 0) kinds.push('ema');
  return kinds;
}

/** The averages with an EMA that begins at these weights. */
export function startEma(averages: Averages, weights: Weights): Averages {
  return new Map([...averages, ...Array.from(weights, ([name, weight]): [string, tf.Tensor] => [`ema/${name}`, weight.clone()])]);
}

/**
 * The averages after a step; those that moved are new tensors, the old ones are disposed.
 * @param moment counts the step
 * @param weights those after the step; asked for when an average moves
 */
export function averagesAfter(averages: Averages, { swa, ema }: Pick<Member, 'swa' | 'ema'>, { stepsDone, stepsPerEpoch }: Moment, weights: () => Weights): Averages {
  const seen = swa !== null && stepsDone % stepsPerEpoch === 0 ? stepsDone / stepsPerEpoch - swa.startEpoch : 0;
  if (ema === null && seen < 1) return averages;
  const next = new Map(averages);
  const move = (kind: AverageKind, name: string, weight: tf.Tensor, share: number): void => {
    const key = `${kind}/${name}`;
    const old = averages.get(key);
    next.set(key, old === undefined ? weight.clone() : moved(old, weight, share));
    old?.dispose();
  };
  for (const [name, weight] of weights()) {
    if (ema !== null) move('ema', name, weight, 1 - ema.decay);
    if (seen >= 1) move('swa', name, weight, 1 / seen);
  }
  return next;
}

/** mean + share (weight - mean), a new tensor. */
function moved(mean: tf.Tensor, weight: tf.Tensor, share: number): tf.Tensor {
  return tf.tidy(() => tf.add(mean, tf.mul(tf.sub(weight, mean), share)));
}

/** Are exactly these averages there? @throws StarsseError mismatch */
export function checkAverages(averages: Averages, weights: Weights, expected: readonly AverageKind[], who: string): void {
  const names = expected.flatMap((kind) => Array.from(weights.keys(), (name) => `${kind}/${name}`));
  const missing = names.filter((name) => !averages.has(name));
  const surplus = [...averages.keys()].filter((name) => !names.includes(name));
  if (missing.length + surplus.length === 0) return;
  const problems = [...missing.map((name) => `${name} is missing`), ...surplus.map((name) => `${name} is not part of it`)];
  throw new StarsseError('mismatch', `The saved averages of ${who} do not fit its training: ${problems.slice(0, 10).join('; ')}`, { hint: 'Delete its resume file to train it from its start.' });
}

/** An average as the weights of a snapshot; null when it has not begun. */
export async function averageToData(network: NetworkSpec, averages: Averages, kind: AverageKind): Promise<TensorData[] | null> {
  const parameters = parametersOf(network);
  if (!averages.has(`${kind}/${parameters[0].name}`)) return null;
  return await readBack(parameters, new Map(parameters.map(({ name }) => [name, tensorOf(averages, `${kind}/${name}`)])));
}

