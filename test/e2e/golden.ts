/** A workspace with a run of three members that is done, made in no time, its plan and a checkpoint beside it. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Run } from '../../src/protocol/run.ts';
import { writeTinyPlan } from '../fixtures/tiny-plan.ts';

export const GOLDEN_PLAN = 'tiny.starsse.json';
export const GOLDEN_CHECKPOINT = 'one.safetensors';

const FIXTURE = path.resolve(import.meta.dirname, '../fixtures/run-format-1');

export interface GoldenWorkspace {
  /** Absolute, as `run` is. */
  folder: string;
  run: string;
  /** The run's name in the tree. */
  name: string;
  remove(): void;
}

export function goldenWorkspace(): GoldenWorkspace {
  const folder = mkdtempSync(path.join(tmpdir(), 'starsse-golden-'));
  writeTinyPlan(folder);
  writeGoldenCheckpoint(folder);
  return { ...writeGoldenRun(folder), folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A snapshot of the run as a file by itself. */
export function writeGoldenCheckpoint(folder: string): void {
  cpSync(path.join(FIXTURE, 'snapshots/member-1.safetensors'), path.join(folder, GOLDEN_CHECKPOINT));
}

/** The run that every version must read, of test/fixtures, as one of the plan in `folder`. */
export function writeGoldenRun(folder: string): Pick<GoldenWorkspace, 'run' | 'name'> {
  const run = path.join(folder, '.starsse/runs/golden');
  mkdirSync(path.dirname(run), { recursive: true });
  cpSync(FIXTURE, run, { recursive: true });
  const file = path.join(run, 'run.json');
  const text = JSON.parse(readFileSync(file, 'utf8')) as Run;
  writeFileSync(file, JSON.stringify({ ...text, planPath: path.join(folder, GOLDEN_PLAN) }));
  return { run, name: text.plan.name };
}
