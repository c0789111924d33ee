/** The window that the suite runs in: its extension, its workspace, its run folders. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension/activate.ts';
import type { PlanInput } from '../../src/protocol/plan.ts';
import type { RunStatus, RunView } from '../../src/protocol/run.ts';
import { writeTinyPlan } from '../fixtures/tiny-plan.ts';
import { until } from './until.ts';

export async function api(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>('starsse.starsse');
  assert.ok(extension, 'the extension starsse.starsse is not there');
  return await extension.activate();
}

export function workspaceFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return folder.uri.fsPath;
}

/** Writes a plan of its own name beside the tiny one and its data. */
export function writePlan(name: string, overrides: Partial<PlanInput>): vscode.Uri {
  return vscode.Uri.file(writeTinyPlan(workspaceFolder(), { name, ...overrides }, { fileName: `${name}.starsse.json` }));
}

/** @returns the run's folder. */
export async function startRun(plan: vscode.Uri): Promise<string> {
  const folder = await vscode.commands.executeCommand<string | undefined>('starsse.startRun', plan);
  assert.ok(folder, 'the run did not start: see the messages of the extension');
  return folder;
}

/** The run as the extension sees it. */
export async function viewOf(folder: string): Promise<RunView | null> {
  return (await api()).catalog.find(folder)?.view ?? null;
}

/** Waits for a status, and ends at once when the run fails instead. */
export async function runIs(folder: string, wanted: RunStatus): Promise<RunView> {
  return until(`${path.basename(folder)} to be ${wanted}`, async () => {
    const view = await viewOf(folder);
    if (view?.status === 'failed' && wanted !== 'failed') throw new Error(`the run failed: ${JSON.stringify(view.error)}${JSON.stringify(view.members.map(({ state }) => state.error))}`);
    return view?.status === wanted ? view : null;
  });
}

/** Lines of a member's rows that are whole. */
export async function rowCount(folder: string, member: string): Promise<number> {
  const text = await readFile(path.join(folder, 'members', member, 'metrics.ndjson'), 'utf8').catch(() => '');
  return text.split('\n').length - 1;
}

let finished: Promise<string> | undefined;

/** The folder of a run that has come to its end, the same for every test that only looks. */
export function finishedRun(): Promise<string> {
  finished ??= (async () => {
    const folder = await startRun(writePlan('finished', {}));
    await runIs(folder, 'done');
    return folder;
  })();
  return finished;
}
