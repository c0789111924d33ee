/** A person opens the sample's plan, designs a cycle by dragging its end, takes it back with Ctrl-Z, reloads the window, asks what it would cost, and looks at the text. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { takePictures } from './pictures.ts';
import { openSample } from './sample-editor.ts';
import { PLAN_FILE } from './sample.ts';
import { until } from './until.ts';
import { editorTab, openFile, titleButton, webview } from './workbench.ts';

// In a browser VS Code saves by itself, unless it is told not to.
const opened = openSample(undefined, { settings: { 'files.autoSave': 'off' } });

test('the end of a cycle is dragged, the plan is dirty, and Ctrl-Z takes it back', async () => {
  const { editor } = opened();
  const { page } = editor;
  await openFile(page, PLAN_FILE);
  const view = webview(page);
  const epochs = view.locator('#number-epochRatio');
  await epochs.waitFor({ timeout: 60_000 });
  assert.equal(await epochs.inputValue(), '1');
  const box = await view.locator('[data-handle=end-1] .knob').boundingBox();
  assert.ok(box, 'the handle is not drawn');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  for (const dx of [-40, -90, -140]) await page.mouse.move(box.x + box.width / 2 + dx, box.y + box.height / 2);
  await page.mouse.up();
  await until('the shorter cycle', async () => Number(await epochs.inputValue()) < 1);
  await page.locator('.tabs-container .tab.dirty').filter({ hasText: PLAN_FILE }).waitFor();
  await takePictures(editor, 'plan-editor');
  await view.locator('[data-handle=end-1]').focus();
  await page.keyboard.press('ControlOrMeta+Z');
  await until('the cycle as it was', async () => (await epochs.inputValue()) === '1');
  await editorTab(page, PLAN_FILE).waitFor();
});

const ratioOnDisk = (): unknown => (JSON.parse(readFileSync(path.join(opened().sample.folder, PLAN_FILE), 'utf8')) as { method: { cycle: { epochRatio: number } } }).method.cycle.epochRatio;

test('what is not saved is there after a reload of the window, and not on the disk', async () => {
  const { editor } = opened();
  const { page } = editor;
  const view = webview(page);
  await view.locator('#number-epochRatio').fill('0.5');
  await view.locator('#number-epochRatio').press('Tab');
  const dirty = page.locator('.tabs-container .tab.dirty').filter({ hasText: PLAN_FILE });
  await dirty.waitFor();
  // The editor backs a document up a second after its last change.
  await page.waitForTimeout(2500);
  await editor.reload();
  await dirty.waitFor({ timeout: 60_000 });
  await until('the change', async () => (await view.locator('#number-epochRatio').inputValue()) === '0.5');
  assert.equal(ratioOnDisk(), 1);
});

test('a dry run tells the time on this machine, of the plan as it is saved then', async () => {
  const view = webview(opened().editor.page);
  await view.locator('.estimate').click();
  await view.locator('.cost dd').nth(2).filter({ hasText: /about[^]+ an epoch/ }).waitFor({ timeout: 90_000 });
  assert.equal(ratioOnDisk(), 0.5);
});

test('its text takes the place of the picture, and the picture that of the text', async () => {
  const { editor } = opened();
  const { page } = editor;
  await titleButton(page, 'Open as Text').click();
  await page.locator('.editor-instance .view-lines').first().waitFor();
  await until('one tab', async () => (await editorTab(page, PLAN_FILE).count()) === 1);
  await titleButton(page, 'Open Plan Editor').click();
  await webview(page).locator('.picture').waitFor({ timeout: 60_000 });
  await until('one tab', async () => (await editorTab(page, PLAN_FILE).count()) === 1);
  assert.deepEqual(editor.pageErrors, []);
});
