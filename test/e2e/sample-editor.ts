/** One window on a copy of the sample for all tests of a file. */
import { after, afterEach, before, type TestContext } from 'node:test';
import { openEditor, type Editor, type EditorOptions } from './editor.ts';
import { pictureFailure } from './pictures.ts';
import { copySample, type Sample } from './sample.ts';

export interface SampleWindow {
  sample: Sample;
  editor: Editor;
}

/** @param prepare adds to the copy before it is opened. @returns what the tests ask for the window */
export function openSample(prepare: (sample: Sample) => Promise<void> = async () => {}, options: EditorOptions = {}): () => SampleWindow {
  const opened: Partial<SampleWindow> = {};
  before(async () => {
    opened.sample = copySample({});
    await prepare(opened.sample);
    opened.editor = await openEditor(opened.sample.folder, options);
  });
  afterEach((t) => pictureFailure(t as TestContext, opened.editor));
  after(async () => {
    await opened.editor?.close();
    opened.sample?.remove();
  });
  return () => opened as SampleWindow;
}
