/** Training of the network that learns from an ensemble: the engine of members, with other targets. */
import { readingOf } from '../../../backends/reading.ts';
import { runnerOf } from '../../../backends/runner.ts';
import { startBackend } from '../../../backends/choose.ts';
import { stepperOf } from '../../../backends/stepper.ts';
import { distilledInput, storedTeacher, teacherProbabilities, type Teacher } from '../../../core/distil.ts';
import { joinedNetwork } from '../../../core/ensembles/joined-network.ts';
import { predict } from '../../../core/evaluate.ts';
import type { Input } from '../../../core/input.ts';
import type { Predictions } from '../../../core/metrics.ts';
import type { Runner } from '../../../core/runner.ts';
import { startState, type TrainState } from '../../../core/state.ts';
import { trainMember, type TrainingJob } from '../../../core/train.ts';
import { disposeTensors, weightsFrom } from '../../../core/weights.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { ModelFile, NetworkSpec } from '../../../protocol/network.ts';
import { BEGINNING, type Position } from '../../../protocol/position.ts';
import type { Device, Member, Run } from '../../../protocol/run.ts';
import { threadsOfTasks } from '../../../protocol/shares.ts';
import { startTensors } from '../checkpoints.ts';
import type { TaskContext } from '../combine.ts';
import { readRunData, type PlanData } from '../data/plan-data.ts';
import { ruleOf, type StoredEnsemble } from '../ensembles/stored.ts';
import { readParts } from '../export/ensemble-files.ts';
import { openInput } from '../input/open-input.ts';
import { loadResume, saveResume, type Origin } from '../resume-file.ts';

const SAVE_MS = 30_000;

export interface StudentOrder {
  folder: string;
  run: Run;
  model: ModelFile;
  teacher: StoredEnsemble;
  epochs: number;
  /** Tells one distillation from another. */
  what: string;
  resumeFile: string;
}

export interface Student {
  network: NetworkSpec;
  /** The caller disposes it. */
  state: TrainState;
  validation: Predictions;
  test: Predictions;
}

/** @throws StarsseError as `distilTask`; cancelled when it was stopped, with all that was trained saved */
export async function trainStudent(order: StudentOrder, { onProgress, signal }: TaskContext): Promise<Student> {
  const { folder, run, model, what, resumeFile } = order;
  const { network } = model;
  const member = studentOf(run, order.epochs);
  const device = await startBackend(run.plan.compute.backend, { threads: threadsOfTasks(run) });
  const data = await readRunData(run, { onProgress, signal });
  const origin: Origin = { folder, run: run.id, member: what, file: resumeFile };
  const saved = await loadResume(origin, network);
  const start = saved ?? { state: await firstState(run, member, network), position: BEGINNING };
  const joined = await openTeacher(order, device);
  let input: Input | null = null;
  try {
    input = await studentInput(order, member, data, device, joined, { onProgress, signal });
    const job = jobOf(order, member, data, device, input);
    const steps = member.epochs * Math.ceil(job.images / job.training.batchSize);
    let savedAtMs = Date.now();
    const save = async (state: TrainState, position: Position): Promise<void> => {
      await saveResume(origin, network, { state, position, validationAccuracy: null });
      savedAtMs = Date.now();
    };
    const outcome = await trainMember(job, start, {
      shouldStop: () => signal.aborted,
      async onStep({ state, position }) {
        onProgress({ fraction: position.step / steps, message: `Training the student: step ${position.step} of ${steps}` });
        if (Date.now() - savedAtMs > SAVE_MS) await save(state(), position);
      },
    });
    await save(outcome.state, outcome.position);
    if (outcome.status === 'stopped') {
      throw new StarsseError('cancelled', `Distillation stopped at step ${outcome.position.step} of ${steps}`, { hint: 'The same command goes on from there.' });
    }
    return { network, state: outcome.state, ...(await predictions(order, data, device, outcome.state)) };
  } finally {
    joined.close();
    await input?.close();
  }
}

/** Trained as member 1, with a seed of its own for the order of the data; without averages and probe. */
function studentOf({ members }: Run, epochs: number): Member {
  return { ...members[0], epochs, seed: 1 + Math.max(...members.map(({ seed }) => seed)), probe: null, swa: null, ema: null, resetOptimizer: true };
}

async function firstState(run: Run, member: Member, network: NetworkSpec): Promise<TrainState> {
  const start = await startTensors(run, member, network);
  return startState(network, member, start?.tensors ?? null, start?.what ?? 'A start from scratch');
}

/** All members of the ensemble as one network, with its weights. */
async function openTeacher({ folder, model, teacher }: StudentOrder, device: Device): Promise<Runner> {
  const { network, tensors } = joinedNetwork(await readParts(folder, teacher), ruleOf(teacher.mean), teacher.name);
  const runner = runnerOf(device, console.error)(network, model.normalization);
  const weights = weightsFrom(network, tensors, teacher.name);
  runner.load(weights);
  disposeTensors(weights);
  return runner;
}

/** The plan's augmentation, mixup and CutMix too; labels are not used, so there are none to smooth. */
async function studentInput({ run, model, teacher }: StudentOrder, { seed }: Member, data: PlanData, device: Device, joined: Runner, { onProgress, signal }: TaskContext): Promise<Input> {
  const { network, normalization } = model;
  const { batchSize } = run.plan.training;
  const { augmentation } = run.plan.training;
  const settings = { seed, augmentation, labelSmoothing: 0, normalization, size: [network.inputShape[0], network.inputShape[1]] as [number, number] };
  const gives = teacher.mean === 'logit' ? 'logits' : 'probabilities';
  const input = openInput(data.train, settings, { batchSize, device });
  if (isPlain(augmentation)) {
    const { logits } = await predict(joined, data.train, { batchSize: run.plan.evaluation.batchSize }, (fraction) => {
      signal.throwIfAborted();
      onProgress({ fraction, message: 'Predicting the training images by the ensemble' });
    });
    return distilledInput(input, storedTeacher(teacherProbabilities(Float32Array.from(logits), network.classes, gives), network.classes), normalization);
  }
  const live: Teacher = async (images) => {
    const output = joined.logits(images);
    try {
      return teacherProbabilities((await output.data()) as Float32Array, network.classes, gives);
    } finally {
      output.dispose();
    }
  };
  return distilledInput(input, live, normalization);
}

/** Does every epoch show the same pixels? */
function isPlain(augmentation: Run['plan']['training']['augmentation']): boolean {
  return Object.values(augmentation).every((setting) => setting === null || setting === 0 || setting === false);
}

function jobOf({ run, model }: StudentOrder, member: Member, data: PlanData, device: Device, input: Input): TrainingJob {
  const { training, evaluation } = run.plan;
  const { normalization, network } = model;
  return {
    member, network, training, input, normalization, images: data.train.labels.length, validation: data.validation, evaluationBatchSize: evaluation.batchSize,
    stepper: stepperOf(device, console.error), reading: readingOf(device),
  };
}

async function predictions({ run, model }: StudentOrder, data: PlanData, device: Device, { weights }: TrainState): Promise<Pick<Student, 'validation' | 'test'>> {
  const runner = runnerOf(device, console.error)(model.network, model.normalization);
  const settings = { batchSize: run.plan.evaluation.batchSize };
  try {
    runner.load(weights);
    return { validation: await predict(runner, data.validation, settings), test: await predict(runner, data.test, settings) };
  } finally {
    runner.close();
  }
}
