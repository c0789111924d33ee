/** A folder that is not trusted: looking is allowed, starting is not, and the view says so. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, test, type TestContext } from 'node:test';
import { writeTinyPlan } from '../fixtures/tiny-plan.ts';
import { openEditor, type Editor } from './editor.ts';
import { pictureFailure } from './pictures.ts';
import { clickLens, lens, openContainer, openPlanText, statusBarItem } from './workbench.ts';

const workspace = mkdtempSync(path.join(tmpdir(), 'starsse-restricted-'));
let editor: Editor;

before(async () => {
  writeTinyPlan(workspace);
  editor = await openEditor(workspace, { trustWorkspaces: false });
});
afterEach((t) => pictureFailure(t as TestContext, editor));
after(async () => {
  await editor?.close();
  rmSync(workspace, { recursive: true, force: true });
});

test('in Restricted Mode a plan can be read, and nothing can be started', async () => {
  const { page } = editor;
  await statusBarItem(page, 'Restricted Mode').waitFor();
  await openContainer(page, 'StarSSE');
  const welcome = page.getByRole('region', { name: 'Welcome' });
  await welcome.getByRole('button', { name: 'Manage Workspace Trust', exact: true }).waitFor();
  assert.equal(await welcome.getByRole('button', { name: 'Start Run', exact: true }).count(), 0);
  await openPlanText(page, 'tiny.starsse.json');
  await lens(page, 'Trust this workspace to start a run').waitFor();
  assert.equal(existsSync(path.join(workspace, '.starsse')), false);
});

test('trusting the folder brings the buttons back, without a reload', async () => {
  const { page } = editor;
  await clickLens(page, 'Trust this workspace to start a run');
  await page.locator('.workspace-trust-editor').getByRole('button', { name: /^Trust/ }).first().click();
  await page.getByRole('region', { name: 'Welcome' }).getByRole('button', { name: 'Start Run', exact: true }).waitFor();
  await lens(page, 'Start run').waitFor();
});
