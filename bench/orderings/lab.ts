/** Trains plans in this process and measures what comes out. */
import { averageToData } from '../../src/core/averages.ts';
import { hostWeights } from '../../src/core/basin/host-weights.ts';
import { lineBetween } from '../../src/core/basin/line.ts';
import { measureOf } from '../../src/core/basin/measure.ts';
import { subset, type Dataset } from '../../src/core/data.ts';
import { predict } from '../../src/core/evaluate.ts';
import { inputInProcess } from '../../src/core/input.ts';
import { membersOf } from '../../src/protocol/methods.ts';
import { accuracy, type Predictions } from '../../src/core/metrics.ts';
import { hasBatchNorm } from '../../src/core/network.ts';
import { reestimateStatistics } from '../../src/core/reestimate.ts';
import { eagerRunner, type Runner } from '../../src/core/runner.ts';
import { mixTensors } from '../../src/core/soups/mix.ts';
import { uniform } from '../../src/core/soups/uniform.ts';
import { disposeState, startState } from '../../src/core/state.ts';
import { trainMember } from '../../src/core/train.ts';
import { disposeTensors, weightsFrom, weightsToData, type Weights } from '../../src/core/weights.ts';
import type { NetworkSpec } from '../../src/protocol/network.ts';
import type { Plan } from '../../src/protocol/plan.ts';
import { BEGINNING } from '../../src/protocol/position.ts';
import { floatsOf, type TensorData } from '../../src/protocol/tensor.ts';
import type { Task } from './task.ts';

const NORMALIZATION = { mean: [0.5], std: [0.25] };
const SETTINGS = { batchSize: 500 };

export interface Trained {
  name: string;
  tensors: TensorData[];
  validation: Predictions;
  test: Predictions;
  /** Names of soups of its own training. */
  averages: Trained[];
}

/** Members of a plan, in their order. @param checkpoints by the names that the plan uses */
export async function trainPlan(plan: Plan, network: NetworkSpec, { train, validation, test }: Task, checkpoints: ReadonlyMap<string, TensorData[]>): Promise<Trained[]> {
  const done = new Map<string, Trained>();
  for (const member of membersOf(plan)) {
    const start = member.startsFrom === 'pretrained' ? (checkpoints.get(member.checkpoint ?? '') ?? null) : done.get(member.startsFrom)!.tensors;
    const { augmentation, labelSmoothing } = plan.training;
    const input = inputInProcess(train, { seed: member.seed, augmentation, labelSmoothing, normalization: NORMALIZATION, size: [network.inputShape[0], network.inputShape[1]] });
    const job = { member, network, training: plan.training, images: train.labels.length, input, probeInput: null, validation: firstOf(validation), normalization: NORMALIZATION, evaluationBatchSize: 500 };
    const { state } = await trainMember(job, { state: startState(network, member, start, member.startsFrom), position: BEGINNING }, { onStep: () => undefined, shouldStop: () => false });
    try {
      const of = async (name: string, tensors: TensorData[]): Promise<Trained> => ({ name, tensors, validation: await predictions(network, tensors, validation), test: await predictions(network, tensors, test), averages: [] });
      const trained = await of(member.name, await weightsToData(network, state.weights));
      for (const rule of ['swa', 'ema'] as const) {
        const average = await averageToData(network, state.averages, rule);
        if (average !== null) trained.averages.push(await of(rule, await withStatistics(network, average, train)));
      }
      done.set(member.name, trained);
    } finally {
      disposeState(state);
      await input.close();
    }
  }
  return [...done.values()];
}

/** The uniform soup on test, and on validation. */
export async function soupOf(network: NetworkSpec, members: readonly Trained[], { train, validation, test }: Task): Promise<{ validation: number; test: number }> {
  const tensors = await withStatistics(network, mixTensors(uniform(members.length), members), train);
  return { validation: accuracy(await predictions(network, tensors, validation)), test: accuracy(await predictions(network, tensors, test)) };
}

/** Barrier of the test error between two members, statistics estimated anew at every point. */
export async function errorBarrier(network: NetworkSpec, a: Trained, b: Trained, { train, test }: Task): Promise<number> {
  const runner = eagerRunner(network, NORMALIZATION);
  const measure = measureOf({ runner, network, statistics: train, sets: { test }, batchSize: 80 });
  try {
    return (await lineBetween(measure, hostWeights(network, a.tensors), hostWeights(network, b.tensors), { points: 7 })).test!.errorBarrier;
  } finally {
    runner.close();
  }
}

/** |A - B| / |A| over all tensors. */
export function relativeDistance(a: Trained, b: Trained): number {
  let [between, length] = [0, 0];
  for (const [index, tensor] of a.tensors.entries()) {
    const other = floatsOf(b.tensors[index]);
    floatsOf(tensor).forEach((value, place) => {
      between += (value - other[place]) ** 2;
      length += value ** 2;
    });
  }
  return Math.sqrt(between / length);
}

async function predictions(network: NetworkSpec, tensors: TensorData[], dataset: Dataset): Promise<Predictions> {
  const weights = weightsFrom(network, tensors, 'weights');
  const runner = runnerWith(network, weights);
  try {
    return await predict(runner, dataset, SETTINGS);
  } finally {
    runner.close();
    disposeTensors(weights);
  }
}

async function withStatistics(network: NetworkSpec, tensors: TensorData[], train: Dataset): Promise<TensorData[]> {
  if (!hasBatchNorm(network)) return tensors;
  const weights = weightsFrom(network, tensors, 'weights');
  const runner = runnerWith(network, weights);
  try {
    const estimated = await reestimateStatistics(runner, network, weights, train, { batchSize: 80 });
    try {
      return await weightsToData(network, estimated);
    } finally {
      disposeTensors(estimated);
    }
  } finally {
    runner.close();
    disposeTensors(weights);
  }
}

function runnerWith(network: NetworkSpec, weights: Weights): Runner {
  const runner = eagerRunner(network, NORMALIZATION);
  runner.load(weights);
  return runner;
}

/** Training looks at a few images after each epoch; figures are made afterwards, from all. */
function firstOf(dataset: Dataset): Dataset {
  return subset(dataset, Uint32Array.from({ length: 40 }, (_, position) => position));
}
