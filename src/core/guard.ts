/** What must not go on: a loss that is no number or too high, a network that fell back to guessing, memory that only grows. */
import { StarsseError } from '../protocol/errors.ts';
import type { Training } from '../protocol/plan-training.ts';
import type { Member } from '../protocol/run.ts';

/** What an epoch is judged by. */
export interface EpochFigures {
  /** Of the member, from 0. */
  epoch: number;
  isLast: boolean;
  trainLoss: number;
  validationLoss: number;
  validationAccuracy: number;
}
/** What the guards remember from epoch to epoch. */
export interface Health {
  /** The network was once clearly better than guessing. */
  learned: boolean;
  /** Epochs in a row at whose end it was not, up to now. */
  guessingEpochs: number;
}

/** So many epochs of guessing in a row are a collapse; a single one may be the start of a high learning rate. */
const COLLAPSE_EPOCHS = 2;
/** An accuracy so many standard errors above guessing was learned. */
const LEARNED_ERRORS = 4;
/** So many epochs in a row must each leave more tensors than the one before. */
const GROWING_EPOCHS = 3;

/** Why a step whose loss is no number ends the training. */
export function divergedStep(member: Member, { loss, step, epoch, learningRate }: { loss: number; step: number; epoch: number; learningRate: number }): StarsseError {
  return diverged(member, epoch, `the loss of step ${step} (epoch ${epoch + 1}) is ${loss} at learning rate ${learningRate}`);
}

/**
 * The highest mean loss of an epoch that is let pass, nats: the plan's, or 3 times that of guessing among the classes. The
 * latter does not count in the first epoch, where a new head or a high rate may start worse than that and recover.
 */
function highestLoss({ maxLoss }: Training['guards'], epoch: number, classes: number): number {
  return maxLoss ?? (epoch === 0 ? Infinity : 3 * Math.log(classes));
}

/** Accuracy of naming the commonest class, and its standard error for so many examples. */
export function guessing(labels: Int32Array): { accuracy: number; standardError: number } {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const accuracy = Math.max(...counts.values()) / labels.length;
  return { accuracy, standardError: Math.sqrt((accuracy * (1 - accuracy)) / labels.length) };
}

/** Is an accuracy clearly better than guessing? */
export function isLearned(accuracy: number, chance: ReturnType<typeof guessing>): boolean {
  return accuracy > chance.accuracy + LEARNED_ERRORS * chance.standardError;
}

/** Judges an epoch. @returns what to remember. @throws StarsseError diverged */
export function checkEpoch(member: Member, guards: Training['guards'], health: Health, figures: EpochFigures, validationLabels: Int32Array, classes: number): Health {
  const { epoch, trainLoss, validationLoss, validationAccuracy, isLast } = figures;
  if (!Number.isFinite(validationLoss)) throw diverged(member, epoch, `the validation loss after epoch ${epoch + 1} is ${validationLoss}`);
  const limit = highestLoss(guards, epoch, classes);
  if (trainLoss > limit) {
    const reason = guards.maxLoss === null ? `3 times that of guessing among ${classes} classes` : 'training.guards.maxLoss';
    throw diverged(member, epoch, `the mean loss of epoch ${epoch + 1} is ${trainLoss.toPrecision(4)}, above ${limit.toPrecision(4)} (${reason})`);
  }
  if (!guards.collapse) return health;
  const chance = guessing(validationLabels);
  const guesses = validationAccuracy <= chance.accuracy + chance.standardError;
  const next = { learned: health.learned || isLearned(validationAccuracy, chance), guessingEpochs: guesses ? health.guessingEpochs + 1 : 0 };
  if (next.learned && guesses && (isLast || next.guessingEpochs >= COLLAPSE_EPOCHS)) {
    const share = (value: number): string => `${(100 * value).toFixed(1)} %`;
    throw diverged(member, epoch, `it had learned and fell back to guessing: validation accuracy ${share(validationAccuracy)} after epoch ${epoch + 1}, the commonest class is ${share(chance.accuracy)}`);
  }
  return next;
}

/** Watches the number of tensors in memory beside the state of training, epoch after epoch of one process. */
export class TensorWatch {
  #last: number | null = null;
  #rises: number[] = [];

  /** @param tensors alive now, without those of the state. @throws StarsseError internal */
  check(member: Member, tensors: number): void {
    const rise = this.#last === null ? 0 : tensors - this.#last;
    this.#last = tensors;
    this.#rises = rise > 0 ? [...this.#rises, rise] : [];
    if (this.#rises.length < GROWING_EPOCHS) return;
    throw new StarsseError('internal', `Training of ${member.name} keeps more tensors after every epoch: ${this.#rises.slice(-GROWING_EPOCHS).join(', ')} more in the last ${GROWING_EPOCHS}, ${tensors} now`, {
      hint: 'This is a fault of the program, please report it. Resume goes on from what was saved, in a fresh process.',
    });
  }
}

function diverged(member: Member, epoch: number, what: string): StarsseError {
  return new StarsseError('diverged', `Training of ${member.name} diverged: ${what}`, { hint: `Lower ${rateInPlan(member, epoch)}.` });
}

/** The field of the plan that sets the learning rate of an epoch. */
function rateInPlan({ startsFrom, probe }: Member, epoch: number): string {
  if (probe !== null && epoch < probe.epochs) return 'method.linearProbe.learningRate';
  return startsFrom === 'pretrained' ? 'training.optimizer.learningRate' : 'method.cycle.lrRatio or training.optimizer.learningRate';
}
