/** A run that looks like a real one, without training: for tests and for looking at the dashboard. Same input, same run. */
import type { Member, MemberView, RunStatus, RunView } from '../../../src/protocol/run.ts';
import type { MemberRows, Task, ToView } from '../../../src/protocol/messages.ts';
import type { Row } from '../../../src/protocol/rows.ts';
import { learningRateAt } from '../../../src/protocol/schedule.ts';
import type { ResultTable } from '../../../src/protocol/results.ts';

export interface SimulationOptions {
  method: 'starsse' | 'local-de' | 'sse';
  members: number;
  epochs: number;
  cycleEpochs: number;
  stepsPerEpoch: number;
  workers: number;
}

export const SAMPLE: SimulationOptions = { method: 'starsse', members: 5, epochs: 20, cycleEpochs: 10, stepsPerEpoch: 16, workers: 2 };
const MS_PER_STEP = 95;
const START = Date.UTC(2026, 4, 12, 9, 30);

/** Uniform in [0, 1) from a few numbers. */
function noise(...keys: number[]): number {
  let hash = 0x9e3779b9;
  for (const key of [...keys, 1, 2]) {
    hash = Math.imul(hash ^ (hash >>> 15) ^ key, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  }
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

export class SimulatedRun {
  readonly view: RunView;
  readonly rows = new Map<string, Row[]>();
  readonly #options: SimulationOptions;
  #posted = new Map<string, number>();
  #clockMs = 0;

  constructor(options: Partial<SimulationOptions> = {}) {
    this.#options = { ...SAMPLE, ...options };
    const members = Array.from({ length: this.#options.members }, (_, index) => this.#member(index));
    for (const { name } of members) this.rows.set(name, []);
    this.view = {
      folder: '/home/ada/fashion/.starsse/runs/20260512T093000Z-kfq',
      id: '20260512T093000Z-kfq',
      name: 'Fashion-MNIST, 1,000 labels',
      planName: 'Fashion-MNIST, 1,000 labels',
      labels: { name: null, tags: [], archived: false },
      createdAt: new Date(START).toISOString(),
      method: this.#options.method,
      status: 'queued',
      stepsPerEpoch: this.#options.stepsPerEpoch,
      workers: this.#options.workers,
      members: members.map((member) => this.#queued(member)),
      soups: [],
      results: null,
      error: null,
    };
  }

  /** Lets every running member take `steps` steps. @returns what a host would post. */
  advance(steps: number): ToView[] {
    const added: MemberRows[] = [];
    if (this.view.status === 'queued') this.view.status = 'running';
    this.#startReady();
    this.#clockMs += steps * MS_PER_STEP;
    for (const member of this.view.members) {
      if (member.state.status !== 'running') continue;
      const rows = this.#train(member, steps);
      this.rows.get(member.member.name)!.push(...rows);
      added.push({ member: member.member.name, rows });
    }
    this.#startReady();
    if (this.view.members.every(({ state }) => state.status === 'done')) this.view.status = 'evaluating';
    return [...added.map(({ member, rows }) => this.#append(member, rows)), this.run()];
  }

  /** Steps until all members are done. */
  finish(): void {
    while (this.view.status === 'queued' || this.view.status === 'running') this.advance(this.#options.stepsPerEpoch);
    this.view.results = resultTable(this.view.members.map(({ member }) => member.name));
    this.view.soups = [{ name: 'soup-uniform-1', snapshot: 'snapshots/soup-uniform-1.safetensors', rule: 'uniform', parents: this.view.members.map(({ member }) => member.name) }];
    this.view.status = 'done';
  }

  snapshot(tasks: Task[] = [], texts: Record<string, string> = {}): ToView {
    for (const [member, rows] of this.rows) this.#posted.set(member, rows.length);
    return structuredClone({ type: 'snapshot', run: this.view, rows: [...this.rows].map(([member, rows]) => ({ member, rows })), tasks, texts });
  }

  run(): ToView {
    return structuredClone({ type: 'run', run: this.view });
  }

  end(status: RunStatus, memberStatus: MemberView['state']['status']): void {
    this.view.status = status;
    for (const { state } of this.view.members) if (state.status === 'running') state.status = memberStatus;
  }

  #append(member: string, rows: Row[]): ToView {
    const from = this.#posted.get(member) ?? 0;
    this.#posted.set(member, from + rows.length);
    return structuredClone({ type: 'append', member, from, rows });
  }

  #member(index: number): Member {
    const { method, epochs, cycleEpochs } = this.#options;
    const first = index === 0 || method === 'local-de';
    return {
      name: `member-${index + 1}`,
      startsFrom: first ? 'pretrained' : method === 'sse' ? `member-${index}` : 'member-1',
      seed: index,
      headSeed: first ? index : null,
      epochs: first ? epochs : cycleEpochs,
      learningRate: first ? 0.1 : 0.05,
      probe: null,
      warmupEpochs: 0,
      warmup: 'rise',
      warmupLearningRate: 0,
      schedule: 'cosine',
      scheduleBy: 'epoch',
      swa: null,
      ema: null,
      retries: [],
      resetOptimizer: true,
    };
  }

  #queued(member: Member): MemberView {
    const state: MemberView['state'] = {
      status: 'queued', step: 0, steps: member.epochs * this.#options.stepsPerEpoch, epoch: 0, device: null, host: null, pid: null,
      startedAt: null, finishedAt: null, heartbeatAt: null, trainedMs: 0, validationAccuracy: null, error: null,
    };
    return { member, state, snapshot: null };
  }

  #startReady(): void {
    const done = new Set(this.view.members.filter(({ state }) => state.status === 'done').map(({ member }) => member.name));
    let free = this.#options.workers - this.view.members.filter(({ state }) => state.status === 'running').length;
    for (const { member, state } of this.view.members) {
      if (free <= 0 || state.status !== 'queued' || (member.startsFrom !== 'pretrained' && !done.has(member.startsFrom))) continue;
      free -= 1;
      Object.assign(state, {
        status: 'running',
        device: { backend: 'tensorflow', kind: 'cpu', description: 'TensorFlow 2.21.0, 1 thread, AMD EPYC 7B13' },
        host: 'ada-laptop', pid: 4242, startedAt: this.#now(), heartbeatAt: this.#now(),
      });
    }
  }

  #train(view: MemberView, steps: number): Row[] {
    const { member, state } = view;
    const { stepsPerEpoch } = this.#options;
    const rows: Row[] = [];
    for (let taken = 0; taken < steps && state.step < state.steps; taken++) {
      state.step += 1;
      state.trainedMs += MS_PER_STEP;
      const epoch = Math.floor((state.step - 1) / stepsPerEpoch);
      const loss = this.#loss(view, state.step / stepsPerEpoch, epoch) * (0.8 + 0.4 * noise(member.seed, state.step));
      rows.push({ kind: 'step', step: state.step, epoch, loss, accuracy: 1 - loss / 3, learningRate: learningRateAt(member, epoch * this.#options.stepsPerEpoch, this.#options.stepsPerEpoch), wallMs: state.trainedMs });
      if (state.step % stepsPerEpoch === 0) rows.push(this.#epochRow(view, epoch));
    }
    state.heartbeatAt = this.#now();
    if (state.step === state.steps) {
      state.status = 'done';
      state.finishedAt = this.#now();
      view.snapshot = `snapshots/${member.name}.safetensors`;
    }
    return rows;
  }

  /** Falls while the learning rate is high, jumps at the start of a cycle. */
  #loss({ member }: MemberView, epochs: number, epoch: number): number {
    const first = member.startsFrom === 'pretrained';
    const height = learningRateAt(member, epoch * this.#options.stepsPerEpoch, this.#options.stepsPerEpoch) / member.learningRate;
    return first ? 2.1 * Math.exp(-epochs / 4.5) + 0.28 + 0.1 * height : 0.2 + 0.25 * height * Math.exp(-epochs / 9) + 0.012 * member.seed;
  }

  #epochRow(view: MemberView, epoch: number): Row {
    const { member, state } = view;
    const loss = this.#loss(view, epoch + 1, epoch);
    const height = learningRateAt(member, epoch * this.#options.stepsPerEpoch, this.#options.stepsPerEpoch) / member.learningRate;
    const first = member.startsFrom === 'pretrained';
    const accuracy = (first ? 0.822 - 0.33 * Math.exp(-(epoch + 1) / 4) : 0.831) - 0.035 * height + 0.014 * (noise(member.seed, epoch, 7) - 0.5);
    state.epoch = epoch + 1;
    state.validationAccuracy = accuracy;
    return {
      kind: 'epoch', step: state.step, epoch, trainLoss: loss, validationLoss: loss * 1.35, validationAccuracy: accuracy,
      imagesPerSecond: (64 * 1000) / MS_PER_STEP + 40 * noise(member.seed, epoch, 9), wallMs: state.trainedMs,
    };
  }

  #now(): string {
    return new Date(START + this.#clockMs).toISOString();
  }
}

/** A minute of the machine under two trainers and a card. */
export function machineMoments(): ToView[] {
  return Array.from({ length: 30 }, (_, index): ToView => {
    const trainers = [2, 3].map((number) => ({ member: `member-${number}`, pid: 4240 + number, cpus: 0.85 + 0.14 * noise(number, index), rssBytes: (1.1 + 0.004 * index) * 2 ** 30 }));
    const card = { uuid: 'GPU-1', name: 'NVIDIA L4', busy: 0.7 + 0.25 * noise(index, 4), usedBytes: 5.1 * 2 ** 30, totalBytes: 24 * 2 ** 30 };
    return { type: 'resources', now: { atMs: 2000 * index, trainers, cores: 8, memory: { usedBytes: 9 * 2 ** 30, totalBytes: 32 * 2 ** 30 }, cards: [card], disk: { freeBytes: 212 * 2 ** 30, totalBytes: 512 * 2 ** 30 }, batchSize: 64, elsewhere: [] } };
  });
}

export const LOG_LINES = [
  '2026-05-12T09:30:00.465Z 2 trainers of 4 threads each, 8 threads for a member alone: measured on this machine',
  '2026-05-12T09:30:00.499Z member-1: process 4241 started',
  '2026-05-12T09:30:31.035Z member-1: done (exit code 0)',
  '2026-05-12T09:30:31.213Z member-2: process 4242 started',
  '2026-05-12T09:30:31.299Z member-3: process 4243 started',
];

const MACS = 12_540_000;

/** The table of a finished run; `extra` adds a soup or an ensemble as an answer would. */
export function resultTable(members: string[], extra: { kind: 'soup' | 'ensemble'; members: string[]; name: string }[] = []): ResultTable {
  const accuracies = members.map((_, index) => 0.8215 + 0.006 * noise(index, 3));
  const best = members[accuracies.indexOf(Math.max(...accuracies))];
  const network = { calibratedNll: 0.497, ece: 0.041, forwardPasses: 1, macs: MACS };
  const rows: ResultTable['rows'] = members.map((name, index) => ({
    ...network, name, kind: 'member', members: [name], accuracy: accuracies[index], nll: 0.531 - 0.4 * (accuracies[index] - 0.82), calibratedNll: 0.505 - 0.003 * index,
    ece: 0.043 + 0.002 * noise(index, 5), validationAccuracy: accuracies[index] + 0.003,
    differenceToBest: name === best ? null : { estimate: accuracies[index] - Math.max(...accuracies), low: accuracies[index] - Math.max(...accuracies) - 0.0046, high: accuracies[index] - Math.max(...accuracies) + 0.0043 },
  }));
  const mean = accuracies.reduce((sum, value) => sum + value, 0) / members.length;
  rows.push({ ...network, name: 'mean-member', kind: 'mean-member', members, accuracy: mean, nll: 0.53, calibratedNll: 0.5, ece: 0.044, validationAccuracy: mean + 0.003, differenceToBest: null });
  const combined = [{ kind: 'soup' as const, members, name: 'soup-uniform-1' }, { kind: 'ensemble' as const, members, name: 'ensemble-1' }, ...extra];
  for (const { kind, members: parts, name } of combined) {
    const gain = kind === 'soup' ? 0.0021 : 0.0098 * (1 - 1 / parts.length);
    const half = kind === 'soup' ? 0.0039 : 0.0036;
    rows.push({
      name, kind, members: parts, accuracy: Math.max(...accuracies) + gain, nll: kind === 'soup' ? 0.512 : 0.476, calibratedNll: kind === 'soup' ? 0.494 : 0.468, ece: kind === 'soup' ? 0.036 : 0.018,
      validationAccuracy: Math.max(...accuracies) + gain + 0.002, differenceToBest: { estimate: gain, low: gain - half, high: gain + half },
      forwardPasses: kind === 'soup' ? 1 : parts.length, macs: MACS * (kind === 'soup' ? 1 : parts.length),
    });
  }
  return { rows, metric: 'accuracy', bestMember: best, testImages: 10_000, validationImages: 1_000, bootstrapSamples: 2_000, createdAt: new Date(START + 600_000 + extra.length * 1000).toISOString() };
}
