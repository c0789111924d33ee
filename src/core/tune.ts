/**
 * From a plan and a grid to the jobs of the tuner; pure. Every method gets the same learning-rate ratios and, for each epoch
 * ratio, the same budget of epochs (`tune-budget.ts`). The ratio multiplies what a method has to choose: the rate of the
 * cycles in SSE, StarSSE and FGE, the rate of the whole training in the others.
 */
import { StarsseError } from '../protocol/errors.ts';
import { memberIdentities } from '../protocol/member-identity.ts';
import type { Method } from '../protocol/plan-method.ts';
import type { Plan } from '../protocol/plan.ts';
import { epochsOf } from '../protocol/schedule.ts';
import type { LeftOut, TuneJob, TuneMethod, TuneSettings } from '../protocol/tune.ts';
import { memberCount, membersOf } from '../protocol/methods.ts';
import { budgetOf, emaDecayOf, independentEpochs, type Budget } from './tune-budget.ts';

const DEFAULT_MEMBERS = 5;

/** Which cells go on in successive halving; null = all. */
export type Chooser = (cell: { method: TuneMethod; lrRatio: number; epochRatio: number }) => boolean;

export interface JobsRequest {
  plan: Plan;
  settings: TuneSettings;
  /** Of member 1 in this rung. */
  epochs: number;
  stepsPerEpoch: number;
  /** Repeats in this rung. */
  seeds: number;
  chosen: Chooser;
}

/**
 * The jobs of a rung, in an order in which shared members are trained by the first that has them.
 * @throws StarsseError plan-invalid when a method has no cell that can be made, or the plan sets the seeds
 */
export function tuneJobs({ plan, settings, epochs, stepsPerEpoch, seeds, chosen }: JobsRequest): { jobs: TuneJob[]; leftOut: LeftOut[] } {
  if (plan.memberSeeds !== null) throw new StarsseError('plan-invalid', 'memberSeeds is set, and the tuner repeats every cell with seeds of its own', { hint: 'Set memberSeeds to null; seed is where they begin.' });
  const methods = methodsOf(settings);
  const members = settings.members ?? ('members' in plan.method ? plan.method.members : plan.method.kind === 'global-de' ? memberCount(plan.method) : DEFAULT_MEMBERS);
  const rung = ofEpochs(plan, epochs);
  // Seeds of two repeats are at least K apart.
  const stride = Math.max(members, plan.method.kind === 'global-de' ? memberCount(plan.method) : 1);
  const jobs: Omit<TuneJob, 'sharedEpochs'>[] = [];
  const leftOut: LeftOut[] = [];
  const ratioOfCycle = new Map<number, number>();
  for (const epochRatio of settings.epochRatios) {
    const budget = budgetOf({ epochs, probeEpochs: plan.method.linearProbe?.epochs ?? 0, members, epochRatio });
    const same = ratioOfCycle.get(budget.cycleEpochs);
    if (budget.cycleEpochs < 1 || same !== undefined) {
      const reason = same === undefined ? `floor(${epochRatio} x ${epochs} epochs) is no epoch` : `cycles of ${budget.cycleEpochs} epochs are those of epochRatio ${same}`;
      leftOut.push(...methods.flatMap((method) => settings.lrRatios.map((lrRatio) => ({ method, lrRatio, epochRatio, reason }))));
      continue;
    }
    ratioOfCycle.set(budget.cycleEpochs, epochRatio);
    for (const method of methods) {
      for (const lrRatio of settings.lrRatios) {
        if (!chosen({ method, lrRatio, epochRatio })) continue;
        try {
          for (let repeat = 0; repeat < seeds; repeat++) jobs.push(jobOf(rung, settings, { method, lrRatio, epochRatio, members, budget, stepsPerEpoch, seed: plan.seed + repeat * stride }));
        } catch (error) {
          leftOut.push({ method, lrRatio, epochRatio, reason: reasonOf(error) });
        }
      }
    }
  }
  for (const method of methods) refuseEmpty(method, jobs, leftOut);
  return { jobs: withSharing(jobs), leftOut };
}

/** The long run is in every comparison. */
export function methodsOf({ methods }: Pick<TuneSettings, 'methods'>): TuneMethod[] {
  return [...new Set<TuneMethod>(['fine-tuning', ...methods])];
}

interface CellRequest {
  method: TuneMethod;
  lrRatio: number;
  epochRatio: number;
  members: number;
  budget: Budget;
  stepsPerEpoch: number;
  seed: number;
}

function jobOf(base: Plan, settings: TuneSettings, request: CellRequest): Omit<TuneJob, 'sharedEpochs'> {
  const { method, lrRatio, epochRatio, budget, seed } = request;
  const what = `${method}, lr x ${lrRatio}, epochs x ${epochRatio}, seed ${seed}`;
  const plan: Plan = { ...planOf(base, settings, request), name: `${base.name.slice(0, 100 - what.length - 2)}: ${what}`, seed };
  const epochs = membersOf(plan).reduce((sum, member) => sum + epochsOf(member), 0);
  return { id: `${method}-lr${lrRatio}-ep${epochRatio}-seed${seed}`, method, lrRatio, epochRatio, seed, budgetEpochs: budget.epochs, epochs, plan };
}

/** @throws StarsseError plan-invalid when the budget leaves no epoch */
function planOf(base: Plan, settings: TuneSettings, { method, lrRatio, epochRatio, members, budget, stepsPerEpoch }: CellRequest): Plan {
  const { training } = base;
  const { linearProbe } = base.method;
  const oneHead = base.method.head === 'kept' ? 'kept' : 'new';
  const { warmupEpochs = 0, warmup = 'rise', resetOptimizer = true } = cycleOf(base.method);
  const trained = (epochs: number): Plan['training'] => ({ ...training, epochs: atLeastOne(epochs, budget), optimizer: { ...training.optimizer, learningRate: positiveRate(lrRatio) * training.optimizer.learningRate } });
  const independent = (count: number): Plan['training'] => trained(independentEpochs(budget.epochs, count, linearProbe?.epochs ?? 0));
  switch (method) {
    case 'fine-tuning': {
      const learningRate = settings.swaLrRatio === null ? null : settings.swaLrRatio * positiveRate(lrRatio) * training.optimizer.learningRate;
      const decay = settings.emaDecay ?? emaDecayOf(budget.longEpochs * stepsPerEpoch);
      return { ...base, training: trained(budget.longEpochs), method: { kind: 'fine-tuning', head: oneHead, linearProbe, swa: { start: settings.swaStart, learningRate }, ema: { decay } } };
    }
    case 'starsse':
    case 'sse':
      return { ...base, method: { kind: method, members, head: oneHead, linearProbe, cycle: { lrRatio, epochRatio, resetOptimizer, warmupEpochs, warmup } } };
    case 'fge':
    case 'fge-star':
      return { ...base, method: { kind: 'fge', shape: method === 'fge' ? 'chain' : 'star', members, head: oneHead, linearProbe, cycle: { lrRatio, epochRatio, resetOptimizer } } };
    case 'local-de':
      return { ...base, training: independent(members), method: { kind: 'local-de', members, head: oneHead, linearProbe } };
    case 'local-de-shared':
      return { ...base, training: independent(members), method: { kind: 'local-de', members, head: oneHead === 'kept' ? 'kept' : 'shared', linearProbe } };
    case 'global-de': {
      if (base.method.kind !== 'global-de') throw new StarsseError('plan-invalid', `method.kind is "${base.method.kind}": it names no other checkpoints for Global DE`);
      return { ...base, training: independent(memberCount(base.method)), method: base.method };
    }
  }
}

function cycleOf(method: Method): { warmupEpochs?: number; warmup?: 'rise' | 'hold'; resetOptimizer?: boolean } {
  return 'cycle' in method ? method.cycle : {};
}

/** Shorter trainings of a rung have their warm-up shortened alike. */
function ofEpochs(plan: Plan, epochs: number): Plan {
  const { warmup } = plan.training;
  if (epochs === plan.training.epochs) return plan;
  const shorter = warmup === null ? 0 : Math.min(Math.round((warmup.epochs * epochs) / plan.training.epochs), epochs - 1);
  return { ...plan, training: { ...plan.training, epochs, warmup: warmup === null || shorter < 1 ? null : { ...warmup, epochs: shorter } } };
}

function atLeastOne(epochs: number, { epochs: budget }: Budget): number {
  if (epochs < 1) throw new StarsseError('plan-invalid', `the probes alone are more than the budget of ${budget} epochs`);
  return epochs;
}

function positiveRate(lrRatio: number): number {
  if (lrRatio <= 0) throw new StarsseError('plan-invalid', 'a learning rate of 0 from the start trains nothing');
  return lrRatio;
}

function reasonOf(error: unknown): string {
  const { code, message } = StarsseError.from(error);
  if (code !== 'plan-invalid' && code !== 'clones') throw error;
  return message;
}

function refuseEmpty(method: TuneMethod, jobs: readonly { method: TuneMethod }[], leftOut: readonly LeftOut[]): void {
  const left = leftOut.find((each) => each.method === method);
  if (left === undefined || jobs.some((job) => job.method === method)) return;
  throw new StarsseError('plan-invalid', `${method} cannot be tuned: ${left.reason}`, { hint: 'Leave the method out, or change the plan or the ratios.' });
}

/** Epochs of members that an earlier job trains already. */
function withSharing(jobs: Omit<TuneJob, 'sharedEpochs'>[]): TuneJob[] {
  const trained = new Set<string>();
  return jobs.map((job) => {
    const members = membersOf(job.plan);
    const identities = memberIdentities(job.plan, members);
    const shared = members.filter(({ name }) => trained.has(identities.get(name)!));
    for (const identity of identities.values()) if (identity !== null) trained.add(identity);
    return { ...job, sharedEpochs: shared.reduce((sum, member) => sum + epochsOf(member), 0) };
  });
}
