/**
 * The course of a member's training: its probe, then the rest. What each step is made of follows from its number alone, so
 * that training can go on from any step.
 */
import { StarsseError } from '../protocol/errors.ts';
import type { NetworkSpec } from '../protocol/network.ts';
import type { Training } from '../protocol/plan-training.ts';
import type { Member } from '../protocol/run.ts';
import { epochsOf, learningRateAt } from '../protocol/schedule.ts';
import { epochOrder, stepsPerEpoch } from './batches.ts';
import type { Dataset } from './data.ts';
import type { Input, TrainingBatch } from './input.ts';
import type { Normalization } from './normalization.ts';
import { programOf, type Program } from './program.ts';
import { randomKey, type Key } from './random.ts';

export interface CourseSettings {
  member: Member;
  network: NetworkSpec;
  training: Pick<Training, 'batchSize' | 'optimizer'> & Partial<Pick<Training, 'accumulate' | 'augmentation' | 'clipNorm' | 'layerDecay' | 'freeze' | 'guards'>>;
  /** Training images. */
  images: number;
  normalization: Normalization;
  /** Of the same kind as the training set. */
  validation: Pick<Dataset, 'values'>;
  /** Batches as `member.seed` draws them. */
  input: Input;
  /** Batches as `member.probe.seed` draws them; null for a member without a probe. */
  probeInput?: Input | null;
}

/** One step, from 0. */
export interface CourseStep {
  program: Program;
  /** Of the member, from 0, the probe's included. */
  epoch: number;
  learningRate: number;
  noise: Key;
  /** Steps done before it without the probe's; null in the probe. */
  done: number | null;
  /** Does the optimizer start afresh, after a probe? */
  isTurn: boolean;
}

export class Course {
  readonly stepsPerEpoch: number;
  readonly steps: number;
  readonly probeSteps: number;
  readonly #settings: CourseSettings;
  readonly #main: Program;
  readonly #probe: Program | null;
  #order: { seed: number; epoch: number; positions: Uint32Array } | null = null;

  /** @throws StarsseError plan-invalid for a pattern of `freeze` that means no layer */
  constructor(settings: CourseSettings) {
    const { member, network, training, images, normalization, validation } = settings;
    this.#settings = settings;
    this.stepsPerEpoch = stepsPerEpoch(images, training.batchSize);
    this.steps = epochsOf(member) * this.stepsPerEpoch;
    this.probeSteps = (member.probe?.epochs ?? 0) * this.stepsPerEpoch;
    const form = { normalization: validation.values === 'pixels' ? normalization : null, mixes: (training.augmentation?.mixup ?? 0) > 0 };
    this.#main = programOf(network, { ...training, images: form });
    this.#probe = member.probe === null ? null : programOf(network, { ...training, images: form }, 'probe');
  }

  at(step: number): CourseStep {
    const { member } = this.#settings;
    const inProbe = step < this.probeSteps;
    const done = step - this.probeSteps;
    return {
      program: inProbe ? this.#probe! : this.#main,
      epoch: Math.floor(step / this.stepsPerEpoch),
      learningRate: learningRateAt(member, step, this.stepsPerEpoch),
      noise: inProbe ? randomKey(member.probe!.seed, 'noise', step) : randomKey(member.seed, 'noise', done),
      done: inProbe ? null : done,
      isTurn: done === 0 && this.probeSteps > 0,
    };
  }

  /** How many batches after this one may be asked for. */
  ahead(step: number): number {
    const { input, probeInput = null } = this.#settings;
    return (step < this.probeSteps ? probeInput : input)?.ahead ?? 1;
  }

  /** Asks for a step's batch. After a probe the same data come in the same order as without one. */
  async batch(step: number): Promise<TrainingBatch> {
    const { member, training, images, input, probeInput = null } = this.#settings;
    const inProbe = step < this.probeSteps;
    const from = inProbe ? probeInput : input;
    if (from === null) throw new StarsseError('internal', `${member.name} has a probe and no batches for it`);
    const seed = inProbe ? member.probe!.seed : member.seed;
    const place = inProbe ? step : step - this.probeSteps;
    const [epoch, batch] = [Math.floor(place / this.stepsPerEpoch), place % this.stepsPerEpoch];
    if (this.#order?.seed !== seed || this.#order.epoch !== epoch) this.#order = { seed, epoch, positions: epochOrder(seed, epoch, images) };
    return await from.batch(epoch, this.#order.positions.slice(batch * training.batchSize, (batch + 1) * training.batchSize));
  }
}

/** Asks for the next batches while the current one is trained on, as many as the input makes ahead. */
export class BatchesAhead {
  readonly #course: Course;
  readonly #asked = new Map<number, Promise<TrainingBatch>>();

  constructor(course: Course) {
    this.#course = course;
  }

  /** The batch of a step, and what it cost the training: how long it was waited for, or was being made in the trainer's own thread. */
  async take(step: number): Promise<{ batch: TrainingBatch; waitMs: number }> {
    const startedMs = performance.now();
    const batch = await (this.#asked.get(step) ?? this.#course.batch(step));
    const waitMs = Math.max(performance.now() - startedMs, batch.hereMs ?? 0);
    this.#asked.delete(step);
    for (let next = step + 1; next <= step + this.#course.ahead(step) && next < this.#course.steps; next++) {
      if (this.#asked.has(next)) continue;
      const asked = this.#course.batch(next);
      asked.catch(() => undefined); // thrown where it is awaited, if it ever is
      this.#asked.set(next, asked);
    }
    return { batch, waitMs };
  }
}
