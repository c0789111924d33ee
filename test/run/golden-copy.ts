import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Run } from '../../src/protocol/run.ts';
import { writeTinyPlan } from '../fixtures/tiny-plan.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The golden run, done, in a folder of its own, beside the data that it was trained on. @returns the run's folder */
export function goldenCopy(t: TestContext, change: (run: Run) => void = () => undefined): string {
  const parent = temporaryFolder(t);
  const folder = path.join(parent, 'run');
  cpSync(path.resolve('test/fixtures/run-format-1'), folder, { recursive: true });
  const file = path.join(folder, 'run.json');
  const run = JSON.parse(readFileSync(file, 'utf8')) as Run;
  run.planPath = writeTinyPlan(parent);
  change(run);
  writeFileSync(file, JSON.stringify(run));
  return folder;
}
