/** Small runs for the tests of the view, every value chosen by the test. */
import type { ResultRow, ResultTable } from '../../src/protocol/results.ts';
import type { EpochRow, StepRow } from '../../src/protocol/rows.ts';
import type { Member, MemberView, RunView } from '../../src/protocol/run.ts';

export function member(number: number, more: Partial<Member> = {}): Member {
  const first = number === 1;
  return {
    name: `member-${number}`, startsFrom: first ? 'pretrained' : 'member-1', seed: number, headSeed: first ? 0 : null, epochs: first ? 4 : 2,
    learningRate: first ? 0.1 : 0.05, warmupEpochs: 0, schedule: 'cosine', probe: null, warmup: 'rise', warmupLearningRate: 0, scheduleBy: 'epoch', swa: null, ema: null, retries: [], resetOptimizer: true, ...more,
  };
}

export function memberView(spec: Member, state: Partial<MemberView['state']> = {}): MemberView {
  return {
    member: spec,
    snapshot: null,
    state: {
      status: 'queued', step: 0, steps: 0, epoch: 0, device: null, host: null, pid: null, startedAt: null, finishedAt: null, heartbeatAt: null,
      trainedMs: 0, validationAccuracy: null, error: null, ...state,
    },
  };
}

/** Three members of a star, ten steps an epoch, unless told otherwise. */
export function runView(more: Partial<RunView> = {}): RunView {
  return {
    folder: '/runs/a', id: 'a', name: 'A', planName: 'A', labels: { name: null, tags: [], archived: false }, createdAt: '2026-05-12T09:30:00Z', method: 'starsse', status: 'running', stepsPerEpoch: 10, workers: 2,
    members: [1, 2, 3].map((number) => memberView(member(number))), soups: [], results: null, error: null, ...more,
  };
}

export function stepRow(step: number, more: Partial<StepRow> = {}): StepRow {
  return { kind: 'step', step, epoch: Math.floor((step - 1) / 10), loss: 1, accuracy: 0.5, learningRate: 0.1, wallMs: step, ...more };
}

export function epochRow(epoch: number, more: Partial<EpochRow> = {}): EpochRow {
  return { kind: 'epoch', step: (epoch + 1) * 10, epoch, trainLoss: 1, validationLoss: 1.1, validationAccuracy: 0.8, imagesPerSecond: 700, wallMs: epoch, ...more };
}

export function resultRow(name: string, more: Partial<ResultRow> = {}): ResultRow {
  return {
    name, kind: 'member', members: [name], accuracy: 0.8, nll: 0.5, calibratedNll: 0.45, ece: 0.04, validationAccuracy: 0.81, differenceToBest: null,
    forwardPasses: 1, macs: 1e6, ...more,
  };
}

export function resultTable(more: Partial<ResultTable> = {}): ResultTable {
  return { rows: [], metric: 'accuracy', bestMember: 'member-1', testImages: 10_000, validationImages: 1_000, bootstrapSamples: 2_000, createdAt: '2026-05-12T10:00:00Z', ...more };
}
