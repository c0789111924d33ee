/** The built checkpoint inspector in Chromium, under the content policy of the extension's page. The test plays the host. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { ToHost, ToView } from '../../src/protocol/checkpoint-messages.ts';
import { PanelScreen } from './harness/panel-screen.ts';
import { differencesOf, filtersOf, manyTensors, residualNetwork, snapshot, statisticsOf } from './harness/simulated-checkpoint.ts';

const screen = new PanelScreen<ToHost, ToView>('checkpoint');
const one = residualNetwork();
const [a, b] = [residualNetwork('member-1'), residualNetwork('member-4', 1)];
const chinese = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../l10n/bundle.l10n.zh-cn.json'), 'utf8')) as Record<string, string>;

test('10,000 tensors: a few rows are there, scrolling shows others, the keyboard goes to the end, the filter finds one', async () => {
  const view = await screen.open();
  await view.post(snapshot({ kind: 'one', checkpoint: manyTensors(10_000) }));
  await view.page.getByRole('button', { name: 'Unfold all' }).click();
  await view.post();
  const labels = (): Promise<string[]> => view.page.locator('.grid .body .label').allInnerTexts();
  const rows = (): Promise<number> => view.page.locator('.grid .body .line').count();
  assert.equal(await view.page.locator('.grid').getAttribute('aria-rowcount'), '20102'); // 100 layers of 100 experts with one tensor each, their layer, the heading
  assert.ok((await rows()) < 80, `${await rows()} rows are drawn`);
  await view.page.evaluate('document.querySelector(".grid").scrollTop = 26 * 10000');
  await view.post();
  assert.ok((await rows()) < 80 && !(await labels()).includes('model.layers'));
  await screen.tabTo('.grid');
  await view.page.keyboard.press('End');
  await view.post();
  assert.equal((await labels()).at(-1), 'weight');
  assert.match((await view.page.locator('.details h2').textContent()) ?? '', /^model\.layers\.99\.experts\.99\.weight$/);
  await view.page.keyboard.press('Enter');
  await view.post();
  assert.deepEqual(view.sent.at(-1), { type: 'ask', id: 1, question: { kind: 'statistics', names: ['model.layers.99.experts.99.weight'] } });
  await view.page.locator('.filter input').fill('layers.42 experts.7.weight');
  await view.post();
  assert.match((await view.page.locator('.found').textContent()) ?? '', /^1 of 10,000 tensors$/);
});

test('figures, filters and metadata of a tensor; progress can be cancelled; parents and the run are asked for', async () => {
  const view = await screen.open();
  await view.post(snapshot({ kind: 'one', checkpoint: one }));
  await view.page.locator('.details .measure').click();
  await view.post({ type: 'progress', id: 1, fraction: 0.5, message: 'conv1.weight' });
  assert.match((await view.page.locator('.task').textContent()) ?? '', /conv1\.weight\s+50%/);
  await view.page.locator('.task .cancel').click();
  await view.post({ type: 'answer', id: 1, result: { kind: 'statistics', statistics: statisticsOf(one.tensors) }, error: null });
  assert.deepEqual(view.sent.slice(1, 3), [{ type: 'ask', id: 1, question: { kind: 'statistics', names: ['conv1.weight'] } }, { type: 'cancel', id: 1 }]);
  assert.equal(await view.page.locator('.histogram rect').count(), 48);
  await view.page.getByRole('button', { name: 'Distribution as a table' }).click();
  await view.post();
  assert.equal(await view.page.locator('.histogram tbody tr').count(), 48);
  await view.page.locator('.show-filters').click();
  await view.post({ type: 'answer', id: 2, result: { kind: 'filters', images: filtersOf('conv1.weight') }, error: null });
  const shades = await view.page.evaluate<number>(`(() => { const canvas = document.querySelectorAll('.filter-images canvas')[3]; return new Set(canvas.getContext('2d').getImageData(0, 0, 7, 7).data).size; })()`);
  assert.ok(shades > 20, `${shades} shades in a filter`);
  await view.page.getByRole('button', { name: 'member-2' }).click();
  await view.page.locator('.lineage .run').click();
  await view.post();
  assert.deepEqual(view.sent.slice(-2).map((message) => message.type === 'ask' && message.question), [{ kind: 'open-parent', name: 'member-2' }, { kind: 'open', what: 'run' }]);
});

test('a comparison begins by itself, sorts by change, shows bars a layer and gives CSV; it comes back after having been hidden', async () => {
  const view = await screen.open();
  await view.post(snapshot({ kind: 'two', a, b }));
  assert.deepEqual(view.sent.at(-1), { type: 'ask', id: 1, question: { kind: 'differences' } });
  const differences = differencesOf(a, b);
  await view.post({ type: 'answer', id: 1, result: { kind: 'differences', differences }, error: null });
  const greatest = differences.toSorted((x, y) => y.distance! / y.normA! - x.distance! / x.normA!)[0];
  assert.equal(await view.page.locator('.grid .body .label').first().textContent(), greatest.name);
  assert.equal(await view.page.locator('.layer-bar').count(), new Set(a.tensors.map(({ name }) => name.slice(0, name.lastIndexOf('.')))).size);
  await view.page.getByRole('button', { name: 'Copy as CSV' }).click();
  await view.post();
  const copied = view.sent.at(-1);
  assert.ok(copied?.type === 'ask' && copied.question.kind === 'copy' && copied.question.text.split('\r\n')[1].startsWith(`${greatest.name},same`));
  await view.page.locator('.grid .sort[data-column=cosine]').click();
  await view.reload();
  await view.post(snapshot({ kind: 'two', a, b }, { differences }));
  assert.equal(await view.page.locator('[aria-sort=descending]').textContent().then((text) => text?.trim()), 'Cosine');
  assert.deepEqual(await view.page.evaluate('acquireVsCodeApi().getState().files'), [a.path, b.path]);
});

test('a torn file shows the error, its hint and a way out; a refused question is shown until it is dismissed', async () => {
  const view = await screen.open();
  await view.post(snapshot({ kind: 'broken', path: '/m/torn.safetensors', error: { code: 'file-invalid', message: 'tensor b starts at byte 80, not 90', hint: 'Copy it again.' } }));
  assert.match((await view.page.getByRole('alert').textContent()) ?? '', /tensor b starts at byte 80, not 90\s+Copy it again\./);
  assert.deepEqual(await screen.axeFindings(), []);
  await view.post(snapshot({ kind: 'one', checkpoint: one }), { type: 'answer', id: 9, result: null, error: { code: 'usage', message: 'Not trusted.' } });
  await view.page.getByRole('button', { name: 'Dismiss' }).click();
  await view.post();
  assert.equal(await view.page.getByRole('alert').count(), 0);
});

test('in Restricted Mode tensors and structure are shown, and nothing asks for numbers', async () => {
  const view = await screen.open();
  await view.post(snapshot({ kind: 'two', a, b }, { trusted: false }));
  assert.match((await view.page.locator('.restricted').textContent()) ?? '', /not trusted/);
  assert.match((await view.page.locator('.structure').textContent()) ?? '', /in both/);
  await view.post(snapshot({ kind: 'one', checkpoint: one }, { trusted: false }));
  await view.page.locator('.grid').focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'Enter']) {
    await view.page.keyboard.press(key);
    await view.post();
  }
  assert.equal(await view.page.locator('.measure-all[disabled]').count(), 1);
  assert.deepEqual(view.sent.filter(({ type }) => type === 'ask'), []);
});

test('no finding of axe in four themes; nothing sticks out at 320, 500 and 1400 pixels; Chinese', async () => {
  const view = await screen.open({ language: 'zh-cn' });
  const full = snapshot({ kind: 'one', checkpoint: one }, { statistics: statisticsOf(one.tensors), filters: [filtersOf('conv1.weight')], texts: chinese });
  for (const messages of [[full], [snapshot({ kind: 'two', a, b }, { differences: differencesOf(a, b), texts: chinese })]]) {
    await view.post(...messages);
    await screen.looksRight([1400, 500, 320], 'h1, h2, h3, p, dt, dd, button.plain, vscode-button, .tag, .status');
  }
  assert.match((await view.page.locator('.layers h2').textContent()) ?? '', /各层的相对变化/);
});
