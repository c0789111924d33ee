/** Pictures of runs, for tests of what is drawn of them. */
import { NO_LABELS } from '../../src/protocol/labels.ts';
import type { ResultRow } from '../../src/protocol/results.ts';
import type { MemberStatus, MemberView, RunStatus, RunView } from '../../src/protocol/run.ts';

export interface RunViewOptions {
  folder?: string;
  status?: RunStatus;
  members?: number;
  memberStatus?: MemberStatus;
}

export function runView({ folder = '/runs/20260101-000000-aaaa', status = 'running', members = 3, memberStatus = 'running' }: RunViewOptions = {}): RunView {
  return {
    folder,
    id: folder.slice(folder.lastIndexOf('/') + 1),
    name: 'Tiny',
    planName: 'Tiny',
    labels: NO_LABELS,
    createdAt: new Date().toISOString(),
    method: 'starsse',
    status,
    stepsPerEpoch: 6,
    workers: 1,
    members: Array.from({ length: members }, (_, index) => memberView(index + 1, memberStatus)),
    soups: [],
    results: null,
    error: null,
  };
}

function memberView(number: number, status: MemberStatus): MemberView {
  return {
    member: {
      name: `member-${number}`,
      startsFrom: number === 1 ? 'pretrained' : 'member-1',
      seed: number,
      headSeed: number === 1 ? 1 : null,
      epochs: 4,
      learningRate: 0.05,
      warmupEpochs: 0,
      schedule: 'cosine',
      probe: null, warmup: 'rise', warmupLearningRate: 0, scheduleBy: 'epoch', swa: null, ema: null, retries: [],
      resetOptimizer: true,
    },
    state: {
      status,
      step: status === 'done' ? 24 : 6,
      steps: 24,
      epoch: 1,
      device: null,
      host: null,
      pid: null,
      startedAt: null,
      finishedAt: null,
      heartbeatAt: null,
      trainedMs: 600,
      validationAccuracy: null,
      error: null,
    },
    snapshot: status === 'done' ? `snapshots/member-${number}.safetensors` : null,
  };
}

export function resultRow(name: string, kind: ResultRow['kind'], members: string[], accuracy: number): ResultRow {
  return {
    name, kind, members, accuracy,
    nll: 0.5, calibratedNll: 0.4, ece: 0.1, validationAccuracy: accuracy, differenceToBest: null, forwardPasses: members.length, macs: 1000,
  };
}
