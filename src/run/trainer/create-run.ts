/** The task `create`: from a plan to a run folder that anybody can work on. Whatever can be wrong with a plan is found here. */
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { version_core } from '@tensorflow/tfjs-core';
import { nvidiaCards } from '../../backends/cards.ts';
import { startBackend } from '../../backends/choose.ts';
import { checkAugmentation } from '../../core/augment/check.ts';
import { stepsPerEpoch } from '../../core/batches.ts';
import { refuseClones } from '../../protocol/clones.ts';
import { membersOf } from '../../protocol/methods.ts';
import { modelFile } from '../../core/network.ts';
import { checkBatches } from '../../core/train.ts';
import type { Card } from '../../protocol/cards.ts';
import type { DataProblem } from '../../protocol/data-report.ts';
import { StarsseError } from '../../protocol/errors.ts';
import { mostAtOnce } from '../../protocol/members.ts';
import type { NetworkSpec } from '../../protocol/network.ts';
import { parseJson } from '../../protocol/parse.ts';
import { PlanSchema, type Plan } from '../../protocol/plan.ts';
import { RUN_FORMAT, type Device, type Member, type Run } from '../../protocol/run.ts';
import { epochsOf } from '../../protocol/schedule.ts';
import { chooseShare, type Share } from '../../protocol/shares.ts';
import { VERSION } from '../../protocol/version.ts';
import { createRunId, runFiles } from '../folder.ts';
import type { CreatedRun } from '../task-lines.ts';
import { LR_RATIO } from '../retry.ts';
import { diskError, replaceJson } from '../write.ts';
import { readStarts } from './checkpoints.ts';
import { readPlanData, type PlanData, type ReadOptions } from './data/plan-data.ts';
import { checkRoomForRun } from './disk-needs.ts';
import { queuedState } from './member-state.ts';
import { measuredStepTimes } from './step-times.ts';

/** What the command line or the editor may set in place of the plan, how often a member that diverges is tried again, and whether the time is watched. */
export type Overrides = { [K in keyof Plan['compute']]?: Plan['compute'][K] | undefined } & { retries?: number | undefined; profile?: boolean | undefined };

/**
 * Checks the plan against its data, its checkpoints and this machine, and makes the folder, whole or not at all.
 * `auto` is resolved here, once: all members of a run train on the same back end.
 * @throws StarsseError plan-invalid, clones, data-missing, data-invalid, file-missing, mismatch, backend-missing, disk
 */
export async function createRun(planFile: string, runsFolder: string, { retries = 0, profile = false, ...compute }: Overrides, context: ReadOptions = {}): Promise<CreatedRun> {
  const planPath = path.resolve(planFile);
  const plan = await readPlan(planPath, compute);
  const members = membersOf(plan);
  const data = await readPlanData(plan, planPath, context);
  const images = data.train.labels.length;
  // Before this process takes memory of one.
  const found = ['auto', 'tensorflow'].includes(plan.compute.backend) ? await nvidiaCards() : [];
  // Before the checkpoints: layers of TensorFlow.js are made on it.
  const device = await startBackend(plan.compute.backend, { threads: plan.compute.threads ?? 1 });
  const { network, normalization, fingerprints } = await readStarts(plan, planPath, members, inputShapeOf(plan.data, data), data.classes.length);
  refuseClones(members, (checkpoint) => fingerprints[checkpoint]);
  checkBatches(network, images, plan.training);
  checkAugmentation(plan.training.augmentation, data.train, [network.inputShape[0], network.inputShape[1]]);
  const cards = device.backend === 'tensorflow' && device.kind === 'gpu' ? found : [];
  const { workers, threads, threadsAlone, reason } = await shareOfMachine(plan, members, device, cards, network);
  const id = createRunId();
  const run: Run = {
    format: RUN_FORMAT,
    id,
    createdAt: new Date().toISOString(),
    planPath,
    plan: { ...plan, compute: { ...plan.compute, workers, threads, backend: device.backend } },
    members,
    stepsPerEpoch: stepsPerEpoch(images, plan.training.batchSize),
    workers,
    threads,
    ...(threadsAlone === threads ? {} : { threadsAlone }),
    ...(reason === undefined ? {} : { shareReason: reason }),
    ...(cards.length === 0 ? {} : { cards }),
    dataFingerprint: data.fingerprint,
    checkpointFingerprint: plan.model.checkpoint === null ? null : fingerprints[plan.model.checkpoint],
    checkpointFingerprints: fingerprints,
    retry: { times: retries, lrRatio: LR_RATIO },
    ...(profile ? { profile } : {}),
    versions: { starsse: VERSION, node: process.versions.node, 'tfjs-core': version_core },
  };
  const folder = path.join(path.resolve(runsFolder), id);
  await writeWhole(folder, async (inside) => {
    await checkRoomForRun(inside, run, network, data);
    for (const member of members) {
      await mkdir(runFiles.member(inside, member.name), { recursive: true });
      await replaceJson(runFiles.state(inside, member.name), queuedState(epochsOf(member) * run.stepsPerEpoch));
    }
    await makeRunFolders(inside);
    await replaceJson(runFiles.model(inside), modelFile(network, data.classes, normalization));
    await replaceJson(runFiles.run(inside), run);
  });
  return { folder, id, warnings: data.problems.map(warning) };
}

/** One line. */
function warning({ message, count, examples }: DataProblem): string {
  const more = count > examples.length ? ', ...' : '';
  return examples.length === 0 ? message : `${message} (${examples.join(', ')}${more})`;
}

/** The folders that many files share; archives and version control drop empty ones. @throws StarsseError disk */
export async function makeRunFolders(folder: string): Promise<void> {
  try {
    for (const name of ['snapshots', 'predictions', 'analyses', 'requests']) await mkdir(path.join(folder, name), { recursive: true });
  } catch (error) {
    throw diskError(error, folder);
  }
}

/** [height, width, channels] of what the network sees: images are stored larger where crops are taken from them. */
export function inputShapeOf(plan: Plan['data'], { shape }: Pick<PlanData, 'shape'>): [number, number, number] {
  return 'image' in plan ? [plan.image.size, plan.image.size, shape[2]] : shape;
}

/** @throws StarsseError file-missing, file-invalid, plan-invalid */
export async function readPlan(planPath: string, compute: Omit<Overrides, 'retries' | 'profile'> = {}): Promise<Plan> {
  let text: string;
  try {
    text = await readFile(planPath, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new StarsseError('file-missing', `There is no plan ${planPath}`, { hint: 'Give the path of a *.starsse.json file.', cause });
    throw new StarsseError('file-invalid', `The plan ${planPath} cannot be read: ${message}`, { cause });
  }
  const plan = parseJson(PlanSchema, text, planPath, 'plan-invalid');
  const given = Object.fromEntries(Object.entries(compute).filter(([, value]) => value !== undefined));
  return { ...plan, compute: { ...plan.compute, ...given } };
}

/**
 * Trainers side by side and threads of each. One GPU is one trainer's, or that of as many as the plan lets share it; cores are
 * shared out by what steps took here before.
 */
async function shareOfMachine({ compute, training: { batchSize } }: Plan, members: Member[], device: Device, cards: readonly Card[], network: NetworkSpec): Promise<Share & { reason?: string }> {
  const cores = availableParallelism();
  if (device.kind === 'gpu') {
    const workers = compute.workers ?? Math.min(Math.max(1, cards.length * compute.membersPerGpu), mostAtOnce(members));
    const threads = compute.threads ?? Math.max(1, Math.floor(cores / workers));
    return { workers, threads, threadsAlone: threads };
  }
  const machine = { cores, threaded: device.backend === 'tensorflow', workers: compute.workers, threads: compute.threads };
  return chooseShare(members, machine, await measuredStepTimes({ backend: device.backend, network, batchSize }));
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
