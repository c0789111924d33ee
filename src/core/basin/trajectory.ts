/**
 * The way of a member through the space of weights while it trains, at the ends of epochs: how far it is from where it started, from
 * the pre-trained body and from member 1, and whether it still goes the way it went first. Over trained weights.
 */
import type { NetworkSpec } from '../../protocol/network.ts';
import type { EpochRow } from '../../protocol/rows.ts';
import { isHead, macs, parameterCount, parametersOf } from '../network.ts';
import { tensorOf, type Weights } from '../weights.ts';
import type { HostWeights } from './host-weights.ts';

export type TrajectoryFigures = Pick<EpochRow, 'distanceToStart' | 'distanceToPretrained' | 'distanceToMember1' | 'cosineToFirst'>;

/** What the way is measured from. */
export interface Landmarks {
  start: HostWeights;
  /** null for a start from scratch. */
  pretrained: { weights: HostWeights; hasHead: boolean } | null;
  /** null for member 1 itself and while it is not there. */
  member1: HostWeights | null;
}

/** Where the weights after the first epoch are kept, so that a training that was stopped knows them. */
export interface FirstWeights {
  read(): Promise<HostWeights | null>;
  write(weights: HostWeights): Promise<void>;
}

/** Reading a weight and comparing it takes about as long as so many multiply-accumulates of a training step. */
const MACS_OF_WEIGHT = 60;
/** A training step is about three forward passes. */
const PASSES_OF_STEP = 3;
/** The share of an epoch that may go into this, by the two numbers above. */
const SHARE = 0.01;
/** So few weights are read in a moment. */
const FEW = 100_000;

/** Every how many epochs the way is measured: of small networks, and where an epoch is long beside its weights, after each. @param images of an epoch */
export function trajectoryEvery(network: NetworkSpec, images: number): number {
  const weights = parameterCount(network);
  if (weights <= FEW) return 1;
  return Math.max(1, Math.ceil((weights * MACS_OF_WEIGHT) / (SHARE * PASSES_OF_STEP * images * macs(network))));
}

export class Trajectory {
  readonly #network: NetworkSpec;
  readonly #every: number;
  readonly #open: () => Promise<Landmarks>;
  readonly #kept: FirstWeights;
  #landmarks: Landmarks | null = null;
  #first: HostWeights | null = null;

  /** @param every epochs between two looks; the first and the last epoch are always looked at. @param open reads the landmarks, when they are first needed */
  constructor(network: NetworkSpec, every: number, open: () => Promise<Landmarks>, kept: FirstWeights) {
    this.#network = network;
    this.#every = every;
    this.#open = open;
    this.#kept = kept;
  }

  /** @param epoch of the member, from 0. @param weights those of now, asked for only when they are looked at */
  async at(epoch: number, isLast: boolean, weights: () => Weights): Promise<TrajectoryFigures> {
    if (epoch > 0 && !isLast && (epoch + 1) % this.#every !== 0) return {};
    const now = await onHost(this.#network, weights());
    const landmarks = (this.#landmarks ??= await this.#open());
    if (epoch === 0) {
      this.#first = now;
      if (!isLast) await this.#kept.write(now);
    }
    this.#first ??= await this.#kept.read();
    return figuresOf(this.#network, now, landmarks, this.#first);
  }
}

/** Rounded to seven digits. */
export function figuresOf(network: NetworkSpec, now: HostWeights, { start, pretrained, member1 }: Landmarks, first: HostWeights | null): TrajectoryFigures {
  let [toStart, toPretrained, toMember1, along, ofFirst] = [0, 0, 0, 0, 0];
  for (const [part, parameter] of parametersOf(network).entries()) {
    if (parameter.role !== 'trained') continue;
    const [w, from] = [now[part], start[part]];
    toStart += squares(w, from);
    if (pretrained !== null && (pretrained.hasHead || !isHead(network, parameter))) toPretrained += squares(w, pretrained.weights[part]);
    if (member1 !== null) toMember1 += squares(w, member1[part]);
    if (first === null) continue;
    const then = first[part];
    for (let index = 0; index < w.length; index++) {
      const step = then[index] - from[index];
      along += step * (w[index] - from[index]);
      ofFirst += step * step;
    }
  }
  const lengths = Math.sqrt(ofFirst * toStart);
  return {
    distanceToStart: rounded(Math.sqrt(toStart)),
    ...(pretrained === null ? {} : { distanceToPretrained: rounded(Math.sqrt(toPretrained)) }),
    ...(member1 === null ? {} : { distanceToMember1: rounded(Math.sqrt(toMember1)) }),
    ...(lengths > 0 ? { cosineToFirst: rounded(along / lengths) } : {}),
  };
}

async function onHost(network: NetworkSpec, weights: Weights): Promise<HostWeights> {
  return await Promise.all(parametersOf(network).map(async ({ name }) => (await tensorOf(weights, name).data()) as Float32Array));
}

function squares(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] - b[index]) ** 2;
  return sum;
}

function rounded(value: number): number {
  return Number(value.toPrecision(7));
}
