/** The built comparison of runs in Chromium, under the content policy of the extension's page. The test plays the host. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { ToHost, ToView } from '../../src/protocol/compare-messages.ts';
import { comparison, manyRuns, youngRuns } from './harness/simulated-comparison.ts';
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

test('curves zoom by keys and buttons as those of the dashboard, tell the best member of each run, and have a log axis; a reload keeps it', async () => {
  const view = await screen.open();
  await view.post(comparison());
  const { page } = view;
  const frame = page.locator('.plot-frame');
  const shown = async (): Promise<string> => (await page.locator('.shown-epochs').textContent()) ?? '';
  assert.deepEqual([await frame.getAttribute('aria-valuemin'), await frame.getAttribute('aria-valuemax'), await shown()], ['0', '60', 'All epochs']);
  await screen.tabTo('.plot-frame');
  await page.keyboard.press('+');
  await view.post();
  assert.equal(await shown(), 'Epochs 12.0 to 48.0');
  await page.keyboard.press('Shift+ArrowLeft');
  await view.post();
  await page.keyboard.press('Home');
  await view.post();
  const words = (await frame.getAttribute('aria-valuetext')) ?? '';
  assert.match(words, /^Epoch 4\.8, .*Local DE, Member \d \d\d\.\d\d%/);
  assert.equal(words.split(', Member ').length, 5, `one member of each of four runs: ${words}`);
  await page.getByRole('button', { name: 'Loss' }).click();
  await view.post();
  assert.match((await frame.getAttribute('aria-label')) ?? '', /^Validation loss by epoch/);
  await page.getByRole('button', { name: 'Log scale' }).click();
  await page.getByRole('button', { name: 'Clip outliers' }).click();
  await view.reload();
  await view.post(comparison());
  assert.deepEqual(await Promise.all(['Loss', 'Log scale', 'Clip outliers'].map((name) => page.getByRole('button', { name }).getAttribute('aria-pressed'))), ['true', 'true', 'false']);
  assert.equal(await shown(), 'Epochs 4.8 to 40.8');
  await page.getByRole('button', { name: 'Show all epochs' }).click();
  await view.post();
  assert.equal(await shown(), 'All epochs');
});

test('a pinned column stands beside the name of the run and stays in sight when the table scrolls', async () => {
  const view = await screen.open({ width: 700 });
  await view.post(comparison({}, manyRuns()));
  const { page } = view;
  await page.locator('.pin[data-column=ensemble]').focus();
  await page.keyboard.press('Enter');
  await view.post();
  assert.deepEqual((await page.locator('.runs thead .sort').allInnerTexts()).slice(0, 3).map((text) => text.trim()), ['Run', 'Ensemble', 'Status']);
  await page.evaluate('document.querySelector(".table-frame").scrollLeft = 10_000');
  const lefts = await page.evaluate<number[]>(`[...document.querySelector('.runs tbody tr').children].slice(0, 3).map((cell) => Math.round(cell.getBoundingClientRect().left - document.querySelector('.table-frame').getBoundingClientRect().left))`);
  assert.equal(lefts[0], 0);
  assert.equal(lefts[1], await page.evaluate<number>('document.querySelector(".runs thead th").offsetWidth'), 'beside the name');
  assert.ok(lefts[2] < lefts[1], 'the others scroll below them');
  await page.getByRole('button', { name: 'Unpin Ensemble' }).click();
  await view.post();
  assert.equal((await page.locator('.runs thead .sort').nth(1).innerText()).trim(), 'Status');
});

test('a run by itself, runs without an epoch, and sixteen runs are drawn', async () => {
  const view = await screen.open({ width: 500 });
  await view.post(comparison({}, manyRuns().slice(1, 2)));
  assert.equal(await view.page.locator('h1').innerText(), 'Comparison of one run');
  await view.post(comparison({}, youngRuns()));
  assert.equal(await view.page.locator('.runs tbody tr').count(), 2);
  await view.post(comparison({}, youngRuns().slice(1)));
  assert.match((await view.page.locator('section').nth(1).innerText()), /No epoch is done yet/);
  await view.post(comparison({}, [...manyRuns(), ...youngRuns()]));
  assert.equal(await view.page.locator('.runs tbody tr').count(), 17);
  assert.deepEqual(await screen.axeFindings(), []);
});

test('no finding of axe in four themes; nothing sticks out at 320, 500 and 1400 pixels; Chinese', async () => {
  const view = await screen.open({ language: 'zh-cn' });
  await view.post(comparison(chinese));
  await screen.looksRight([1400, 500, 320], 'h1, h2, p, button.plain');
  assert.match((await view.page.locator('#sweep-title').textContent()) ?? '', /设置与结果/);
});
