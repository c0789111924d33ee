/** Stop, resume and delete, with the mouse, on a plan that trains in seconds. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, test, type TestContext } from 'node:test';
import { writeTinyPlan } from '../fixtures/tiny-plan.ts';
import { Dashboard } from './dashboard.ts';
import { openEditor, type Editor } from './editor.ts';
import { pictureFailure } from './pictures.ts';
import { until } from './until.ts';
import { answerDialog, clickLens, contextMenu, editorTab, openContainer, openPlanText, treeItem } from './workbench.ts';

const workspace = mkdtempSync(path.join(tmpdir(), 'starsse-control-'));
let editor: Editor;
let dashboard: Dashboard;

before(async () => {
  writeTinyPlan(workspace, { name: 'Controlled', training: { epochs: 1600, batchSize: 16, optimizer: { learningRate: 0.05 } } });
  editor = await openEditor(workspace);
  dashboard = new Dashboard(editor.page);
});
afterEach((t) => pictureFailure(t as TestContext, editor));
after(async () => {
  await editor?.close();
  rmSync(workspace, { recursive: true, force: true });
});

const runs = () => readdirSync(path.join(workspace, '.starsse/runs'));

test('the lens above the plan starts the run; Stop in the dashboard stops it', async () => {
  const { page } = editor;
  await openContainer(page, 'StarSSE');
  await openPlanText(page, 'tiny.starsse.json');
  await clickLens(page, 'Start run');
  await dashboard.shown();
  await until('the first steps', async () => (await dashboard.percent()) > 0);
  await dashboard.press('stop');
  await until('the run to stop', async () => (await dashboard.status()) === 'stopped');
  assert.ok((await dashboard.percent()) < 100);
});

test('Resume in the dashboard goes on where it stopped, to the end', async () => {
  const before = await dashboard.percent();
  await dashboard.press('resume');
  await until('the run to go on', async () => (await dashboard.status()) === 'running' && (await dashboard.percent()) >= before);
  await until('the run to be done', async () => (await dashboard.status()) === 'done', 240_000);
});

test('Delete in the context menu asks, and then the run and its dashboard are gone', async () => {
  const { page } = editor;
  const [run] = runs();
  await treeItem(page, 'Controlled').filter({ hasText: 'ensemble' }).waitFor();
  await contextMenu(page, 'Controlled', 'Delete');
  await answerDialog(page, 'Cancel');
  assert.ok(existsSync(path.join(workspace, '.starsse/runs', run, 'run.json')));
  await contextMenu(page, 'Controlled', 'Delete');
  await answerDialog(page, 'Move to Trash');
  // A server has no trash; then the editor asks once more.
  const forGood = page.locator('.monaco-dialog-box').getByRole('button', { name: 'Delete for Good' });
  await until('the run to be gone', async () => {
    if (await forGood.isVisible()) await forGood.click();
    return runs().length === 0;
  });
  await editorTab(page, 'Controlled').waitFor({ state: 'detached' });
  await page.getByRole('region', { name: 'Welcome' }).getByRole('button', { name: 'Start Run', exact: true }).waitFor();
});

test('the page threw no error on the way', () => {
  assert.deepEqual(editor.pageErrors, []);
});
