/**
 * From a plan to its members: start reading here.
 *
 * A method is a choice of what each member starts from and of its schedule; nothing else in the product knows methods.
 * What may train side by side follows from `startsFrom` alone (`protocol/members.ts`). Methods: arXiv 2303.03374; FGE:
 * Garipov et al. 2018; SWA: Izmailov et al. 2018.
 */
import { StarsseError } from './errors.ts';
import type { Method } from './plan-method.ts';
import type { Plan } from './plan.ts';
import type { Member } from './run.ts';
import { refuseClones } from './clones.ts';

type SnapshotMethod = Extract<Method, { kind: 'starsse' | 'sse' | 'fge' }>;
type HeadPolicy = Method['head'];
/** All that members depend on. */
export type MakingsOfMembers = Pick<Plan, 'method' | 'model' | 'training' | 'seed' | 'memberSeeds'>;

/**
 * The members of a plan, in the order of their numbers; a pure function. Member 1 is the same in every method (X1), whatever
 * the head policy, as long as both make a new head or both keep the checkpoint's.
 * @throws StarsseError `clones` when two members would be identical, `plan-invalid` for what does not fit together.
 */
export function membersOf(plan: MakingsOfMembers): Member[] {
  refuseWithoutCheckpoint(plan);
  const seeds = memberSeeds(plan);
  const members = seeds.map((_, index) => memberOf(plan, seeds, index));
  refuseClones(members);
  return members;
}

/** K of a method. */
export function memberCount(method: Method): number {
  switch (method.kind) {
    case 'fine-tuning':
      return 1;
    case 'global-de':
      return 1 + method.otherCheckpoints.length;
    default:
      return method.members;
  }
}

function memberOf(plan: MakingsOfMembers, seeds: number[], index: number): Member {
  const { method, model } = plan;
  switch (method.kind) {
    case 'fine-tuning':
      return { ...fineTuning(plan, seeds, index, model.checkpoint), swa: swaOf(method.swa, plan.training.epochs), ema: method.ema };
    case 'local-de':
      return fineTuning(plan, seeds, index, model.checkpoint);
    case 'global-de':
      return fineTuning(plan, seeds, index, index === 0 ? model.checkpoint : method.otherCheckpoints[index - 1]);
    case 'starsse':
    case 'sse':
    case 'fge':
      return index === 0 ? fineTuning(plan, seeds, index, model.checkpoint) : cycle(plan, method, index, seeds[index]);
  }
}

/**
 * Ordinary fine-tuning of a checkpoint. A new head takes its seed from the member; a shared one from member 1. A linear probe
 * draws its order of data from the head's seed too (a kept head's: from member 1), so that members of one checkpoint that
 * share a head share the probed one.
 */
function fineTuning({ method, training }: MakingsOfMembers, seeds: number[], index: number, checkpoint: string | null): Member {
  const { epochs, optimizer, schedule, scheduleBy, warmup } = training;
  if (warmup !== null && warmup.epochs >= epochs) {
    throw new StarsseError('plan-invalid', `training.warmup.epochs: ${warmup.epochs} epochs of warm-up fill all ${epochs} epochs`, {
      hint: `Set it to at most ${epochs - 1}, or train for more epochs.`,
    });
  }
  const headSeed = headSeedOf(method.head, seeds, index);
  return {
    name: memberName(index),
    startsFrom: 'pretrained',
    checkpoint,
    seed: seeds[index],
    headSeed,
    probe: method.linearProbe === null ? null : { ...method.linearProbe, seed: headSeed ?? seeds[0] },
    epochs,
    learningRate: optimizer.learningRate,
    schedule,
    scheduleBy,
    warmupEpochs: warmup?.epochs ?? 0,
    warmup: 'line',
    warmupLearningRate: warmup?.startLearningRate ?? 0,
    swa: null,
    ema: null,
    retries: [],
    resetOptimizer: true,
  };
}

function headSeedOf(head: HeadPolicy, seeds: number[], index: number): number | null {
  switch (head) {
    case 'new':
      return seeds[index];
    case 'shared':
      return seeds[0];
    case 'kept':
      return null;
  }
}

/** One learning-rate cycle from an earlier member: lrRatio x learning rate for floor(epochRatio x epochs) epochs. */
function cycle({ training }: MakingsOfMembers, method: SnapshotMethod, index: number, seed: number): Member {
  const { lrRatio, epochRatio, resetOptimizer } = method.cycle;
  // 0.29 * 100 is 28.999999999999996: a product this close to an integer is that integer.
  const epochs = Math.floor(epochRatio * training.epochs + 1e-9);
  if (epochs < 1) {
    throw new StarsseError('plan-invalid', `method.cycle.epochRatio: floor(${epochRatio} x ${training.epochs} epochs) is ${epochs} epochs, a cycle needs at least 1`, {
      hint: `Set epochRatio to at least ${1 / training.epochs}, or train for more epochs.`,
    });
  }
  return {
    name: memberName(index),
    startsFrom: isStar(method) ? memberName(0) : memberName(index - 1),
    seed,
    headSeed: null,
    probe: null,
    epochs,
    learningRate: lrRatio * training.optimizer.learningRate,
    ...shapeOf(method, training, epochs),
    warmupLearningRate: 0,
    swa: null,
    ema: null,
    retries: [],
    resetOptimizer,
  };
}

function isStar(method: SnapshotMethod): boolean {
  return method.kind === 'starsse' || (method.kind === 'fge' && method.shape === 'star');
}

/** @param epochs of the cycle */
function shapeOf(method: SnapshotMethod, { schedule, scheduleBy }: Plan['training'], epochs: number): Pick<Member, 'schedule' | 'scheduleBy' | 'warmupEpochs' | 'warmup'> {
  if (method.kind === 'fge') return { schedule: 'triangle', scheduleBy: 'step', warmupEpochs: 0, warmup: 'rise' };
  const { warmupEpochs, warmup } = method.cycle;
  if (warmupEpochs >= epochs) {
    throw new StarsseError('plan-invalid', `method.cycle.warmupEpochs: ${warmupEpochs} epochs of warm-up fill the whole cycle of ${epochs}`, {
      hint: `Set warmupEpochs to at most ${epochs - 1}, or make the cycle longer with epochRatio.`,
    });
  }
  return { schedule, scheduleBy, warmupEpochs, warmup };
}

/** The average begins after floor(start x epochs) epochs. */
function swaOf(swa: Extract<Method, { kind: 'fine-tuning' }>['swa'], epochs: number): Member['swa'] {
  if (swa === null) return null;
  const startEpoch = Math.floor(swa.start * epochs + 1e-9);
  if (startEpoch >= epochs) {
    throw new StarsseError('plan-invalid', `method.swa.start: after ${swa.start} of ${epochs} epochs none is left to average`, {
      hint: `Set start below 1: ${(epochs - 1) / epochs} averages the last epoch only, 0.75 is usual.`,
    });
  }
  return { startEpoch, learningRate: swa.learningRate };
}

function refuseWithoutCheckpoint({ method, model }: MakingsOfMembers): void {
  if (model.checkpoint !== null) return;
  if (method.head === 'kept') {
    throw new StarsseError('plan-invalid', 'method.head is "kept" and model.checkpoint is null: there is no last layer to keep', {
      hint: 'Name a checkpoint, or set head to "new".',
    });
  }
  if (method.kind === 'global-de') {
    throw new StarsseError('plan-invalid', 'method.kind is "global-de" and model.checkpoint is null: member 1 has no checkpoint to start from', {
      hint: 'Name the checkpoint of member 1 in model.checkpoint; otherCheckpoints are those of members 2..K.',
    });
  }
}

function memberName(index: number): string {
  return `member-${index + 1}`;
}

function memberSeeds({ memberSeeds: given, method, seed }: MakingsOfMembers): number[] {
  const members = memberCount(method);
  if (given === null) return Array.from({ length: members }, (_, index) => seed + index);
  if (given.length !== members) {
    throw new StarsseError('plan-invalid', `memberSeeds: ${given.length} seeds for ${members} members`, {
      hint: `Give ${members} different seeds, or null for seed, seed+1, ...`,
    });
  }
  return given;
}

/** Epochs spent when each member's snapshot is taken, the members trained one after another: E, E+C, E+2C, ... A probe counts. */
export function snapshotEpochs(members: readonly Pick<Member, 'epochs' | 'probe'>[]): number[] {
  let spent = 0;
  return members.map(({ epochs, probe }) => (spent += epochs + (probe?.epochs ?? 0)));
}
