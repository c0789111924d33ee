/** A person opens the sample, starts a run with the mouse, watches it, reloads the window, and makes a soup. */
import assert from 'node:assert/strict';
import { after, afterEach, before, test, type TestContext } from 'node:test';
import { Dashboard } from './dashboard.ts';
import { openEditor, type Editor } from './editor.ts';
import { pictureFailure, takePictures } from './pictures.ts';
import { copySample, PLAN_FILE, type Sample } from './sample.ts';
import { until } from './until.ts';
import { clearNotifications, editorTab, expand, openContainer, openFile, statusBarItem, titleButton, treeItem, webview } from './workbench.ts';

const RUN = 'Fashion-MNIST from rotations';
/** On the embedded back end a step takes some ten times as long as on the native one. */
const RUN_TIMEOUT_MS = 480_000;

let sample: Sample;
let editor: Editor;
let dashboard: Dashboard;

before(async () => {
  sample = copySample({ '"members": 5': '"members": 3', '"epochs": 20': '"epochs": 12' });
  editor = await openEditor(sample.folder);
  dashboard = new Dashboard(editor.page);
});
afterEach((t) => pictureFailure(t as TestContext, editor));
after(async () => {
  await editor?.close();
  sample?.remove();
});

test('an empty view offers what to do', async () => {
  const { page } = editor;
  await openContainer(page, 'StarSSE');
  for (const name of ['Start Run', 'Open Plan', 'Create Plan', 'Check This Machine']) {
    await page.getByRole('region', { name: 'Welcome' }).getByRole('button', { name, exact: true }).waitFor();
  }
  await takePictures(editor, 'welcome');
});

test('the button of the open plan starts a run, and its dashboard opens', async () => {
  const { page } = editor;
  await openFile(page, PLAN_FILE);
  await webview(page).locator('.picture').waitFor({ timeout: 60_000 });
  await takePictures(editor, 'plan');
  await titleButton(page, 'Start Run').click();
  await editorTab(page, RUN).waitFor({ timeout: 60_000 });
  await dashboard.shown();
});

test('curves grow while the tree and the status bar tell how far it is', async () => {
  const { page } = editor;
  await until('the first figures', async () => (await dashboard.percent()) > 3);
  assert.equal(await dashboard.status(), 'running');
  const ink = await dashboard.inkOf('loss');
  await until('the loss curve to grow', async () => (await dashboard.inkOf('loss')) > ink);
  await dashboard.toggleTable('loss');
  const figures = await dashboard.tableFigures('loss');
  await until('the table of the loss to grow', async () => (await dashboard.tableFigures('loss')) > figures);
  await dashboard.toggleTable('loss');
  await treeItem(page, RUN).waitFor();
  await statusBarItem(page, 'StarSSE: 1 run').waitFor();
});

test('the window is reloaded: the run goes on, and the dashboard comes back', async () => {
  const before = await dashboard.percent();
  assert.ok(before < 90, `the run was at ${before} % already`);
  await editor.reload();
  await dashboard.shown();
  const again = await dashboard.percent();
  assert.ok(again >= before, `${again} % after the reload, ${before} % before`);
  await until('members 2 and 3 to train', async () => (await dashboard.percent()) >= 50, RUN_TIMEOUT_MS);
  assert.equal(await dashboard.status(), 'running');
  await takePictures(editor, 'running');
});

test('the run ends with its table: members, mean, soup and ensemble', async () => {
  await until('the run to be done', async () => (await dashboard.status()) === 'done', RUN_TIMEOUT_MS);
  const rows = await until('the table', async () => ((await dashboard.resultRows()).length >= 6 ? dashboard.resultRows() : null));
  assert.deepEqual([...rows].sort(), ['ensemble-1', 'mean-member', 'member-1', 'member-2', 'member-3', 'soup-uniform-1']);
  const accuracies = new Map(await Promise.all(rows.map(async (row) => [row, await dashboard.accuracyOf(row)] as const)));
  // Chance is 10 %; twelve epochs from the rotation checkpoint are far beyond it.
  for (const [row, accuracy] of accuracies) assert.ok(accuracy > 60 && accuracy < 95, `${row}: ${accuracy} %`);
  assert.ok(accuracies.get('ensemble-1')! > accuracies.get('mean-member')!, JSON.stringify([...accuracies]));
});

test('one click makes a soup of the chosen members, another an ensemble', async () => {
  const { page } = editor;
  await dashboard.pick('member-3');
  await dashboard.press('make-soup');
  const soup = await until('the new soup', async () => dashboard.addedRow());
  assert.equal(soup, 'soup-uniform-2');
  assert.ok((await dashboard.accuracyOf(soup)) > 60);
  await dashboard.press('make-ensemble');
  await until('the new ensemble', async () => (await dashboard.addedRow()) === 'ensemble-2');
  assert.ok((await dashboard.accuracyOf('ensemble-2')) > 60);
  await openContainer(page, 'StarSSE');
  await expand(page, RUN);
  await treeItem(page, 'soup-uniform-2').waitFor();
  await clearNotifications(page);
  await takePictures(editor, 'results');
});

test('the page threw no error on the way', () => {
  assert.deepEqual(editor.pageErrors, []);
});
