/** The state of training while it changes: with a stepper that holds weights, slots and averages, in its own way. */
import * as tf from '@tensorflow/tfjs-core';
import type { Member } from '../protocol/run.ts';
import { isOfKind, roomForAverages, swaShare, type AverageKind } from './averages.ts';
import type { HostBatch } from './batch.ts';
import type { Course, CourseStep } from './course.ts';
import { stepRates } from './optimizer.ts';
import type { Pixels } from './pixels.ts';
import type { Program } from './program.ts';
import { disposeState, withFreshSlots, type TrainState } from './state.ts';
import type { StepInputs } from './step.ts';
import type { BatchSizes, HeldState, Stepper, StepperMaker } from './stepper.ts';
import { disposeTensors } from './weights.ts';

export class LiveState {
  readonly #make: StepperMaker;
  readonly #member: Pick<Member, 'swa' | 'ema'>;
  readonly #sizes: BatchSizes;
  /** Averages that have begun; the stepper has room for the others too. */
  readonly #begun: Set<AverageKind>;
  #stepper: Stepper;
  #program: Program;
  #updates: number;

  /** @param state is taken over. @param now the step that comes next */
  constructor(make: StepperMaker, member: Pick<Member, 'swa' | 'ema'>, now: CourseStep, state: TrainState, sizes: BatchSizes) {
    this.#make = make;
    this.#member = member;
    this.#sizes = sizes;
    this.#program = now.program;
    this.#updates = state.updates;
    this.#begun = new Set((['ema', 'swa'] as const).filter((kind) => [...state.averages.keys()].some((name) => isOfKind(name, kind))));
    this.#stepper = this.#stepperOf(now, state);
  }

  /** Tensors that it holds now. */
  get tensors(): number {
    return this.#stepper.tensors;
  }

  /** Lent until the next step. Asking may cost as much as a copy of everything. */
  lend(): TrainState {
    const held = this.#stepper.lend();
    return { ...held, averages: this.#averagesOf(held).begun, updates: this.#updates };
  }

  /** Hands the state over; this is done. */
  release(): TrainState {
    const held = this.#stepper.release();
    const { begun, others } = this.#averagesOf(held);
    disposeTensors(others);
    return { ...held, averages: begun, updates: this.#updates };
  }

  /** Frees everything, whatever state the stepper is in. */
  drop(): void {
    try {
      disposeState(this.release());
    } catch {
      // Why it is dropped is told by whoever drops it.
    }
  }

  /** Logits with the weights of now; the caller disposes. */
  evaluate(images: Pixels): ReturnType<Stepper['evaluate']> {
    return this.#stepper.evaluate(images);
  }

  /** One step. The caller disposes the noise and the results. @param onCopied called when the batch is on the device */
  step(now: CourseStep, batch: HostBatch, noise: StepInputs['noise'], onCopied?: () => void): ReturnType<Stepper['step']> {
    if (now.program !== this.#program) this.#turn(now);
    const follows = now.done !== null && this.#member.ema !== null;
    const rates = stepRates(this.#program.optimizer, now.learningRate, this.#updates);
    const emaShare = follows ? tf.scalar(1 - this.#member.ema!.decay) : undefined;
    try {
      const result = this.#stepper.step(batch, { ...rates, noise, emaShare }, onCopied);
      this.#updates += 1;
      if (follows) this.#begun.add('ema');
      return result;
    } finally {
      tf.dispose([rates.learningRate, ...rates.corrections]);
      emaShare?.dispose();
    }
  }

  /** Lets the average over epochs follow the step that was made. */
  average({ done }: CourseStep, { stepsPerEpoch }: Course): void {
    const share = done === null ? null : swaShare(this.#member, { stepsDone: done + 1, stepsPerEpoch });
    if (share === null) return;
    this.#stepper.moveSwa(share);
    this.#begun.add('swa');
  }

  /** The optimizer starts afresh, with another program. */
  #turn(now: CourseStep): void {
    const state = withFreshSlots(this.release(), now.program);
    this.#program = now.program;
    this.#updates = 0;
    this.#stepper = this.#stepperOf(now, state);
  }

  /** Averages begin after the probe. @param state is taken over */
  #stepperOf({ program, done }: CourseStep, { weights, slots, averages }: TrainState): Stepper {
    const room = done === null ? averages : roomForAverages(averages, this.#member, weights);
    return this.#make(program, { weights, slots, averages: room }, this.#sizes);
  }

  #averagesOf({ averages }: HeldState): Record<'begun' | 'others', Map<string, tf.Tensor>> {
    const isBegun = (name: string): boolean => [...this.#begun].some((kind) => isOfKind(name, kind));
    const all = [...averages];
    return { begun: new Map(all.filter(([name]) => isBegun(name))), others: new Map(all.filter(([name]) => !isBegun(name))) };
  }
}
