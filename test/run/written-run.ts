import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { PlanSchema } from '../../src/protocol/plan.ts';
import type { Member, Run, State } from '../../src/protocol/run.ts';
import { tinyPlan } from '../fixtures/tiny-plan.ts';

/** A run folder written by hand: what readers must get right without a trainer. @returns the folder */
export function writeRun(runsFolder: string, id = '20260101-000000-test', members = 2): string {
  const folder = path.join(runsFolder, id);
  const run: Run = {
    format: 1,
    id,
    createdAt: '2026-01-01T00:00:00.000Z',
    planPath: '/plans/tiny.starsse.json',
    plan: v.parse(PlanSchema, tinyPlan()),
    members: Array.from({ length: members }, (_, index) => member(index + 1)),
    stepsPerEpoch: 6,
    workers: 1,
    threads: 1,
    dataFingerprint: 'aa',
    checkpointFingerprint: null,
    checkpointFingerprints: {},
    retry: { times: 0, lrRatio: 0.5 },
    versions: { starsse: '0.1.0' },
  };
  writeJson(path.join(folder, 'run.json'), run);
  for (const { name } of run.members) writeState(folder, name, {});
  return folder;
}

export function writeState(folder: string, name: string, state: Partial<State>): void {
  const whole: State = {
    status: 'queued', step: 0, steps: 24, epoch: 0, device: null, host: null, pid: null, startedAt: null, finishedAt: null,
    heartbeatAt: null, trainedMs: 0, validationAccuracy: null, error: null, ...state,
  };
  writeJson(path.join(folder, 'members', name, 'state.json'), whole);
}

export function writeJson(file: string, value: unknown): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(value));
}

function member(number: number): Member {
  return {
    name: `member-${number}`, startsFrom: number === 1 ? 'pretrained' : 'member-1', seed: number, headSeed: number === 1 ? 1 : null,
    probe: null, epochs: 4, learningRate: 0.05, warmupEpochs: 0, warmup: 'rise', warmupLearningRate: 0, schedule: 'cosine', scheduleBy: 'epoch', swa: null, ema: null, retries: [], resetOptimizer: true,
  };
}
