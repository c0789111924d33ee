/** A person opens the sample's plan, designs a cycle by dragging its end, and takes it back with Ctrl-Z. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takePictures } from './pictures.ts';
import { openSample } from './sample-editor.ts';
import { PLAN_FILE } from './sample.ts';
import { until } from './until.ts';
import { editorTab, openFile, webview } from './workbench.ts';

const opened = openSample();

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
  assert.deepEqual(editor.pageErrors, []);
});
