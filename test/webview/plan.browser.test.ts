/** The built plan editor in Chromium, under the content policy of the extension's page. A host edits the text as the extension does. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { PlanToHost, PlanToView } from '../../src/protocol/plan-editor-messages.ts';
import { PanelScreen } from './harness/panel-screen.ts';
import { ESTIMATE, PlanHost, SAMPLE } from './harness/plan-host.ts';

const screen = new PanelScreen<PlanToHost, PlanToView>('plan');

async function opened(host: PlanHost, options: { theme?: 'dark' | 'light' | 'high-contrast' | 'high-contrast-light'; width?: number; language?: string } = {}, texts: Record<string, string> = {}) {
  const view = await screen.open({ ...options, onMessage: host.onMessage });
  await view.post(host.snapshot(texts));
  return view;
}

async function drag(name: string, dx: number, dy: number): Promise<void> {
  const { page } = screen.view;
  const box = (await page.locator(`[data-handle=${name}] .knob`).boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (const part of [0.3, 0.7, 1]) await page.mouse.move(x + dx * part, y + dy * part);
  await screen.view.post();
}

test('dragging a peak and an end follows the pointer, and each is one edit of the text', async () => {
  const host = new PlanHost();
  const view = await opened(host);
  await drag('peak-1', 0, 60);
  assert.equal(host.edits.length, 0);
  const shown = await view.page.locator('#number-lrRatio').inputValue();
  assert.ok(Number(shown) < 1, shown);
  await view.page.mouse.up();
  await view.post();
  assert.deepEqual(host.edits, [[{ path: ['method', 'cycle', 'lrRatio'], value: Number(shown) }]]);
  await drag('end-1', -200, 0);
  await view.page.mouse.up();
  await view.post();
  const ratio = Number(host.value.method.cycle && (host.value.method.cycle as { epochRatio: number }).epochRatio);
  assert.ok(ratio < 1 && ratio > 0.05, String(ratio));
  assert.equal(host.edits.length, 2);
  await view.post(host.undo());
  await view.post(host.undo());
  assert.equal(host.text, SAMPLE);
  assert.equal(await view.page.locator('#number-lrRatio').inputValue(), '1');
});

test('by keyboard alone: arrow keys on a handle, a number in a field, a field that is emptied', async () => {
  const host = new PlanHost();
  const view = await opened(host);
  await screen.tabTo('[data-handle=end-0]');
  await view.page.keyboard.press('ArrowRight');
  await view.post();
  assert.equal(host.value.training.epochs, 21);
  assert.equal(await view.page.locator('[data-handle=end-0]').getAttribute('aria-valuetext'), '21 epochs');
  await screen.tabTo('#number-lrRatio');
  await view.page.keyboard.press('ControlOrMeta+A');
  await view.page.keyboard.type('2');
  // A drawing meanwhile does not take away what is being typed.
  await view.post({ type: 'document', document: host.document() });
  assert.equal(await view.page.locator('#number-lrRatio').inputValue(), '2');
  await view.page.keyboard.press('Tab');
  await view.post();
  assert.deepEqual(host.value.method.cycle, { lrRatio: 2, epochRatio: 1 });
  const seed = view.page.locator('[id="field-seed"]');
  await seed.fill('');
  await seed.press('Tab');
  await view.post();
  assert.equal(host.value.seed, undefined);
  assert.equal(await seed.getAttribute('placeholder'), '0');
});

test('another method keeps what fits it, in one edit', async () => {
  const host = new PlanHost();
  const view = await opened(host);
  await view.page.locator('[id="field-method.kind"]').selectOption('local-de');
  await view.post();
  assert.deepEqual(host.value.method, { kind: 'local-de', members: 5 });
  assert.equal(host.edits.length, 1);
  assert.equal(await view.page.locator('[data-handle]').count(), 2);
});

test('costs come with their units, and a peak with its ratio', async () => {
  const host = new PlanHost();
  host.estimate = ESTIMATE;
  const view = await opened(host);
  // 1.8 + 20 x 0.388 + 1.1 s of member 1, then two rounds of two: 1.8 + 2 x (20 x 0.625 + 1.1) s.
  const facts = await view.page.locator('.cost dd').allTextContents();
  assert.deepEqual(facts.map((fact) => fact.replaceAll(/\s+/g, ' ').trim()), [
    '100 epochs 1,600 steps',
    '40 epochs arms side by side',
    'about 40 s 0.4 s an epoch, 2 side by side, TensorFlow on CPU, 40 steps timed',
    '5 snapshots of 315 kB 76.9 GB free',
    'soup 1 forward pass, ensemble 5',
  ]);
  assert.equal(await view.page.locator('[data-handle=peak-1]').getAttribute('aria-valuetext'), '0.1 (× 1)');
});

test('broken text is said to be so and never written to', async () => {
  const view = await opened(new PlanHost('{\n  "name": \n'));
  assert.match((await view.page.getByRole('alert').textContent()) ?? '', /not valid JSON: line 3/);
  await view.page.locator('.as-text').click();
  await view.post();
  assert.deepEqual(view.sent.at(-1), { type: 'ask', id: 1, question: { kind: 'text' } });
  assert.ok(view.sent.every(({ type }) => type !== 'edit'));
});

test('in Restricted Mode plans are edited and nothing is started; texts are Chinese; open sections come back', async () => {
  const host = new PlanHost();
  host.trusted = false;
  const texts = JSON.parse(readFileSync('l10n/bundle.l10n.zh-cn.json', 'utf8')) as Record<string, string>;
  const view = await opened(host, { language: 'zh-cn' }, texts);
  assert.equal(await view.page.locator('.start[disabled], .estimate[disabled], .check[disabled]').count(), 3);
  assert.match((await view.page.locator('.rates h2').textContent()) ?? '', /学习率/);
  assert.match((await view.page.locator('[data-section=model] .about').first().textContent()) ?? '', /内置网络/);
  await view.page.locator('[data-section=compute] summary').click();
  await view.reload();
  await view.post(host.snapshot(texts));
  assert.equal(await view.page.locator('[data-section=compute][open]').count(), 1);
});

for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
  test(`nothing that axe knows is wrong for people with disabilities, and nothing sticks out (${theme})`, async () => {
    const host = new PlanHost();
    host.estimate = ESTIMATE;
    host.issues = [{ path: ['training', 'batchSize'], severity: 'error', message: 'a batch of one image' }, { path: ['model', 'checkpoint'], severity: 'warning', message: 'gone' }];
    const view = await opened(host, { theme, width: { dark: 500, light: 320, 'high-contrast': 1400, 'high-contrast-light': 700 }[theme] });
    for (const section of ['augmentation', 'training', 'evaluation', 'compute']) await view.page.locator(`[data-section=${section}] summary`).click();
    await view.post();
    assert.deepEqual(await screen.axeFindings(), []);
    await screen.nothingSticksOut({ dark: 500, light: 320, 'high-contrast': 1400, 'high-contrast-light': 700 }[theme]);
    await view.page.getByRole('button', { name: 'Learning rate as a table' }).click();
    await view.post();
    assert.equal(await view.page.locator('.rates tbody tr').count(), 5);
  });
}
