/** A plan with everything that a run of it is made from: data, device, network, checkpoints. Nothing is written. */
import { nvidiaCards } from '../../../backends/cards.ts';
import { startBackend } from '../../../backends/choose.ts';
import { checkAugmentation } from '../../../core/augment/check.ts';
import { checkBatches } from '../../../core/train.ts';
import type { Card } from '../../../protocol/cards.ts';
import { refuseClones } from '../../../protocol/clones.ts';
import { membersOf } from '../../../protocol/methods.ts';
import type { Plan } from '../../../protocol/plan.ts';
import type { Device, Member } from '../../../protocol/run.ts';
import { readStarts, type Starts } from '../checkpoints.ts';
import { inputShapeOf, readPlanData, type PlanData, type ReadOptions } from '../data/plan-data.ts';

export interface PreparedPlan extends Starts {
  plan: Plan;
  planPath: string;
  members: Member[];
  data: PlanData;
  device: Device;
  /** NVIDIA cards that TensorFlow trains on. */
  cards: Card[];
}

/**
 * @param planPath absolute
 * @param threads of the back end, for what is done in this process
 * @throws StarsseError plan-invalid, clones, data-missing, data-invalid, file-missing, file-invalid, mismatch, backend-missing
 */
export async function preparePlan(plan: Plan, planPath: string, threads: number, context: ReadOptions = {}): Promise<PreparedPlan> {
  const members = membersOf(plan);
  const data = await readPlanData(plan, planPath, context);
  // Before this process takes memory of one.
  const found = ['auto', 'tensorflow'].includes(plan.compute.backend) ? await nvidiaCards() : [];
  // Before the checkpoints: layers of TensorFlow.js are made on it.
  const device = await startBackend(plan.compute.backend, { threads });
  const starts = await readStarts(plan, planPath, members, inputShapeOf(plan.data, data), data.classes.length);
  return { plan, planPath, members, data, device, cards: device.backend === 'tensorflow' && device.kind === 'gpu' ? found : [], ...starts };
}

export interface PlanRule {
  /** The field that a breach is about. */
  path: string[];
  /** @throws StarsseError when the plan breaks it */
  check(): void;
}

/** What has to fit together once everything is read. */
export function planRules({ plan, members, data, network, fingerprints }: PreparedPlan): PlanRule[] {
  const { training } = plan;
  return [
    { path: ['memberSeeds'], check: () => refuseClones(members, (checkpoint) => fingerprints[checkpoint]) },
    { path: ['training', 'batchSize'], check: () => checkBatches(network, data.train.labels.length, training) },
    { path: ['training', 'augmentation'], check: () => checkAugmentation(training.augmentation, data.train, [network.inputShape[0], network.inputShape[1]]) },
  ];
}
