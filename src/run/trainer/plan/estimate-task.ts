/** The task `estimate`: a short dry run of a plan's own steps, on its data and back end, and what the whole run would take. Nothing is kept. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { readingOf } from '../../../backends/reading.ts';
import { runnerOf } from '../../../backends/runner.ts';
import { stepperOf } from '../../../backends/stepper.ts';
import { subset, type Dataset } from '../../../core/data.ts';
import { predict } from '../../../core/evaluate.ts';
import type { Input } from '../../../core/input.ts';
import { disposeState, startState, type TrainState } from '../../../core/state.ts';
import { trainMember, type TrainingJob } from '../../../core/train.ts';
import { parseJson } from '../../../protocol/parse.ts';
import { epochMs, runMs, type Estimate, type PlanTiming } from '../../../protocol/plan-check.ts';
import { costOf } from '../../../protocol/plan-cost.ts';
import { BEGINNING } from '../../../protocol/position.ts';
import { timeOf, type StepTime } from '../../../protocol/shares.ts';
import type { TaskContext } from '../combine.ts';
import { readPlan } from '../create-run.ts';
import { openInput } from '../input/open-input.ts';
import { measuredStepTimes } from '../step-times.ts';
import { PlanRequestSchema } from './check-task.ts';
import { planFacts } from './plan-facts.ts';
import { planRules, preparePlan, type PreparedPlan } from './prepare-plan.ts';

/** The first steps prepare the network; they are not counted. */
const WARM_STEPS = 2;
const LEAST_STEPS = 3;
const MOST_STEPS = 40;
/** Enough is timed after so long. */
const LONG_ENOUGH_MS = 3000;
/** Evaluated to be timed, in batches. */
const TIMED_BATCHES = 2;
/** So small a rate changes nothing and lets nothing diverge. */
const NO_RATE = 1e-12;

/** @throws StarsseError what refuses a run of the plan; cancelled */
export async function estimateTask(planFile: string, request: string, context: TaskContext): Promise<Estimate> {
  const { runsFolder, backend } = parseJson(PlanRequestSchema, request, 'estimate', 'usage');
  const planPath = path.resolve(planFile);
  const plan = await readPlan(planPath, { backend });
  context.onProgress({ fraction: null, message: 'Reading the data and the checkpoint' });
  const prepared = await preparePlan(plan, planPath, plan.compute.threads ?? availableParallelism(), context);
  for (const { check } of planRules(prepared)) check();
  const facts = await planFacts(prepared, path.resolve(runsFolder ?? path.dirname(planPath)));
  context.onProgress({ fraction: null, message: 'Timing steps' });
  const dry = await dryRun(prepared, context.signal);
  context.signal.throwIfAborted();
  const timing: PlanTiming = {
    workers: facts.workers,
    stepsPerEpoch: facts.stepsPerEpoch,
    stepMs: { alone: dry.stepMs, beside: await besideMs(prepared, facts, dry.stepMs) },
    imageMs: dry.imageMs,
    evaluated: { epoch: facts.images.validation, end: facts.images.validation + facts.images.test },
    startMs: dry.startMs,
  };
  return { facts, cost: costOf(prepared.members), timing, steps: dry.steps, epochMs: epochMs(timing, 'alone'), totalMs: runMs(prepared.members, timing) };
}

interface DryRun {
  steps: number;
  /** Median. */
  stepMs: number;
  imageMs: number;
  startMs: number;
}

async function dryRun({ plan, members, data, device, network, normalization }: PreparedPlan, signal: AbortSignal): Promise<DryRun> {
  const { training, evaluation } = plan;
  const member = { ...members[0], probe: null, swa: null, ema: null, warmupEpochs: 0, learningRate: NO_RATE };
  const few = firstOf(data.validation, TIMED_BATCHES * evaluation.batchSize);
  const input: Input = openInput(
    data.train,
    { seed: member.seed, augmentation: training.augmentation, labelSmoothing: training.labelSmoothing, normalization, size: [network.inputShape[0], network.inputShape[1]] },
    { batchSize: training.batchSize, device },
  );
  const job: TrainingJob = {
    member: { ...member, epochs: Math.max(member.epochs, MOST_STEPS) },
    network,
    training: { ...training, guards: { maxLoss: Number.MAX_VALUE, collapse: false } },
    images: data.train.labels.length,
    input,
    validation: few,
    normalization,
    evaluationBatchSize: evaluation.batchSize,
    stepper: stepperOf(device, console.log),
    reading: readingOf(device),
  };
  const times: number[] = [];
  let [lastMs, lastStep, startMs] = [performance.now(), 0, 0];
  let timedMs = 0;
  let ended: TrainState | null = null;
  try {
    const { state } = await trainMember(job, { state: startState(network, { name: member.name, headSeed: 0, resetOptimizer: true }, null, 'A dry run'), position: BEGINNING }, {
      onStep: ({ position, rows }) => {
        const now = performance.now();
        if (startMs === 0) startMs = now;
        const ms = (now - lastMs) / (position.step - lastStep);
        // The first ones prepare, and the last of an epoch is followed by an evaluation.
        if (lastStep >= WARM_STEPS && rows.every(({ kind }) => kind === 'step')) {
          times.push(ms);
          timedMs += now - lastMs;
        }
        [lastMs, lastStep] = [performance.now(), position.step];
      },
      shouldStop: () => signal.aborted || times.length >= MOST_STEPS || (times.length >= LEAST_STEPS && timedMs > LONG_ENOUGH_MS) || lastStep >= 4 * MOST_STEPS,
    });
    ended = state;
    signal.throwIfAborted();
    const runner = runnerOf(device, console.log)(network, normalization);
    runner.load(state.weights);
    try {
      await predict(runner, few, evaluation);
      const beganMs = performance.now();
      await predict(runner, few, evaluation);
      const imageMs = (performance.now() - beganMs) / Math.max(1, few.labels.length);
      return { steps: times.length, stepMs: median(times.length === 0 ? [lastMs / Math.max(1, lastStep)] : times), imageMs, startMs };
    } finally {
      runner.close();
    }
  } finally {
    if (ended !== null) disposeState(ended);
    await input.close();
  }
}

function firstOf(dataset: Dataset, count: number): Dataset {
  return subset(dataset, Uint32Array.from({ length: Math.min(count, dataset.labels.length) }, (_, index) => index));
}

/** Of a step beside others: as it was timed in runs, else by the rule of shares from the one just timed. A card is nobody else's. */
async function besideMs({ plan, device, network }: PreparedPlan, { workers, threads }: { workers: number; threads: number }, aloneMs: number): Promise<number> {
  if (device.kind === 'gpu' || workers === 1) return aloneMs;
  const machine = { cores: availableParallelism(), threaded: device.backend === 'tensorflow' };
  const alone: StepTime = { workers: 1, threads: plan.compute.threads ?? machine.cores, ms: aloneMs };
  const kept = await measuredStepTimes({ backend: device.backend, network, batchSize: plan.training.batchSize });
  return timeOf(machine, [...kept.filter((time) => time.workers === workers && time.threads === threads), alone], workers, threads);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
