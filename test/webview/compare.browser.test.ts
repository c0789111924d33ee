/** The built comparison of runs in Chromium, under the content policy of the extension's page. The test plays the host. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { ToHost, ToView } from '../../src/protocol/compare-messages.ts';
import { comparison } from './harness/simulated-comparison.ts';
import { PanelScreen } from './harness/panel-screen.ts';

const screen = new PanelScreen<ToHost, ToView>('compare');
const chinese = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../l10n/bundle.l10n.zh-cn.json'), 'utf8')) as Record<string, string>;

test('sorting, filtering and a stretch chosen by keys or by the mouse leave the same runs in table and curves; tables stand behind the charts', async () => {
  const view = await screen.open();
  await view.post(comparison());
  const names = (): Promise<string[]> => view.page.locator('.runs tbody th').allInnerTexts();
  assert.equal((await names())[0].trim(), 'StarSSE, large cycles');
  await view.page.locator('.sort[data-column=best]').click();
  await view.post();
  assert.equal((await names())[0].trim(), 'Fine-tuning, four times as long');
  await screen.tabTo('.axis[aria-label="Learning rate"]');
  await view.page.keyboard.press('ArrowUp');
  await view.post();
  assert.deepEqual((await names()).map((name) => name.trim()), ['StarSSE, large cycles']);
  assert.equal(await view.page.locator('.plot .curve').count(), 5);
  assert.equal(await view.page.locator('.sweep .curve.out').count(), 4);
  await view.page.keyboard.press('Escape');
  const line = (await view.page.locator('.axis[aria-label="Soup"] .line').boundingBox())!;
  await view.page.mouse.move(line.x, line.y - 2);
  await view.page.mouse.down();
  await view.page.mouse.move(line.x, line.y + line.height * 0.2);
  await view.page.mouse.up();
  await view.post();
  assert.equal((await names()).length, 3);
  await view.page.getByRole('button', { name: 'Settings and results as a table' }).click();
  await view.page.getByRole('button', { name: 'Curves as a table' }).click();
  await view.post();
  assert.deepEqual([await view.page.locator('section').nth(2).locator('tbody tr').count(), await view.page.locator('section').nth(1).locator('tbody tr').count()], [3, 15]);
  await view.page.locator('.runs button.link').first().click();
  await view.post();
  assert.equal(view.sent.at(-1)?.type, 'open');
  await view.reload();
  await view.post(comparison());
  assert.equal((await names()).length, 3);
  await view.page.locator('select').selectOption({ index: 1 });
  await view.post();
  assert.equal(await view.page.locator('section').nth(2).locator('tbody tr').count(), 45);
});

test('no finding of axe in four themes; nothing sticks out at 320, 500 and 1400 pixels; Chinese', async () => {
  const view = await screen.open({ language: 'zh-cn' });
  await view.post(comparison(chinese));
  await screen.looksRight([1400, 500, 320], 'h1, h2, p, button.plain');
  assert.match((await view.page.locator('#sweep-title').textContent()) ?? '', /设置与结果/);
});
