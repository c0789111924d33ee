/** The data that a plan names: its three sets and their fingerprint. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { splitDataset, subset, type Dataset } from '../../core/data.ts';
import { StarsseError } from '../../protocol/errors.ts';
import type { Plan } from '../../protocol/plan.ts';
import type { Run } from '../../protocol/run.ts';
import { readImageFiles, type IdxFile } from './idx-file.ts';

export interface PlanData {
  train: Dataset;
  validation: Dataset;
  test: Dataset;
  /** SHA-256 of the files' contents and the split, hex. */
  fingerprint: string;
}

/** @param planPath paths in the plan are relative to its folder. @throws StarsseError data-missing, data-invalid */
export async function readPlanData({ data }: Plan, planPath: string): Promise<PlanData> {
  const resolve = (file: string): string => path.resolve(path.dirname(planPath), file);
  const read = async (files: Plan['data']['train']) => await readImageFiles(resolve(files.images), resolve(files.labels), data.classes.length);
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
    fingerprint: fingerprintOf([...labelled.files, ...test.files], data.split),
  };
}

/** The data of a run, unchanged since the run was made. @throws StarsseError data-missing, data-invalid */
export async function readRunData({ plan, planPath, dataFingerprint }: Run): Promise<PlanData> {
  const data = await readPlanData(plan, planPath);
  if (data.fingerprint !== dataFingerprint) {
    throw new StarsseError('data-invalid', `The data of ${planPath} is not what it was when the run was made`, {
      hint: 'Put the old files back, or start a new run.',
    });
  }
  return data;
}

function fingerprintOf(files: IdxFile[], split: Plan['data']['split']): string {
  const hash = createHash('sha256');
  for (const { bytes } of files) hash.update(bytes);
  return hash.update(JSON.stringify([split.train, split.validation, split.seed])).digest('hex');
}
