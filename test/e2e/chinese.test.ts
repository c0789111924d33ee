/** A whole window in Simplified Chinese: tree, commands and every panel speak it, and no English text of ours is left. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, test, type TestContext } from 'node:test';
import type { Locator } from 'playwright-core';
import { openEditor, type Editor } from './editor.ts';
import { englishAmong, textsOf } from './english.ts';
import { GOLDEN_CHECKPOINT, GOLDEN_PLAN, goldenWorkspace, type GoldenWorkspace } from './golden.ts';
import { pictureFailure, takePicture } from './pictures.ts';
import { contextMenu, expand, openContainer, openFile, treeItem, webview } from './workbench.ts';

const texts = (name: string) => JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../..', name), 'utf8')) as Record<string, string>;
const [english, chinese] = [texts('l10n/bundle.l10n.json'), texts('l10n/bundle.l10n.zh-cn.json')];
const [englishTitles, titles] = [texts('package.nls.json'), texts('package.nls.zh-cn.json')];

let workspace: GoldenWorkspace;
let editor: Editor;

before(async () => {
  workspace = goldenWorkspace();
  editor = await openEditor(workspace.folder, { language: 'zh-cn' });
});
afterEach((t) => pictureFailure(t as TestContext, editor));
after(async () => {
  await editor?.close();
  workspace?.remove();
});

/** Values as they stand in a plan's JSON, where `new` says which head a member gets. */
const VALUES = ['new'];

async function isChinese(part: Locator, ...expected: string[]): Promise<void> {
  const shown = (await textsOf(part)).filter((text) => !VALUES.includes(text));
  assert.deepEqual(englishAmong(shown, english, chinese), []);
  for (const text of expected) assert.ok(shown.includes(chinese[text]), `${chinese[text]} is not among ${shown.join(' | ')}`);
}

test('an English text that is left is found, also one with a placeholder', () => {
  assert.deepEqual(englishAmong(['制作', 'Make Soup', '3 members', '3 个成员', 'NLL'], { a: 'Make Soup', b: '{0} members', c: 'NLL' }, { a: '制作', b: '{0} 个成员', c: 'NLL' }), ['Make Soup', '3 members']);
});

test('the tree and the titles of commands', async () => {
  const { page } = editor;
  await openContainer(page, 'StarSSE');
  await treeItem(page, workspace.name).waitFor();
  await expand(page, workspace.name);
  await treeItem(page, 'soup-uniform-1').waitFor();
  await isChinese(page.locator('.part.sidebar [role=tree]'));
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input');
  await input.fill(`>StarSSE: ${titles['command.startRun']}`);
  await page.locator('.quick-input-list [role=option]').filter({ hasText: titles['command.startRun'] }).first().waitFor();
  await page.keyboard.press('Escape');
  await input.waitFor({ state: 'hidden' });
});

test('the dashboard', async () => {
  const { page } = editor;
  await contextMenu(page, workspace.name, titles['command.openDashboard']);
  const view = webview(page);
  await view.locator('.result-table tbody tr').first().waitFor({ timeout: 60_000 });
  await isChinese(view.locator('body'), 'Loss');
  await page.mouse.move(720, 15);
  await takePicture(editor, 'chinese-dashboard');
});

test('Compose', async () => {
  const { page } = editor;
  await contextMenu(page, workspace.name, titles['command.compose']);
  const view = webview(page);
  await view.locator('.member .verdict.is-first').waitFor({ timeout: 60_000 });
  await isChinese(view.locator('body'));
  await takePicture(editor, 'chinese-compose');
});

test('the plan editor and the button above it', async () => {
  const { page } = editor;
  await openFile(page, GOLDEN_PLAN);
  const view = webview(page);
  await view.locator('#number-epochRatio').waitFor({ timeout: 60_000 });
  await isChinese(view.locator('body'));
  const actions = await textsOf(page.locator('.editor-group-container.active .editor-actions'));
  assert.ok(actions.some((text) => text.startsWith(titles['command.startRun'])), actions.join(' | '));
  assert.deepEqual(englishAmong(actions, englishTitles, titles), []);
  await takePicture(editor, 'chinese-plan');
});

test('the checkpoint inspector', async () => {
  const { page } = editor;
  await openFile(page, GOLDEN_CHECKPOINT);
  const view = webview(page);
  await view.locator('.grid .line.tensor').first().waitFor({ timeout: 60_000 });
  await isChinese(view.locator('body'), 'Tensors');
  assert.deepEqual(editor.pageErrors, []);
});
