/** What soups of a run are made with: its members' files, its images, the back end. */
import { subset, type Dataset } from '../../../core/data.ts';
import { predict } from '../../../core/evaluate.ts';
import { metricOf, nll, type Predictions } from '../../../core/metrics.ts';
import { isHead, parametersOf } from '../../../core/network.ts';
import { permutation, randomKey } from '../../../core/random.ts';
import type { Runner } from '../../../core/runner.ts';
import { withMeanHead } from '../../../core/soups/keep-head.ts';
import type { SoupRule } from '../../../core/soups/rule.ts';
import { disposeTensors, weightsFrom, type Weights } from '../../../core/weights.ts';
import { initialWeights } from '../../../core/initialise.ts';
import type { NetworkSpec } from '../../../protocol/network.ts';
import type { Run } from '../../../protocol/run.ts';
import type { TaskStep } from '../../../protocol/task-steps.ts';
import { withStatistics } from '../averaged-network.ts';
import { startTensors } from '../checkpoints.ts';
import type { PlanData } from '../data/plan-data.ts';
import { readPredictions } from '../snapshot.ts';
import { memorySource, type SoupSource } from './sources.ts';
import { mixedInMemory } from './stretches.ts';

export const PRETRAINED = 'pretrained';
/** Images on which members are looked at and soups learned, and from which batch-norm statistics are estimated meanwhile: a fixed random choice, or all that there are. */
const LOOKED_IMAGES = { validation: 512, train: 256 };

export interface Kitchen {
  folder: string;
  run: Run;
  runner: Runner;
  data: PlanData;
  /** Of the members, held open. */
  sources: readonly SoupSource[];
  /** Where the snapshot and the predictions of a member are. */
  placeOf(member: string): Place;
  statistics: 're-estimate' | 'average';
  signal: AbortSignal;
  /** Tells what is being done and the share of it that is, and what was found; throws when cancelled. */
  step(message: string, fraction: number, found?: TaskStep): void;
}

/** A member by its run's folder and its name there. */
export interface Place {
  folder: string;
  name: string;
}

/** On validation data. @throws StarsseError file-missing, file-invalid */
export async function predictionsOf({ folder, name }: Place): Promise<Predictions> {
  return await readPredictions(folder, name, 'validation');
}

/** The sources of these members, in this order. */
export function sourcesOf({ sources }: Kitchen, names: readonly string[]): SoupSource[] {
  return names.map((name) => sources.find((source) => source.name === name)!);
}

/** The network that member 1 started from. @throws StarsseError file-missing, data-invalid */
export async function pretrainedSource({ run, runner }: Kitchen): Promise<SoupSource> {
  const [member] = run.members;
  return memorySource(PRETRAINED, (await startTensors(run, member, runner.network))?.tensors ?? initialWeights(runner.network, member.headSeed!));
}

/** The rule as it is, or the head's mean where the run's heads were new. */
export function forHead(rule: SoupRule, parents: number, { run, runner }: Kitchen): SoupRule {
  if (run.members[0].headSeed === null) return rule;
  const heads = headNames(runner.network);
  return withMeanHead(rule, parents, ({ name }) => heads.has(name));
}

function headNames(network: NetworkSpec): Set<string> {
  return new Set(parametersOf(network).filter((parameter) => isHead(network, parameter)).map(({ name }) => name));
}

/** The soup in the back end's memory, with the batch-norm statistics that the order asks for. The caller disposes it. */
export async function cooked(kitchen: Kitchen, rule: SoupRule, sources: readonly SoupSource[], tell: () => void): Promise<Weights> {
  const { runner, data, run, statistics, signal } = kitchen;
  const weights = weightsFrom(runner.network, await mixedInMemory(rule, sources, { signal }), 'the soup');
  if (statistics === 'average') return weights;
  return await withStatistics(runner, weights, data, { batchSize: run.plan.evaluation.batchSize }, tell);
}

/** The plan's metric and the loss of a soup on validation data. */
export async function scoreOf(kitchen: Kitchen, rule: SoupRule, sources: readonly SoupSource[], tell: () => void): Promise<{ score: number; loss: number }> {
  const { runner, data, run } = kitchen;
  const { metric, batchSize } = run.plan.evaluation;
  const weights = await cooked(kitchen, rule, sources, tell);
  try {
    runner.load(weights);
    const predictions = await predict(runner, data.validation, { batchSize }, tell);
    return { score: metricOf(predictions, metric), loss: nll(predictions) };
  } finally {
    disposeTensors(weights);
  }
}

/** The images of a set that members are looked at on. */
export function looked(kitchen: Kitchen, set: 'train' | 'validation'): Dataset {
  const dataset = kitchen.data[set];
  const chosen = lookedPlaces(kitchen, set);
  return chosen.length === dataset.labels.length ? dataset : subset(dataset, chosen);
}

/** Their places in the set. */
export function lookedPlaces({ data, run }: Kitchen, set: 'train' | 'validation'): Uint32Array {
  const dataset = data[set];
  const all = dataset.labels.length;
  let count = Math.min(all, LOOKED_IMAGES[set]);
  // Batch norm says nothing about a batch of one image.
  if (set === 'train' && count > 1 && count % run.plan.evaluation.batchSize === 1) count -= 1;
  return permutation(randomKey(run.plan.seed, 'soup', set === 'train' ? 0 : 1), all).slice(0, count).sort();
}
