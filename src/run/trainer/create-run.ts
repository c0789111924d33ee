/** The task `create`: from a plan to a run folder that anybody can work on. Whatever can be wrong with a plan is found here. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { version_core } from '@tensorflow/tfjs-core';
import { startBackend } from '../../backends/choose.ts';
import { normalizedValues, stepsPerEpoch } from '../../core/batches.ts';
import { builtinNetwork } from '../../core/builtin.ts';
import { withNewHead } from '../../core/initialise.ts';
import { membersOf } from '../../core/methods.ts';
import { modelFile } from '../../core/network.ts';
import { checkBatches } from '../../core/train.ts';
import { checkWeights } from '../../core/weights.ts';
import { StarsseError } from '../../protocol/errors.ts';
import { mostAtOnce } from '../../protocol/members.ts';
import type { NetworkSpec } from '../../protocol/network.ts';
import { parseJson } from '../../protocol/parse.ts';
import { PlanSchema, type Plan } from '../../protocol/plan.ts';
import { RUN_FORMAT, type Device, type Member, type Run } from '../../protocol/run.ts';
import { VERSION } from '../../protocol/version.ts';
import { createRunId, runFiles } from '../folder.ts';
import { readSafetensors } from '../safetensors-file.ts';
import { diskError, replaceJson } from '../write.ts';
import { queuedState } from './member-state.ts';
import { readPlanData } from './data/plan-data.ts';

/** What the command line or the editor may set in place of the plan. */
export type Overrides = { [K in keyof Plan['compute']]?: Plan['compute'][K] | undefined };

/**
 * Checks the plan against its data, its checkpoint and this machine, and makes the folder, whole or not at all.
 * `auto` is resolved here, once: all members of a run train on the same back end.
 * @throws StarsseError plan-invalid, clones, data-missing, data-invalid, file-missing, mismatch, backend-missing, disk
 */
export async function createRun(planFile: string, runsFolder: string, overrides: Overrides): Promise<{ folder: string; id: string }> {
  const planPath = path.resolve(planFile);
  const plan = await readPlan(planPath, overrides);
  const members = membersOf(plan);
  const data = await readPlanData(plan, planPath);
  const images = data.train.labels.length;
  normalizedValues(plan.data.normalization, data.train.shape[2]);
  const network = builtinNetwork(plan.model.network, data.train.shape, plan.data.classes.length);
  checkBatches(network, images, plan.training.batchSize);
  const checkpointFingerprint = plan.model.checkpoint === null ? null : await checkCheckpoint(network, checkpointPath(plan, planPath)!);
  const device = await startBackend(plan.compute.backend, { threads: plan.compute.threads ?? 1 });
  const share = shareOfMachine(plan, members, device);
  const id = createRunId();
  const run: Run = {
    format: RUN_FORMAT,
    id,
    createdAt: new Date().toISOString(),
    planPath,
    plan: { ...plan, compute: { ...share, backend: device.backend } },
    members,
    stepsPerEpoch: stepsPerEpoch(images, plan.training.batchSize),
    ...share,
    dataFingerprint: data.fingerprint,
    checkpointFingerprint,
    versions: { starsse: VERSION, node: process.versions.node, 'tfjs-core': version_core },
  };
  const folder = path.join(path.resolve(runsFolder), id);
  await writeWhole(folder, async (inside) => {
    for (const member of members) {
      await mkdir(runFiles.member(inside, member.name), { recursive: true });
      await replaceJson(runFiles.state(inside, member.name), queuedState(member.epochs * run.stepsPerEpoch));
    }
    await makeRunFolders(inside);
    await replaceJson(runFiles.model(inside), modelFile(network, plan.data.classes, plan.data.normalization));
    await replaceJson(runFiles.run(inside), run);
  });
  return { folder, id };
}

/** The folders that many files share; archives and version control drop empty ones. @throws StarsseError disk */
export async function makeRunFolders(folder: string): Promise<void> {
  try {
    for (const name of ['snapshots', 'predictions', 'analyses', 'requests']) await mkdir(path.join(folder, name), { recursive: true });
  } catch (error) {
    throw diskError(error, folder);
  }
}

/** Where the plan's checkpoint is, absolute; null for none. */
export function checkpointPath(plan: Plan, planPath: string): string | null {
  return plan.model.checkpoint === null ? null : path.resolve(path.dirname(planPath), plan.model.checkpoint);
}

export async function fingerprintOfFile(file: string): Promise<string> {
  return createHash('sha256').update(await readFile(file)).digest('hex');
}

async function readPlan(planPath: string, overrides: Overrides): Promise<Plan> {
  let text: string;
  try {
    text = await readFile(planPath, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new StarsseError('file-missing', `There is no plan ${planPath}`, { hint: 'Give the path of a *.starsse.json file.', cause });
    throw new StarsseError('file-invalid', `The plan ${planPath} cannot be read: ${message}`, { cause });
  }
  const plan = parseJson(PlanSchema, text, planPath, 'plan-invalid');
  const given = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
  return { ...plan, compute: { ...plan.compute, ...given } };
}

async function checkCheckpoint(network: NetworkSpec, file: string): Promise<string> {
  const { tensors } = await readSafetensors(file);
  checkWeights(network, withNewHead(tensors, network, 0), file);
  return await fingerprintOfFile(file);
}

/** Trainers side by side and threads of each. One GPU is one trainer's; cores are shared out evenly. */
function shareOfMachine({ compute }: Plan, members: Member[], device: Device): { workers: number; threads: number } {
  const cores = availableParallelism();
  const workers = compute.workers ?? (device.kind === 'gpu' ? 1 : Math.min(cores, mostAtOnce(members)));
  return { workers, threads: compute.threads ?? Math.max(1, Math.floor(cores / workers)) };
}

/** Fills a folder beside and renames it: a run folder is never half made. */
async function writeWhole(folder: string, fill: (inside: string) => Promise<void>): Promise<void> {
  const beside = path.join(path.dirname(folder), `.${path.basename(folder)}.beside`);
  try {
    await mkdir(beside, { recursive: true });
    await fill(beside);
    await rename(beside, folder);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    throw diskError(error, folder);
  }
}
