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

/**
 * Room for every average that a member has: those that have begun as they are, an EMA at the weights of now, an SWA at zero. Moving one by
 * a share of 1 makes it the weights.
 * @returns new tensors with numbers of their own for those that have not begun, the others are the same
 */
export function roomForAverages(begun: Averages, { swa, ema }: Pick<Member, 'swa' | 'ema'>, weights: Weights): Averages {
  const room = new Map(begun);
  for (const [name, weight] of weights) if (ema !== null && !begun.has(`ema/${name}`)) room.set(`ema/${name}`, tf.mul(weight, 1));
  for (const [name, weight] of weights) if (swa !== null && !begun.has(`swa/${name}`)) room.set(`swa/${name}`, tf.zerosLike(weight));
  return room;
}

/** The share of the weights in the SWA, after a step that is its turn; else null. @param moment counts the step */
export function swaShare({ swa }: Pick<Member, 'swa'>, { stepsDone, stepsPerEpoch }: Moment): number | null {
  const seen = swa !== null && stepsDone % stepsPerEpoch === 0 ? stepsDone / stepsPerEpoch - swa.startEpoch : 0;
  return seen < 1 ? null : 1 / seen;
}

/** The averages of a kind after they moved towards the weights, mean + share (weight - mean): new tensors. Runs in the caller's tidy. */
export function movedAverages(averages: Averages, kind: AverageKind, weights: Weights, share: tf.Scalar): [name: string, tensor: tf.Tensor][] {
  return Array.from(weights, ([name, weight]) => {
    const key = `${kind}/${name}`;
    const mean = tensorOf(averages, key);
    return [key, tf.tidy(() => tf.add(mean, tf.mul(tf.sub(weight, mean), share)))];
  });
}

/** Does a name mean an average of this kind? */
export function isOfKind(name: string, kind: AverageKind): boolean {
  return name.startsWith(`${kind}/`);
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

