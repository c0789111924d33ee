/** A person looks at the data and at the augmentation of the sample before a run, from the line above the plan. */
import assert from 'node:assert/strict';
import { after, afterEach, before, test, type TestContext } from 'node:test';
import { openEditor, type Editor } from './editor.ts';
import { pictureFailure, takePictures } from './pictures.ts';
import { copySample, PLAN_FILE, type Sample } from './sample.ts';
import { clickLens, editorTab, openFile, openPlanText } from './workbench.ts';

let sample: Sample;
let editor: Editor;

before(async () => {
  sample = copySample({});
  editor = await openEditor(sample.folder);
});
afterEach((t) => pictureFailure(t as TestContext, editor));
after(async () => {
  await editor?.close();
  sample?.remove();
});

test('Check data opens a report and a sheet of images', async () => {
  const { page } = editor;
  await openPlanText(page, PLAN_FILE);
  await clickLens(page, 'Check data');
  await editorTab(page, 'data.png').waitFor({ timeout: 120_000 });
  await takePictures(editor, 'data');
});

test('Preview augmentation opens a batch as training sees it', async () => {
  const { page } = editor;
  await openFile(page, PLAN_FILE);
  await clickLens(page, 'Preview augmentation');
  await editorTab(page, 'preview.png').waitFor({ timeout: 120_000 });
  await takePictures(editor, 'preview');
  assert.deepEqual(editor.pageErrors, []);
});
