/** A person looks at the data and at the augmentation of the sample before a run, from the line above the plan. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takePictures } from './pictures.ts';
import { openSample } from './sample-editor.ts';
import { PLAN_FILE } from './sample.ts';
import { clickLens, editorTab, openPlanText, showPlanText } from './workbench.ts';

const opened = openSample();

test('Check data opens a report and a sheet of images', async () => {
  const { editor } = opened();
  const { page } = editor;
  await openPlanText(page, PLAN_FILE);
  await clickLens(page, 'Check data');
  await editorTab(page, 'data.png').waitFor({ timeout: 120_000 });
  await takePictures(editor, 'data');
});

test('Preview augmentation opens a batch as training sees it', async () => {
  const { editor } = opened();
  const { page } = editor;
  await showPlanText(page, PLAN_FILE);
  await clickLens(page, 'Preview augmentation');
  await editorTab(page, 'preview.png').waitFor({ timeout: 120_000 });
  await takePictures(editor, 'preview');
  assert.deepEqual(editor.pageErrors, []);
});
