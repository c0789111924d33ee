/**
 * From a plan to its members: start reading here.
 *
 * A method is a choice of what each member starts from and of its schedule; nothing else in the product knows methods.
 * What may train side by side follows from `startsFrom` alone (`protocol/members.ts`). Method: arXiv 2303.03374.
 */
import { StarsseError } from '../protocol/errors.ts';
import type { Method, Plan } from '../protocol/plan.ts';
import type { Member } from '../protocol/run.ts';

type Cycle = Extract<Method, { kind: 'starsse' }>['cycle'];

/**
 * The members of a plan, in the order of their numbers; a pure function.
 * @throws StarsseError `clones` when two members would be identical, `plan-invalid` for seeds or a cycle that do not fit.
 */
export function membersOf(plan: Plan): Member[] {
  const seeds = memberSeeds(plan);
  const members = seeds.map((_, index) => memberOf(plan, seeds, index));
  refuseClones(members);
  return members;
}

function memberOf(plan: Plan, seeds: number[], index: number): Member {
  const { method } = plan;
  switch (method.kind) {
    case 'starsse':
      return index === 0 ? fineTuning(plan, index, seeds[0], seeds[0]) : cycle(plan, method.cycle, index, seeds[index], memberName(0));
    case 'local-de':
      return fineTuning(plan, index, seeds[index], method.head === 'shared' ? seeds[0] : seeds[index]);
  }
}

/** Ordinary fine-tuning of the checkpoint. A new head takes its seed from the member, so member 1 is the same in every method. */
function fineTuning(plan: Plan, index: number, seed: number, headSeed: number): Member {
  const { epochs, optimizer, schedule } = plan.training;
  return {
    name: memberName(index),
    startsFrom: 'pretrained',
    seed,
    headSeed,
    epochs,
    learningRate: optimizer.learningRate,
    warmupEpochs: 0,
    schedule,
    resetOptimizer: true,
  };
}

/** One learning-rate cycle from an earlier member: lrRatio x learning rate for floor(epochRatio x epochs) epochs. */
function cycle(plan: Plan, { lrRatio, epochRatio, warmupEpochs, resetOptimizer }: Cycle, index: number, seed: number, startsFrom: string): Member {
  const { epochs, optimizer, schedule } = plan.training;
  // 0.29 * 100 is 28.999999999999996: a product this close to an integer is that integer.
  const length = Math.floor(epochRatio * epochs + 1e-9);
  if (length < 1) {
    throw new StarsseError('plan-invalid', `method.cycle.epochRatio: floor(${epochRatio} x ${epochs} epochs) is ${length} epochs, a cycle needs at least 1`, {
      hint: `Set epochRatio to at least ${1 / epochs}, or train for more epochs.`,
    });
  }
  if (warmupEpochs >= length) {
    throw new StarsseError('plan-invalid', `method.cycle.warmupEpochs: ${warmupEpochs} epochs of warm-up fill the whole cycle of ${length}`, {
      hint: `Set warmupEpochs to at most ${length - 1}, or make the cycle longer with epochRatio.`,
    });
  }
  return {
    name: memberName(index),
    startsFrom,
    seed,
    headSeed: null,
    epochs: length,
    learningRate: lrRatio * optimizer.learningRate,
    warmupEpochs,
    schedule,
    resetOptimizer,
  };
}

function memberName(index: number): string {
  return `member-${index + 1}`;
}

function memberSeeds({ memberSeeds: given, method, seed }: Plan): number[] {
  if (given === null) return Array.from({ length: method.members }, (_, index) => seed + index);
  if (given.length !== method.members) {
    throw new StarsseError('plan-invalid', `memberSeeds: ${given.length} seeds for ${method.members} members`, {
      hint: `Give ${method.members} different seeds, or null for seed, seed+1, ...`,
    });
  }
  return given;
}

/** Randomness depends on the seed only, so the same start, seeds and schedule make the same weights (X13). */
function refuseClones(members: Member[]): void {
  const seen = new Map<string, string>();
  for (const { name, ...makings } of members) {
    const identity = JSON.stringify(makings);
    const twin = seen.get(identity);
    if (twin !== undefined) {
      throw new StarsseError('clones', `${twin} and ${name} would be identical: both start from ${makings.startsFrom} with seed ${makings.seed} and the same schedule`, {
        hint: 'Give every member its own seed in memberSeeds.',
      });
    }
    seen.set(identity, name);
  }
}

/** Epochs spent when each member's snapshot is taken, the members trained one after another: E, E+C, E+2C, ... */
export function snapshotEpochs(members: readonly Member[]): number[] {
  let spent = 0;
  return members.map(({ epochs }) => (spent += epochs));
}
