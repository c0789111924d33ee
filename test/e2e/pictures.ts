/** Screenshots of the window in every theme, into test/.cache/screenshots; with STARSSE_UPDATE_DOCS into media/screenshots too. */
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Editor } from './editor.ts';
import { THEMES, type Theme } from './themes.ts';

const root = path.resolve(import.meta.dirname, '../..');
const cache = path.join(root, 'test/.cache/screenshots');
const docs = path.join(root, 'media/screenshots');

/** Those that the README shows. */
const SHOWN = ['running-dark', 'results-light', 'plan-editor-light', 'basin-dark', 'compose-dark', 'diff-light'];

/** Saves `<name>.png` of the window as it is. */
export async function takePicture(editor: Editor, name: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  await editor.page.screenshot({ path: path.join(cache, `${name}.png`) });
}

/** Saves `<name>-<theme>.png` for each theme and goes back to the light one. */
export async function takePictures(editor: Editor, name: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  // Away from everything that would show a tooltip.
  await editor.page.mouse.move(720, 15);
  for (const theme of [...(Object.keys(THEMES) as Theme[]).filter((each) => each !== 'light'), 'light'] as Theme[]) {
    await editor.useTheme(theme);
    // Charts are drawn a frame after the theme has changed; hover effects fade.
    await editor.page.waitForTimeout(600);
    const file = path.join(cache, `${name}-${theme}.png`);
    await editor.page.screenshot({ path: file });
    if (process.env.STARSSE_UPDATE_DOCS && SHOWN.includes(`${name}-${theme}`)) {
      mkdirSync(docs, { recursive: true });
      copyFileSync(file, path.join(docs, `${name}-${theme}.png`));
    }
  }
}

/** After a failed test: the window as it was, beside the other pictures. For `afterEach`. */
export async function pictureFailure({ name, passed }: { readonly name: string; readonly passed?: boolean }, editor: Editor | undefined): Promise<void> {
  if (passed || editor === undefined) return;
  mkdirSync(cache, { recursive: true });
  const file = path.join(cache, `failed-${name.replaceAll(/[^\w]+/g, '-').slice(0, 60)}.png`);
  await editor.page.screenshot({ path: file });
  console.log(`The window when "${name}" failed: ${file}`);
}
