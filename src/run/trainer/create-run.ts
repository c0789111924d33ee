/** The task `create`: from a plan to a run folder that anybody can work on. Whatever can be wrong with a plan is found here. */
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { version_core } from '@tensorflow/tfjs-core';
import { stepsPerEpoch } from '../../core/batches.ts';
import { modelFile } from '../../core/network.ts';
import type { DataProblem } from '../../protocol/data-report.ts';
import { StarsseError } from '../../protocol/errors.ts';
import { mostAtOnce } from '../../protocol/members.ts';
import { parseJson } from '../../protocol/parse.ts';
import { PlanSchema, type Plan } from '../../protocol/plan.ts';
import { RUN_FORMAT, type Run } from '../../protocol/run.ts';
import { epochsOf } from '../../protocol/schedule.ts';
import { chooseShare, type Share } from '../../protocol/shares.ts';
import { VERSION } from '../../protocol/version.ts';
import { createRunId, runFiles } from '../folder.ts';
import type { CreatedRun } from '../task-lines.ts';
import { LR_RATIO } from '../retry.ts';
import { diskError, replaceJson } from '../write.ts';
import type { ReadOptions } from './data/plan-data.ts';
import { checkRoomForRun } from './disk-needs.ts';
import { queuedState } from './member-state.ts';
import { planRules, preparePlan, type PreparedPlan } from './plan/prepare-plan.ts';
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
  const prepared = await preparePlan(plan, planPath, plan.compute.threads ?? 1, context);
  for (const { check } of planRules(prepared)) check();
  const { members, data, device, cards, network, normalization, fingerprints } = prepared;
  const images = data.train.labels.length;
  const { workers, threads, threadsAlone, reason } = await shareOfMachine(prepared);
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
export async function shareOfMachine({ plan: { compute, training }, members, device, cards, network }: PreparedPlan): Promise<Share & { reason?: string }> {
  const cores = availableParallelism();
  if (device.kind === 'gpu') {
    const workers = compute.workers ?? Math.min(Math.max(1, cards.length * compute.membersPerGpu), mostAtOnce(members));
    const threads = compute.threads ?? Math.max(1, Math.floor(cores / workers));
    return { workers, threads, threadsAlone: threads };
  }
  const machine = { cores, threaded: device.backend === 'tensorflow', workers: compute.workers, threads: compute.threads };
  return chooseShare(members, machine, await measuredStepTimes({ backend: device.backend, network, batchSize: training.batchSize }));
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
