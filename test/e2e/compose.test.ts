/** Compose in a whole editor: members of a finished run become a soup, which is undone. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, test, type TestContext } from 'node:test';
import type { Run } from '../../src/protocol/run.ts';
import { writeTinyPlan } from '../fixtures/tiny-plan.ts';
import { openEditor, type Editor } from './editor.ts';
import { pictureFailure, takePictures } from './pictures.ts';
import { until } from './until.ts';
import { clearNotifications, contextMenu, openContainer, treeItem, webview } from './workbench.ts';

const workspace = mkdtempSync(path.join(tmpdir(), 'starsse-compose-'));
const folder = path.join(workspace, '.starsse/runs/golden');
let editor: Editor;

before(async () => {
  // The run that every version must read: done in no time.
  mkdirSync(path.dirname(folder), { recursive: true });
  cpSync(path.resolve(import.meta.dirname, '../fixtures/run-format-1'), folder, { recursive: true });
  const file = path.join(folder, 'run.json');
  const run = JSON.parse(readFileSync(file, 'utf8')) as Run;
  writeFileSync(file, JSON.stringify({ ...run, planPath: writeTinyPlan(workspace) }));
  editor = await openEditor(workspace);
});
afterEach((t) => pictureFailure(t as TestContext, editor));
after(async () => {
  await editor?.close();
  rmSync(workspace, { recursive: true, force: true });
});

test('from a run in the tree: the gate looks, a greedy soup is made step by step, and is undone with a click', async () => {
  const { page } = editor;
  await openContainer(page, 'StarSSE');
  const { plan } = JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as Run;
  await treeItem(page, plan.name).waitFor();
  await contextMenu(page, plan.name, 'Compose');
  const view = webview(page);
  await view.locator('.member').first().waitFor({ timeout: 60_000 });
  await until('the gate to have looked', async () => (await view.locator('.member .verdict.is-first').count()) === 1);
  await view.locator('.make-it').click();
  await view.locator('tr.added[data-row=soup-greedy-1]').waitFor({ timeout: 60_000 });
  assert.ok(existsSync(path.join(folder, 'snapshots/soup-greedy-1.safetensors')));
  assert.ok((await view.locator('.tries li').count()) >= 2);
  await view.locator('.reliability .dot').first().waitFor();
  await clearNotifications(page);
  await takePictures(editor, 'compose-table');
  await view.locator('h1').scrollIntoViewIfNeeded();
  await takePictures(editor, 'compose');
  await view.locator('tr.added .undo').click();
  await view.locator('tr[data-row=soup-greedy-1]').waitFor({ state: 'detached' });
  assert.ok(!existsSync(path.join(folder, 'snapshots/soup-greedy-1.safetensors')));
});

test('the page threw no error on the way', () => {
  assert.deepEqual(editor.pageErrors, []);
});
