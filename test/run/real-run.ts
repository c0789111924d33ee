/** Real runs of tiny plans, by real processes, for tests. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { findLibrary } from '../../src/backends/tensorflow/library.ts';
import type { PlanInput } from '../../src/protocol/plan.ts';
import type { RunView } from '../../src/protocol/run.ts';
import { runFiles } from '../../src/run/folder.ts';
import { lockHolder } from '../../src/run/lock.ts';
import { isAlive } from '../../src/run/processes.ts';
import { RowReader } from '../../src/run/rows.ts';
import { readSafetensors } from '../../src/run/safetensors-file.ts';
import { runTask, startSupervisor } from '../../src/run/tasks.ts';
import { viewRun } from '../../src/run/view.ts';
import { writeTinyPlan } from '../fixtures/tiny-plan.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The back ends of this machine that give the same bytes whenever asked. */
export const BACKENDS: ('wasm' | 'tensorflow')[] = findLibrary('cpu') === null ? ['wasm'] : ['wasm', 'tensorflow'];

/** A plan in a new folder; whatever still runs when the test ends is ended. */
export function tinyPlanFile(t: TestContext, overrides: Partial<PlanInput> = {}): string {
  const folder = temporaryFolder(t);
  t.after(async () => await endEverything(path.join(folder, 'runs')));
  return writeTinyPlan(folder, overrides);
}

/** Makes a run of a plan, not started. @returns its folder */
export async function createRun(planFile: string, overrides: object = {}): Promise<string> {
  // Bits depend on the number of threads, and what a machine was timed to do best may change from run to run.
  const { folder } = await runTask('create', [planFile, path.join(path.dirname(planFile), 'runs'), JSON.stringify({ threads: 1, ...overrides })]);
  return folder;
}

export async function untilView(folder: string, wanted: (view: RunView) => boolean, what: string, timeoutMs = 90_000): Promise<RunView> {
  for (const deadline = Date.now() + timeoutMs; ; ) {
    const view = await viewRun(folder);
    if (wanted(view)) return view;
    const standing = view.members.map(({ state }) => `${state.status} ${state.step}/${state.steps}`).join(', ');
    assert.ok(Date.now() < deadline, `${what} did not happen: ${view.status}; ${standing}; ${JSON.stringify(view.error)}`);
    await wait(30);
  }
}

/** Waits until a member has done a step, by its rows, which are there at once. */
export async function untilStep(folder: string, member: string, step: number): Promise<void> {
  const reader = new RowReader(runFiles.rows(folder, member));
  await untilView(folder, ({ status }) => status === 'running', 'the start');
  for (const deadline = Date.now() + 60_000; ; await wait(10)) {
    if ((await reader.read()).rows.some((row) => row.kind === 'step' && row.step >= step)) return;
    assert.ok(Date.now() < deadline, `step ${step} of ${member} did not come: ${JSON.stringify((await viewRun(folder)).error)}`);
  }
}

/** Waits until nobody works on the run. */
export async function untilOver(folder: string, timeoutMs?: number): Promise<RunView> {
  return await untilView(folder, ({ status }) => status !== 'running' && status !== 'evaluating' && status !== 'queued', 'the end', timeoutMs);
}

/** Runs to the end and checks that it was a good one. */
export async function runToEnd(folder: string, timeoutMs?: number): Promise<RunView> {
  await startSupervisor(folder);
  const view = await untilOver(folder, timeoutMs);
  assert.equal(view.status, 'done', JSON.stringify(view.error));
  return view;
}

/** SHA-256 of the tensors of every snapshot, by name. */
export async function snapshotDigests(folder: string): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const file of readdirSync(runFiles.snapshots(folder)).sort()) {
    const hash = createHash('sha256');
    const { tensors } = await readSafetensors(path.join(runFiles.snapshots(folder), file));
    for (const { name, dtype, shape, data } of tensors) hash.update(JSON.stringify([name, dtype, shape])).update(data);
    digests[path.basename(file, '.safetensors')] = hash.digest('hex');
  }
  return digests;
}

/** Every file of a folder, relative; TensorBoard's, of which there is one for each start of a trainer, count as one `events`. */
export function filesOf(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replace(/events\.out\.tfevents\.\d+\.\d+\.starsse$/, 'events'));
  return [...new Set(files)].sort();
}

export function kill(pid: number | null | undefined): void {
  assert.ok(pid !== null && pid !== undefined && pid > 1 && pid !== process.pid);
  process.kill(pid, 'SIGKILL');
}

export async function untilGone(pid: number): Promise<void> {
  for (const deadline = Date.now() + 10_000; isAlive(pid); await wait(10)) assert.ok(Date.now() < deadline, `process ${pid} is still there`);
}

async function endEverything(runsFolder: string): Promise<void> {
  let names: string[] = [];
  try {
    names = readdirSync(runsFolder);
  } catch {
    return;
  }
  for (const folder of names.map((name) => path.join(runsFolder, name))) {
    const members = await viewRun(folder).then((view) => view.members.map(({ member }) => member.name), () => []);
    for (const file of [runFiles.supervisor(folder), ...members.map((name) => runFiles.trainer(folder, name))]) {
      const holder = await lockHolder(file);
      if (holder === null || holder.pid === process.pid) continue;
      kill(holder.pid);
      await untilGone(holder.pid);
    }
  }
}
