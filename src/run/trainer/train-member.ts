/** `train <run> <member>`: one member from where it stands to its snapshot and its predictions. */
import { rm } from 'node:fs/promises';
import { startBackend } from '../../backends/choose.ts';
import { readingOf } from '../../backends/reading.ts';
import { runnerOf } from '../../backends/runner.ts';
import { stepperOf } from '../../backends/stepper.ts';
import type { Input } from '../../core/input.ts';
import { disposeState, startState, type TrainState } from '../../core/state.ts';
import { trainMember, type Progress, type TrainingJob } from '../../core/train.ts';
import { StarsseError } from '../../protocol/errors.ts';
import type { ModelFile, NetworkSpec } from '../../protocol/network.ts';
import { BEGINNING, type Position } from '../../protocol/position.ts';
import type { Row } from '../../protocol/rows.ts';
import type { Device, Member, Run } from '../../protocol/run.ts';
import { readRun, runFiles } from '../folder.ts';
import { withLock } from '../lock.ts';
import { MemberRecords } from '../records/member-records.ts';
import { readSafetensors } from '../safetensors-file.ts';
import { removeLeftBeside } from '../write.ts';
import { memoryOnCard, ownCard } from './card-memory.ts';
import { startTensors } from './checkpoints.ts';
import { makeRunFolders } from './create-run.ts';
import { readRunData, type PlanData } from './data/plan-data.ts';
import { writeEnd } from './member-end.ts';
import { MemberProfile } from './member-profile.ts';
import { openInput } from './input/open-input.ts';
import { MemberState } from './member-state.ts';
import { loadResume, saveResume, type Origin } from './resume-file.ts';
import { readModel } from './run-network.ts';
import { readSnapshot } from './snapshot.ts';

/** Saved in the middle of an epoch when nothing was for so long. */
const SAVE_MS = 30_000;
/** Epochs shorter than this are not all saved: what a kill can cost is a second. */
const SAVE_EPOCH_MS = 1000;

/** How often it is asked while data are read. */
const LOOK_MS = 200;

/** Says when to stop; `stopped` is a result and no error. */
export type ShouldStop = () => boolean;

/**
 * Trains a member of a run. Resumed equals uninterrupted: the weights are those of a training without pauses, bit for bit.
 * What goes wrong is written to state.json and thrown.
 * @throws StarsseError run-busy while another trainer has the member
 */
export async function trainInRun(folder: string, memberName: string, shouldStop: ShouldStop): Promise<'done' | 'stopped'> {
  const run = await readRun(folder);
  const member = run.members.find(({ name }) => name === memberName);
  if (member === undefined) throw new StarsseError('usage', `The run ${run.id} has no ${memberName}`, { hint: `It has ${run.members.map(({ name }) => name).join(', ')}.` });
  return await withLock(runFiles.trainer(folder, member.name), `${member.name} of ${run.id}`, async (lost) => {
    lost.addEventListener('abort', () => {
      console.error('another trainer has this member now');
      process.exit(1);
    });
    const state = await MemberState.begin(folder, member.name);
    try {
      const status = await toSnapshot(folder, run, member, state, shouldStop);
      await state.end(status);
      // Only now: killed before, the member would have to train again.
      if (status === 'done') await rm(runFiles.resume(folder, member.name), { force: true });
      return status;
    } catch (error) {
      // Where this cannot be written either, the supervisor sees a trainer that died.
      await state.end('failed', StarsseError.from(error).toJSON()).catch((second: unknown) => console.error(String(second)));
      throw error;
    }
  });
}

async function toSnapshot(folder: string, run: Run, member: Member, state: MemberState, shouldStop: ShouldStop): Promise<'done' | 'stopped'> {
  await makeRunFolders(folder);
  await removeLeftBeside(runFiles.member(folder, member.name));
  const device = await startBackend(run.plan.compute.backend, { threads: run.threads });
  console.log(`${member.name} on ${device.backend} (${device.kind}): ${device.description}`);
  const card = ownCard(run);
  await state.write({ device, ...(card === null ? {} : { gpu: { card: card.uuid, usedMiB: null } }) });
  const model = await readModel(folder);
  const data = await readUnlessStopped(run, shouldStop);
  if (data === null) return 'stopped';
  const trained = await train(folder, run, member, model, data, device, state, shouldStop);
  const runner = runnerOf(device, console.log)(model.network, model.normalization);
  try {
    if (trained.status === 'stopped') return 'stopped';
    return await writeEnd(folder, run, member, runner, data, trained.state, state.validationAccuracy, shouldStop);
  } finally {
    runner.close();
    disposeState(trained.state);
  }
}

/** Images that are decoded for the first time can take minutes. @returns null when it was stopped */
async function readUnlessStopped(run: Run, shouldStop: ShouldStop): Promise<PlanData | null> {
  const stop = new AbortController();
  const looks = setInterval(() => {
    if (shouldStop()) stop.abort();
  }, LOOK_MS);
  try {
    return await readRunData(run, { signal: stop.signal });
  } catch (error) {
    if (stop.signal.aborted) return null;
    throw error;
  } finally {
    clearInterval(looks);
  }
}

async function train(folder: string, run: Run, member: Member, { network, normalization }: ModelFile, data: PlanData, device: Device, memberState: MemberState, shouldStop: ShouldStop): Promise<{ status: 'done' | 'stopped'; state: TrainState }> {
  const origin: Origin = { folder, run: run.id, member: member.name };
  const saved = await loadResume(origin, network);
  const start = saved ?? { state: await firstState(folder, run, member, network), position: BEGINNING };
  const profile = await MemberProfile.open(folder, run, member, start.position.step);
  // Rows later than the start are of steps that will be done again.
  const rows = await MemberRecords.open(folder, run, member, start.position.step);
  const inputs: Input[] = [];
  try {
    memberState.set({ ...standing(start.position, run), validationAccuracy: saved?.validationAccuracy ?? null });
    console.log(`from step ${start.position.step}`);
    const card = ownCard(run);
    let measuring: Promise<void> | null = null;
    let savedAtMs = Date.now();
    const save = async (state: TrainState, position: Position): Promise<void> => {
      // Rows first: no row of a saved step may be missing.
      await rows.flush();
      await saveResume(origin, network, { state, position, validationAccuracy: memberState.validationAccuracy });
      await profile?.save();
      savedAtMs = Date.now();
    };
    const onStep = async ({ state, position, rows: news }: Progress): Promise<void> => {
      for (const row of news) rows.append(row);
      const epoch = news.find((row) => row.kind === 'epoch');
      memberState.set({ ...standing(position, run), ...(epoch === undefined ? {} : { validationAccuracy: epoch.validationAccuracy }) });
      if (card !== null && epoch !== undefined) {
        measuring ??= memoryOnCard(folder, run, member.name, card).then(
          (usedMiB) => memberState.set({ gpu: { card: card.uuid, usedMiB } }),
          (error: unknown) => console.error(String(error)),
        );
      }
      if (Date.now() - savedAtMs > (epoch === undefined ? SAVE_MS : SAVE_EPOCH_MS)) await save(state(), position);
    };
    const { training, evaluation } = run.plan;
    const inputOf = (seed: number): Input => {
      const { augmentation, labelSmoothing, batchSize } = training;
      const size: [number, number] = [network.inputShape[0], network.inputShape[1]];
      const input = openInput(data.train, { seed, augmentation, labelSmoothing, normalization, size }, { batchSize, device });
      inputs.push(input);
      return input;
    };
    const job: TrainingJob = {
      member,
      network,
      training,
      images: data.train.labels.length,
      input: inputOf(member.seed),
      probeInput: member.probe === null ? null : inputOf(member.probe.seed),
      validation: data.validation,
      normalization,
      evaluationBatchSize: evaluation.batchSize,
      stepper: stepperOf(device, console.log),
      reading: readingOf(device),
      ...(profile === null ? {} : { profile: profile.profile }),
    };
    const onLastRows = (last: Row[]): void => {
      for (const row of last) rows.append(row);
    };
    const { status, state, position } = await trainMember(job, start, { onStep, onLastRows, shouldStop });
    rows.end(status);
    memberState.set(standing(position, run));
    // Also at the end: a stop while predictions are made must not cost an epoch.
    await save(state, position);
    await profile?.writeTrace();
    await measuring;
    console.log(`${status} at step ${position.step}`);
    return { status, state };
  } finally {
    await Promise.all(inputs.map((input) => input.close()));
    await rows.close();
  }
}

function standing({ step, trainedMs }: Position, { stepsPerEpoch }: Run): { step: number; epoch: number; trainedMs: number } {
  return { step, epoch: Math.floor(step / stepsPerEpoch), trainedMs: Math.round(trainedMs) };
}

/** The checkpoint, the member it starts from, or nothing. */
async function firstState(folder: string, run: Run, member: Member, network: NetworkSpec): Promise<TrainState> {
  const { startsFrom, resetOptimizer } = member;
  if (startsFrom !== 'pretrained') {
    const tensors = resetOptimizer ? await readSnapshot(folder, startsFrom) : (await readSafetensors(runFiles.final(folder, startsFrom))).tensors;
    return startState(network, member, tensors, `The snapshot of ${startsFrom}`);
  }
  const start = await startTensors(run, member, network);
  return startState(network, member, start?.tensors ?? null, start?.what ?? 'A start from scratch');
}
