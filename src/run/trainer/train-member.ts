/** One member from where it stands to its snapshot and its predictions. */
import { rm } from 'node:fs/promises';
import { startBackend } from '../../backends/choose.ts';
import { readingOf } from '../../backends/reading.ts';
import { runnerOf } from '../../backends/runner.ts';
import { stepperOf } from '../../backends/stepper.ts';
import type { Input } from '../../core/input.ts';
import type { Runner } from '../../core/runner.ts';
import type { StepperMaker } from '../../core/stepper.ts';
import { disposeState, startState, type TrainState } from '../../core/state.ts';
import { trainMember, type Progress, type Trained, type TrainingJob } from '../../core/train.ts';
import { StarsseError } from '../../protocol/errors.ts';
import { generations } from '../../protocol/members.ts';
import type { ModelFile, NetworkSpec } from '../../protocol/network.ts';
import { BEGINNING, type Position } from '../../protocol/position.ts';
import type { Row } from '../../protocol/rows.ts';
import type { Device, Member, Run } from '../../protocol/run.ts';
import { threadsOf } from '../../protocol/shares.ts';
import { readState, runFiles } from '../folder.ts';
import { MemberRecords } from '../records/member-records.ts';
import { readSafetensors } from '../safetensors-file.ts';
import { removeLeftBeside } from '../write.ts';
import { memoryOnCard, ownCard } from './card-memory.ts';
import { memberTrajectory } from './basin/member-trajectory.ts';
import { startTensors } from './checkpoints.ts';
import { makeRunFolders } from './create-run.ts';
import { readRunData, type PlanData } from './data/plan-data.ts';
import { writeEnd } from './member-end.ts';
import { MemberProfile } from './member-profile.ts';
import { openInput } from './input/open-input.ts';
import { MemberState } from './member-state.ts';
import { OtherLoad } from './other-load.ts';
import { loadResume, saveResume, type Origin } from './resume-file.ts';
import { readModel } from './run-network.ts';
import { readSnapshot } from './snapshot.ts';
import { keepStepTime, type StepKind } from './step-times.ts';

/** Saved in the middle of an epoch when nothing was for so long. */
const SAVE_MS = 30_000;
/** Epochs shorter than this are not all saved: what a kill can cost is a second. */
const SAVE_EPOCH_MS = 1000;

/** Times of steps are kept when others had at most this share of the machine. */
const MOST_OTHER_LOAD = 0.1;

/** How often it is asked while data are read. */
const LOOK_MS = 200;

/** Says when to stop; `stopped` is a result and no error. */
export type ShouldStop = () => boolean;

/** What a trainer makes once and uses for every member that it trains. */
export interface Bench {
  folder: string;
  /** Fixed when the back end is started. */
  threads: number;
  model?: ModelFile;
  data?: PlanData;
  /** Keeps the graphs of members that are done. */
  stepper?: StepperMaker;
  runner?: Runner;
}

/**
 * Trains a member of a run, whose lock the caller holds. Resumed equals uninterrupted: the weights are those of a training without
 * pauses, bit for bit. What goes wrong is written to state.json and thrown.
 */
export async function trainInRun(bench: Bench, run: Run, member: Member, shouldStop: ShouldStop): Promise<'done' | 'stopped'> {
  const { folder } = bench;
  const state = await MemberState.begin(folder, member.name);
  try {
    const status = await toSnapshot(bench, run, member, state, shouldStop);
    await state.end(status);
    // Only now: killed before, the member would have to train again.
    if (status === 'done') for (const file of [runFiles.resume(folder, member.name), runFiles.firstEpoch(folder, member.name)]) await rm(file, { force: true });
    return status;
  } catch (error) {
    // Where this cannot be written either, the supervisor sees a trainer that died.
    await state.end('failed', StarsseError.from(error).toJSON()).catch((second: unknown) => console.error(String(second)));
    throw error;
  }
}

async function toSnapshot(bench: Bench, run: Run, member: Member, state: MemberState, shouldStop: ShouldStop): Promise<'done' | 'stopped'> {
  const { folder, threads } = bench;
  await makeRunFolders(folder);
  await removeLeftBeside(runFiles.member(folder, member.name));
  const device = await startBackend(run.plan.compute.backend, { threads, sideBySide: true });
  console.log(`${member.name} on ${device.backend} (${device.kind}): ${device.description}`);
  const card = ownCard(run);
  await state.write({ device, ...(card === null ? {} : { gpu: { card: card.uuid, usedMiB: null } }) });
  const model = (bench.model ??= await readModel(folder));
  const data = (bench.data ??= await readUnlessStopped(run, shouldStop));
  if (data === undefined) return 'stopped';
  const stepper = (bench.stepper ??= stepperOf(device, console.log));
  return await train(bench, run, member, { model, data, device, stepper }, state, shouldStop);
}

/** Images that are decoded for the first time can take minutes. @returns undefined when it was stopped */
async function readUnlessStopped(run: Run, shouldStop: ShouldStop): Promise<PlanData | undefined> {
  const stop = new AbortController();
  const looks = setInterval(() => {
    if (shouldStop()) stop.abort();
  }, LOOK_MS);
  try {
    return await readRunData(run, { signal: stop.signal });
  } catch (error) {
    if (stop.signal.aborted) return undefined;
    throw error;
  } finally {
    clearInterval(looks);
  }
}

interface Means {
  model: ModelFile;
  data: PlanData;
  device: Device;
  stepper: StepperMaker;
}

async function train(bench: Bench, run: Run, member: Member, { model, data, device, stepper }: Means, memberState: MemberState, shouldStop: ShouldStop): Promise<'done' | 'stopped'> {
  const { folder } = bench;
  const { network, normalization } = model;
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
    const rates: number[] = [];
    const otherLoad = new OtherLoad();
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
      if (epoch !== undefined) rates.push(epoch.imagesPerSecond);
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
      startAccuracy: await startAccuracy(folder, member),
      normalization,
      evaluationBatchSize: evaluation.batchSize,
      trajectory: memberTrajectory(folder, run, member, network, data.train.labels.length),
      stepper,
      reading: readingOf(device),
      ...(profile === null ? {} : { profile: profile.profile }),
    };
    const onLastRows = (last: Row[]): void => {
      for (const row of last) rows.append(row);
    };
    const leave = async (status: 'done' | 'stopped', state: TrainState, position: Position): Promise<void> => {
      rows.end(status);
      memberState.set(standing(position, run));
      // Also at the end: a stop while predictions are made must not cost an epoch.
      await save(state, position);
      await profile?.writeTrace();
      await measuring;
      if (profile === null && device.kind === 'cpu') await keepPace({ backend: device.backend, network, batchSize: training.batchSize }, run, member, { rates, images: job.images, otherLoad });
      console.log(`${status} at step ${position.step}`);
    };
    let ended: 'done' | 'stopped' = 'stopped';
    const onTrained = async ({ state, position, validation, evaluator }: Trained): Promise<void> => {
      await leave('done', state, position);
      const runner = (): Runner => (bench.runner ??= runnerOf(device, console.log)(network, normalization));
      ended = await writeEnd(folder, run, member, { evaluator, runner }, data, { state, validation }, memberState, shouldStop);
    };
    const { status, state, position } = await trainMember(job, start, { onStep, onLastRows, onTrained, shouldStop });
    try {
      if (status === 'stopped') await leave('stopped', state, position);
    } finally {
      disposeState(state);
    }
    return ended;
  } finally {
    await Promise.all(inputs.map((input) => input.close()));
    await rows.close();
  }
}

/** What a cycle starts from was evaluated at its own end. */
async function startAccuracy(folder: string, { startsFrom }: Member): Promise<number | null> {
  return startsFrom === 'pretrained' ? null : (await readState(folder, startsFrom)).validationAccuracy;
}

/** The median of the epochs but the first, in which much happens once; nothing where others used the machine as well. @param rates images a second of each */
async function keepPace(kind: StepKind, run: Run, { name }: Member, { rates, images, otherLoad }: { rates: number[]; images: number; otherLoad: OtherLoad }): Promise<void> {
  const later = rates.slice(1).sort((a, b) => a - b);
  const group = generations(run.members).find((members) => members.some((member) => member.name === name)) ?? [];
  const workers = Math.min(run.workers, group.length);
  if (later.length === 0 || otherLoad.share(workers) > MOST_OTHER_LOAD) return;
  const ms = (1000 * images) / run.stepsPerEpoch / later[later.length >> 1];
  await keepStepTime(kind, { workers, threads: threadsOf(run, name), ms });
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
