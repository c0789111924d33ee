/** The state of training while it changes: with a stepper that holds weights and slots, in its own way. */
import { averagesAfter, startEma, type Averages } from './averages.ts';
import type { Course, CourseStep } from './course.ts';
import type { Member } from '../protocol/run.ts';
import { stepRates } from './optimizer.ts';
import type { Program } from './program.ts';
import { disposeState, withFreshSlots, type TrainState } from './state.ts';
import type { HostBatch } from './batch.ts';
import type { Pixels } from './pixels.ts';
import type { StepInputs } from './step.ts';
import type { BatchSizes, Stepper, StepperMaker } from './stepper.ts';
import { disposeTensors } from './weights.ts';

export class LiveState {
  readonly #make: StepperMaker;
  readonly #sizes: BatchSizes;
  #stepper: Stepper;
  #program: Program;
  #updates: number;
  #averages: Averages;

  /** @param state is taken over */
  constructor(make: StepperMaker, program: Program, state: TrainState, sizes: BatchSizes) {
    this.#make = make;
    this.#sizes = sizes;
    this.#program = program;
    this.#updates = state.updates;
    this.#averages = state.averages;
    this.#stepper = make(program, { weights: state.weights, slots: state.slots }, sizes);
  }

  /** Tensors that it holds now. */
  get tensors(): number {
    return this.#stepper.tensors + this.#averages.size;
  }

  /** Lent until the next step. Asking may cost as much as a copy of everything. */
  lend(): TrainState {
    return { ...this.#stepper.lend(), updates: this.#updates, averages: this.#averages };
  }

  /** Hands the state over; this is done. */
  release(): TrainState {
    return { ...this.#stepper.release(), updates: this.#updates, averages: this.#averages };
  }

  /** Frees everything, whatever state the stepper is in. */
  drop(): void {
    try {
      disposeState(this.release());
    } catch {
      // Why it is dropped is told by whoever drops it.
      disposeTensors(this.#averages);
    }
  }

  /** Logits with the weights of now; the caller disposes. */
  evaluate(images: Pixels): ReturnType<Stepper['evaluate']> {
    return this.#stepper.evaluate(images);
  }

  /** One step. The caller disposes the noise and the results. @param onCopied called when the batch is on the device */
  step(member: Member, now: CourseStep, batch: HostBatch, noise: StepInputs['noise'], onCopied?: () => void): ReturnType<Stepper['step']> {
    if (now.program !== this.#program) this.#turn(now.program);
    if (now.done === 0 && member.ema !== null) this.#averages = startEma(this.#averages, this.#stepper.lend().weights);
    const rates = stepRates(this.#program.optimizer, now.learningRate, this.#updates);
    try {
      const result = this.#stepper.step(batch, { ...rates, noise }, onCopied);
      this.#updates += 1;
      return result;
    } finally {
      for (const tensor of [rates.learningRate, ...rates.corrections]) tensor.dispose();
    }
  }

  /** Lets the averages follow the step that was made. */
  average(member: Member, { done }: CourseStep, { stepsPerEpoch }: Course): void {
    if (done === null) return;
    const moment = { stepsDone: done + 1, stepsPerEpoch };
    this.#averages = averagesAfter(this.#averages, member, moment, () => this.#stepper.lend().weights);
  }

  /** The optimizer starts afresh, with another program. */
  #turn(program: Program): void {
    const { weights, slots } = withFreshSlots(this.release(), program);
    this.#program = program;
    this.#updates = 0;
    this.#stepper = this.#make(program, { weights, slots }, this.#sizes);
  }
}
