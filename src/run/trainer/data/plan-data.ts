/** The data that a plan names: its three sets, what is wrong with them, and their fingerprint. */
import path from 'node:path';
import type { Dataset } from '../../../core/data.ts';
import { splitDataset } from '../../../core/split.ts';
import type { DataProblem } from '../../../protocol/data-report.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { PlanData as DataPlan } from '../../../protocol/plan-data.ts';
import type { Plan } from '../../../protocol/plan.ts';
import type { Run } from '../../../protocol/run.ts';
import { readCifarSets } from './cifar-file.ts';
import { readClassFolders } from './class-folders.ts';
import { problemsOf, type DrawnSets } from './data-problems.ts';
import { subsetOfExamples, type PlanSets } from './example-set.ts';
import { fingerprintOf, formerFingerprint } from './fingerprint.ts';
import { checkGiven, givenByPlan } from './given-sets.ts';
import { copiesWithin, type Copy } from './identical.ts';
import { readIdxSets } from './idx-file.ts';
import type { Making } from './image-cache.ts';
import { readManifest } from './manifest.ts';
import { readNpzSets } from './npz-file.ts';

export interface PlanData {
  train: Dataset;
  validation: Dataset;
  test: Dataset;
  /** Names, in the order of the labels. */
  classes: string[];
  /** [height, width, channels] of each example as it is stored: images may be larger than what the network sees of them. */
  shape: [number, number, number];
  /** SHA-256 of contents, labels and split, hex. */
  fingerprint: string;
  problems: DataProblem[];
}

/** [height, width, channels] of what the network sees: images are stored larger where crops are taken from them. */
export function inputShapeOf(plan: DataPlan, { shape }: Pick<PlanData, 'shape'>): [number, number, number] {
  return 'image' in plan ? [plan.image.size, plan.image.size, shape[2]] : shape;
}

/** Progress and cancelling. */
export type ReadOptions = Making;

/** The data before anybody judges them. */
export interface Drawn {
  given: PlanSets;
  sets: DrawnSets;
  /** Examples of the given training set that are in none of the three. */
  unused: number;
  leftOut: Copy[];
  fingerprint: string;
}

/**
 * @param planPath paths in the plan are relative to its folder.
 * @throws StarsseError plan-invalid, data-missing, data-invalid (also for what would make a result wrong), disk, cancelled
 */
export async function readPlanData({ data }: Plan, planPath: string, options: ReadOptions = {}): Promise<PlanData> {
  const drawn = await drawPlanData(data, planPath, options);
  const problems = problemsOf(drawn.given, drawn.sets, drawn.leftOut, drawn.given.classes);
  const refused = problems.find(({ severity }) => severity === 'refused');
  if (refused !== undefined) throw refusal(refused);
  return { ...planData(drawn), problems };
}

/** The data of a run, unchanged since the run was made; what is wrong with them was told then. @throws StarsseError as `readPlanData` */
export async function readRunData({ plan, planPath, dataFingerprint }: Run, options: ReadOptions = {}): Promise<PlanData> {
  const drawn = await drawPlanData(plan.data, planPath, options);
  if (drawn.fingerprint === dataFingerprint) return planData(drawn);
  if ((await formerFingerprint(plan.data, resolver(planPath))) === dataFingerprint) return planData(await drawPlanData(plan.data, planPath, options, 'copies too'));
  throw new StarsseError('data-invalid', `The data of ${planPath} is not what it was when the run was made`, {
    hint: 'Put the old files back, or start a new run.',
  });
}

/** Reads all sets and draws those that are not given. @param take whether the split takes each content once, as it does since there are fingerprints of contents. */
export async function drawPlanData(data: DataPlan, planPath: string, options: ReadOptions, take: 'each content once' | 'copies too' = 'each content once'): Promise<Drawn> {
  if (data.kind !== 'manifest') checkGiven(data, givenByPlan(data));
  if ('image' in data && data.image.stored !== null && data.image.stored < data.image.size) {
    throw new StarsseError('plan-invalid', `data.image.stored is ${data.image.stored}, less than data.image.size, which is ${data.image.size}`, { hint: 'Crops of `size` are taken from images of `stored`.' });
  }
  const given = await readSets(data, resolver(planPath), options);
  checkShapes(given);
  const { split } = data;
  const fingerprint = fingerprintOf(given, split);
  const { train, validation, test } = given;
  if (split === null) return { given, sets: { train, validation: validation!, test: test! }, unused: 0, leftOut: [], fingerprint };
  const leftOut = take === 'copies too' || train.dataset.values === 'features' ? [] : copiesWithin(train);
  const parts = splitDataset(train.dataset.labels, split, new Set(leftOut.map(({ at }) => at)));
  const sets = {
    train: subsetOfExamples(train, parts.train),
    validation: subsetOfExamples(train, parts.validation),
    test: test ?? subsetOfExamples(train, parts.test),
  };
  return { given, sets, unused: parts.unused.length - leftOut.length, leftOut, fingerprint };
}

async function readSets(data: DataPlan, resolve: (file: string) => string, options: ReadOptions): Promise<PlanSets> {
  switch (data.kind) {
    case 'idx':
      return await readIdxSets(data, resolve, options);
    case 'folder':
      return await readClassFolders(data, resolve, options);
    case 'manifest':
      return await readManifest(data, resolve, options);
    case 'cifar-10':
    case 'cifar-100':
      return await readCifarSets(data, resolve, options);
    case 'npz':
      return await readNpzSets(data, resolve, options);
  }
}

function planData({ given, sets: { train, validation, test }, fingerprint }: Drawn): PlanData {
  return { train: train.dataset, validation: validation.dataset, test: test.dataset, classes: given.classes, shape: train.dataset.shape, fingerprint, problems: [] };
}

function resolver(planPath: string): (file: string) => string {
  return (file) => path.resolve(path.dirname(planPath), file);
}

function checkShapes({ train, validation, test }: PlanSets): void {
  for (const [name, set] of [['validation', validation], ['test', test]] as const) {
    if (set === null || (set.dataset.shape.join() === train.dataset.shape.join() && set.dataset.values === train.dataset.values)) continue;
    throw new StarsseError('data-invalid', `Training examples are ${train.dataset.values} of ${train.dataset.shape.join(' x ')}, ${name} examples ${set.dataset.values} of ${set.dataset.shape.join(' x ')}`);
  }
}

function refusal({ kind, message, examples, count }: DataProblem): StarsseError {
  const named = examples.slice(0, 5).join('; ');
  return new StarsseError('data-invalid', `${message}: ${named}${count > 5 ? ` and ${count - 5} more` : ''}`, { hint: `${HINTS[kind]} \`starsse data\` lists everything.` });
}

const HINTS: Partial<Record<DataProblem['kind'], string>> = {
  unreadable: 'Mend or remove these files: up to 1 % of a set may be unreadable.',
  leakage: 'Take them out of one of the sets: what was trained on cannot measure what was learned. Up to 1 % is let pass with a warning.',
  few: 'Give training examples of every class.',
};
