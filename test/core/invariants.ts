/** The two kinds of networks for which every invariant must hold, and what they train on: a few steps of little data. */
import { builtinNetwork } from '../../src/core/builtin.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { membersOf } from '../../src/protocol/methods.ts';
import { predict } from '../../src/core/evaluate.ts';
import type { Predictions } from '../../src/core/metrics.ts';
import type { NetworkSpec } from '../../src/protocol/network.ts';
import type { Plan, PlanInput } from '../../src/protocol/plan.ts';
import type { Member } from '../../src/protocol/run.ts';
import type { TensorData } from '../../src/protocol/tensor.ts';
import { toyData } from './toy-data.ts';
import { withRunner } from './with-runner.ts';
import { jobOf, planOf, train, weightsOnly, type JobData, type Trained } from './training-job.ts';

export interface Subject {
  name: string;
  network: NetworkSpec;
  data: JobData;
  training: Partial<PlanInput['training']>;
  checkpoint: TensorData[];
}

function subject(name: string, network: NetworkSpec, training: Partial<PlanInput['training']>): Subject {
  const side = network.inputShape[0];
  return { name, network, training: { epochs: 1, batchSize: 4, ...training }, data: { train: toyData(8, 1, { side }), validation: toyData(15, 2, { side }) }, checkpoint: initialWeights(network, 9) };
}

/** A CNN with batch norm, and a transformer with layer norm, dropout and AdamW. */
export const SUBJECTS: Subject[] = [
  subject('resnet-8 (batch norm)', builtinNetwork('resnet-8', [4, 4, 1], 3), { optimizer: { learningRate: 0.05, weightDecay: 1e-3 } }),
  subject('vit-mini (layer norm)', builtinNetwork('vit-mini', [8, 8, 1], 3, { dropout: 0.1, dropPath: 0.1 }), { optimizer: { kind: 'adamw', learningRate: 1e-3, weightDecay: 0.05 }, clipNorm: 5 }),
];

export function planFor({ training }: Subject, method: PlanInput['method'], more: Partial<PlanInput['training']> = {}): Plan {
  return planOf(method, { ...training, ...more });
}

/** One member, from what it starts from. */
export async function trainOne({ network, data }: Subject, plan: Plan, member: Member, start: readonly TensorData[]): Promise<Trained> {
  return await train(jobOf(member, network, plan.training, data), start);
}

/** Snapshots of all members by name, trained in the given order of names (each after what it starts from). */
export async function trainAll(subject: Subject, plan: Plan, order?: string[]): Promise<Map<string, TensorData[]>> {
  const members = membersOf(plan);
  const snapshots = new Map<string, TensorData[]>();
  for (const name of order ?? members.map((member) => member.name)) {
    const member = members.find((each) => each.name === name)!;
    const start = member.startsFrom === 'pretrained' ? subject.checkpoint : snapshots.get(member.startsFrom)!;
    snapshots.set(name, weightsOnly((await trainOne(subject, plan, member, start)).data));
  }
  return snapshots;
}

export async function predictionsOf({ network, data }: Subject, tensors: readonly TensorData[]): Promise<Predictions> {
  return await withRunner(network, tensors, { mean: [0.3], std: [0.2] }, async (runner) => await predict(runner, data.validation, { batchSize: 15 }));
}
