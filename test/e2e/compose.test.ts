/** Compose in a whole editor: members of finished runs become soups, which are undone, exported, distilled and reported. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, test, type TestContext } from 'node:test';
import type { EnsembleReport } from '../../src/protocol/ensemble-report.ts';
import type { Run } from '../../src/protocol/run.ts';
import { readSafetensorsHeader } from '../../src/run/safetensors-file.ts';
import { writeTinyPlan } from '../fixtures/tiny-plan.ts';
import { openEditor, type Editor } from './editor.ts';
import { pictureFailure, takePictures } from './pictures.ts';
import { until } from './until.ts';
import { clearNotifications, contextMenu, editorTab, expand, openContainer, treeItem, webview } from './workbench.ts';

const workspace = mkdtempSync(path.join(tmpdir(), 'starsse-compose-'));
const folder = path.join(workspace, '.starsse/runs/golden');
const OTHER = 'Another one';
let editor: Editor;

before(async () => {
  // The run that every version must read: done in no time.
  const planPath = writeTinyPlan(workspace);
  for (const [place, change] of [[folder, {}], [path.join(folder, '../other'), { id: 'other' }]] as const) {
    mkdirSync(path.dirname(place), { recursive: true });
    cpSync(path.resolve(import.meta.dirname, '../fixtures/run-format-1'), place, { recursive: true });
    const file = path.join(place, 'run.json');
    const run = JSON.parse(readFileSync(file, 'utf8')) as Run;
    writeFileSync(file, JSON.stringify({ ...run, planPath, ...change }));
  }
  writeFileSync(path.join(folder, '../other/labels.json'), JSON.stringify({ name: OTHER, tags: [], archived: false }));
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
  await view.locator('.reliability .xy-line circle').first().waitFor();
  await clearNotifications(page);
  await takePictures(editor, 'compose-table');
  await view.locator('h1').scrollIntoViewIfNeeded();
  await takePictures(editor, 'compose');
  await view.locator('tr.added .undo').click();
  await view.locator('tr[data-row=soup-greedy-1]').waitFor({ state: 'detached' });
  assert.ok(!existsSync(path.join(folder, 'snapshots/soup-greedy-1.safetensors')));
});

test('members of another run are dragged from the tree onto Compose, with Shift held, and are chosen beside the others', async () => {
  const { page } = editor;
  const view = webview(page);
  await view.locator('h1').scrollIntoViewIfNeeded();
  const [from, to] = [await treeItem(page, OTHER).boundingBox(), await view.locator('.choose').boundingBox()];
  assert.ok(from && to);
  await page.mouse.move(from.x + 60, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + 90, from.y + from.height / 2, { steps: 3 });
  await page.mouse.move(to.x + 60, to.y + 60);
  await page.keyboard.down('Shift');
  // A hand does not hold still: a busy window may be told of the key after the first moves.
  await until('Compose to offer a place', async () => {
    for (const step of [1, 2, 3, 0]) await page.mouse.move(to.x + 60 + step * 10, to.y + 60 + step * 10);
    return (await view.locator('.receiving .choose').count()) > 0;
  });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await view.locator('[data-run=other] .member.chosen').nth(2).waitFor();
  assert.equal(await view.locator('.member.chosen').count(), 6);
  assert.equal(await view.locator('.receiving').count(), 0);
  await view.locator('[data-run=other] legend button').click();
  await view.locator('[data-run=other]').waitFor({ state: 'detached' });
  // The same without a mouse: the menu of the tree adds one member.
  await expand(page, OTHER);
  await contextMenu(page, 'member-2', 'Add to Compose');
  await view.locator('[data-run=other] .member.chosen').waitFor();
  assert.equal(await view.locator('.member.chosen').count(), 4);
});

test('the line of WiSE-FT is measured, its slider moved, and the soup made of that point', async () => {
  const view = webview(editor.page);
  await view.locator('input[value=wise-ft]').check();
  await view.locator('.look').click();
  await until('eleven points of the line', async () => (await view.locator('.wise .xy-line circle').count()) >= 11);
  await view.locator('.alpha').focus();
  await editor.page.keyboard.press('End');
  await editor.page.keyboard.press('ArrowLeft');
  await view.locator('.make-it').click();
  await view.locator('tr.added[data-row=soup-wise-ft-1]').waitFor({ timeout: 60_000 });
  const { metadata } = await readSafetensorsHeader(path.join(folder, 'snapshots/soup-wise-ft-1.safetensors'));
  assert.deepEqual([metadata.rule, JSON.parse(metadata.settings)], ['wise-ft', { alpha: 0.95 }]);
});

test('one click exports a soup, another distils an ensemble, another writes the report and shows it', async () => {
  const { page } = editor;
  const view = webview(page);
  await view.locator('.detail .export-safetensors').click();
  await page.locator('.quick-input-widget').getByRole('button', { name: 'Export here' }).click();
  const exported = path.join(workspace, 'golden-soup-wise-ft-1-safetensors');
  await view.locator('.notice').filter({ hasText: exported }).waitFor({ timeout: 60_000 });
  assert.deepEqual(readdirSync(exported).filter((name) => /\.(safetensors|md)$/.test(name)).length, 2);
  // Of two runs, so it is a report beside the table of the one.
  await view.locator('input[value=ensemble]').check();
  await view.locator('.make-it').click();
  await view.locator('tr.added[data-row=ensemble-3]').waitFor({ timeout: 60_000 });
  await until('the curve of sizes 1 to 4', async () => (await view.locator('.size .xy-line circle').count()) === 4);
  const made = JSON.parse(readFileSync(path.join(folder, 'analyses/ensembles/ensemble-3.json'), 'utf8')) as EnsembleReport;
  assert.deepEqual(made.members.map(({ run, name }) => `${run}/${name}`).slice(-1), ['other/member-2']);
  await view.locator('tr[data-row=ensemble-1] .open').click();
  await view.locator('.reliability .xy-line circle').first().waitFor();
  await view.locator('.detail .distil').click();
  await view.locator('tr.added[data-row=distilled-1]').waitFor({ timeout: 90_000 });
  assert.ok(existsSync(path.join(folder, 'snapshots/distilled-1.safetensors')));
  await clearNotifications(page);
  await view.locator('.report').click();
  await editorTab(page, 'report.md').waitFor({ timeout: 60_000 });
  assert.match(readFileSync(path.join(folder, 'report.md'), 'utf8'), /distilled-1/);
  assert.ok(existsSync(path.join(folder, 'report.html')));
});

test('from Compose to the dashboard, where the basin is measured with a click', async () => {
  const { page } = editor;
  await editorTab(page, 'Compose').click();
  const view = webview(page);
  await view.locator('.header .dashboard').click();
  await view.locator('.measure-basin').click({ timeout: 60_000 });
  await until('the basin', async () => Promise.resolve(existsSync(path.join(folder, 'analyses/basin.json'))));
  await view.locator('.measure-basin').filter({ hasText: 'Measure again' }).waitFor({ timeout: 60_000 });
  await view.locator('.landscape').evaluate((element) => element.scrollIntoView({ block: 'start' }));
  await takePictures(editor, 'basin');
});

test('the page threw no error on the way', () => {
  assert.deepEqual(editor.pageErrors, []);
});
