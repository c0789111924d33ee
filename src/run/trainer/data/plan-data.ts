/** The data that a plan names: its three sets and their fingerprint. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { subset, type Dataset } from '../../../core/data.ts';
import { splitDataset } from '../../../core/split.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { Plan } from '../../../protocol/plan.ts';
import type { Run } from '../../../protocol/run.ts';
import type { Progress } from '../../task-lines.ts';
import type { ExampleSet } from './example-set.ts';
import { readImageFiles } from './idx-file.ts';

export interface PlanData {
  train: Dataset;
  validation: Dataset;
  test: Dataset;
  /** Names, in the order of the labels. */
  classes: string[];
  /** [height, width, channels] of each example. */
  shape: [number, number, number];
  /** SHA-256 of the contents and the split, hex. */
  fingerprint: string;
  problems: string[];
}

export interface ReadOptions {
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
}

/** @param planPath paths in the plan are relative to its folder. @throws StarsseError data-missing, data-invalid, cancelled */
export async function readPlanData({ data }: Plan, planPath: string, options: ReadOptions = {}): Promise<PlanData> {
  void options;
  if (data.kind !== 'idx') throw new StarsseError('plan-invalid', `data.kind ${data.kind}`);
  const resolve = (file: string): string => path.resolve(path.dirname(planPath), file);
  const read = async (files: typeof data.train): Promise<ExampleSet> => await readImageFiles(resolve(files.images), resolve(files.labels), data.classes.length);
  if (data.split === null || data.test === null) throw new StarsseError('plan-invalid', 'data.split and data.test');
  const labelled = await read(data.train);
  const test = await read(data.test);
  if (labelled.dataset.shape.join() !== test.dataset.shape.join()) {
    throw new StarsseError('data-invalid', `Training images are ${labelled.dataset.shape.join(' x ')}, test images ${test.dataset.shape.join(' x ')}`);
  }
  const split = splitDataset(labelled.dataset.labels, data.split);
  return {
    train: subset(labelled.dataset, split.train),
    validation: subset(labelled.dataset, split.validation),
    test: test.dataset,
    classes: data.classes,
    shape: test.dataset.shape,
    fingerprint: fingerprintOf([...labelled.content, ...test.content], data.split),
    problems: [],
  };
}

/** The data of a run, unchanged since the run was made. @throws StarsseError data-missing, data-invalid */
export async function readRunData({ plan, planPath, dataFingerprint }: Run, options: ReadOptions = {}): Promise<PlanData> {
  const data = await readPlanData(plan, planPath, options);
  if (data.fingerprint !== dataFingerprint) {
    throw new StarsseError('data-invalid', `The data of ${planPath} is not what it was when the run was made`, {
      hint: 'Put the old files back, or start a new run.',
    });
  }
  return data;
}

function fingerprintOf(content: Uint8Array[], split: NonNullable<Plan['data']['split']>): string {
  const hash = createHash('sha256');
  for (const bytes of content) hash.update(bytes);
  return hash.update(JSON.stringify([split.train, split.validation, split.seed])).digest('hex');
}
