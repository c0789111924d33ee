/** A person inspects a checkpoint of the sample, measures it, and compares it with a changed copy. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { floatsOf } from '../../src/protocol/tensor.ts';
import { readSafetensors, writeSafetensors } from '../../src/run/safetensors-file.ts';
import { takePictures } from './pictures.ts';
import { openSample } from './sample-editor.ts';
import { contextMenu, editorTab, openContainer, openFile, treeItem, webview } from './workbench.ts';

const [ONE, OTHER] = ['rotation.safetensors', 'changed.safetensors'];
const opened = openSample(async (sample) => {
  const { tensors, metadata } = await readSafetensors(path.join(sample.folder, ONE));
  // Later layers move further.
  for (const [place, tensor] of tensors.entries()) {
    if (tensor.dtype === 'F32') floatsOf(tensor).forEach((value, index, values) => (values[index] = value * (1 + (0.3 * place * Math.sin(index)) / tensors.length)));
  }
  await writeSafetensors(path.join(sample.folder, OTHER), tensors, metadata);
});

test('a checkpoint opens as a table of tensors, which are measured', async () => {
  const { editor } = opened();
  const { page } = editor;
  await openFile(page, ONE);
  const view = webview(page);
  await view.locator('.grid .line.tensor').first().waitFor({ timeout: 60_000 });
  await view.locator('.measure-all').click();
  await view.locator('.histogram rect').first().waitFor({ timeout: 60_000 });
  await view.locator('.show-filters').click();
  await view.locator('.filter-images canvas').first().waitFor({ timeout: 60_000 });
  await takePictures(editor, 'checkpoint');
});

test('two checkpoints selected in the explorer are compared', async () => {
  const { editor } = opened();
  const { page } = editor;
  await openContainer(page, 'Explorer');
  await treeItem(page, OTHER).click();
  await treeItem(page, ONE).click({ modifiers: ['ControlOrMeta'] });
  await contextMenu(page, ONE, 'Compare Checkpoints');
  await editorTab(page, '↔').waitFor();
  const view = webview(page);
  await view.locator('.layer-bar').first().waitFor({ timeout: 60_000 });
  assert.match((await view.locator('.structure').textContent()) ?? '', /\d+ in both/);
  await takePictures(editor, 'diff');
});

test('after a reload the comparison is back, and behind it the checkpoint', async () => {
  const { editor } = opened();
  const { page } = editor;
  await editor.reload();
  const view = webview(page);
  await view.locator('.layer-bar').first().waitFor({ timeout: 60_000 });
  await editorTab(page, ONE).first().click();
  await view.locator('.grid .line.tensor').first().waitFor({ timeout: 60_000 });
  assert.deepEqual(editor.pageErrors, []);
});
