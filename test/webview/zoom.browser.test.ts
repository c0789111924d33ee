/** Zoom, pan, clipping, files and logs of the built dashboard in Chromium. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ToHost } from '../../src/protocol/messages.ts';
import { finished, Screen } from './harness/screen.ts';
import { LOG_LINES, machineMoments, SimulatedRun } from './harness/simulated-run.ts';

const screen = new Screen();

/** What the view posted last of a kind. */
function last<K extends ToHost['type']>(type: K): Extract<ToHost, { type: K }> | undefined {
  return screen.view.sent.findLast((message): message is Extract<ToHost, { type: K }> => message.type === type);
}
const shownEpochs = async (): Promise<string> => (await screen.view.page.locator('.shown-epochs').textContent()) ?? '';
/** A frame, and the time after which rows are asked for. */
const rest = async (): Promise<void> => {
  await screen.view.page.waitForTimeout(150);
  await screen.view.post();
};

test('zoom and pan by mouse (drag, wheel, Shift, double click), by keyboard and by buttons, in all charts alike; a reload keeps the range', async () => {
  const view = await screen.open();
  await view.post(finished().snapshot());
  const { mouse, keyboard } = view.page;
  await view.page.locator('.plot-loss canvas').scrollIntoViewIfNeeded();
  const box = (await view.page.locator('.plot-loss canvas').boundingBox())!;
  const [y, at] = [box.y + box.height / 2, (share: number) => box.x + 58 + share * (box.width - 68)];
  await mouse.move(at(0.5), y);
  await mouse.down();
  await mouse.move(at(0.6), y);
  assert.equal(await view.page.locator('.plot-loss .selection:not([hidden])').count(), 1);
  await mouse.move(at(2 / 3), y);
  await mouse.up();
  await rest();
  assert.match(await shownEpochs(), /^Epochs 1[45]\.\d to (19|20)\.\d$/);
  assert.equal(await view.page.locator('.selection:not([hidden])').count(), 0);
  for (const chart of ['loss', 'validation', 'rate']) assert.match((await view.page.locator(`.plot-${chart} .plot-frame`).getAttribute('aria-valuemin')) ?? '', /^1[45]\.\d/, chart);
  const asked = last('detail');
  assert.deepEqual(asked?.ranges.map(({ member }) => member), ['member-1', 'member-2', 'member-3', 'member-4', 'member-5']);
  assert.ok(asked.ranges[0].from > 150 && asked.ranges[0].to === 320, JSON.stringify(asked.ranges[0]));
  await keyboard.down('Shift');
  await mouse.down();
  await mouse.move(at(0.9), y, { steps: 3 });
  await mouse.up();
  await keyboard.up('Shift');
  await rest();
  assert.match(await shownEpochs(), /^Epochs 1[34]\.\d to 1[89]\.\d$/);
  await mouse.dblclick(at(0.5), y);
  await rest();
  assert.equal(await shownEpochs(), 'All epochs');
  await keyboard.down('Control');
  await mouse.wheel(0, -300);
  await keyboard.up('Control');
  await rest();
  assert.match(await shownEpochs(), /^Epochs/);
  // By keyboard: plus and minus, Shift and arrows, Escape; and the buttons.
  await mouse.move(1, 1);
  await screen.tabTo('.plot-loss .plot-frame');
  await keyboard.press('Escape');
  await rest();
  await keyboard.press('+');
  await rest();
  assert.equal(await shownEpochs(), 'Epochs 6.0 to 24.0');
  await keyboard.press('Shift+ArrowRight');
  await rest();
  assert.equal(await shownEpochs(), 'Epochs 9.6 to 27.6');
  await keyboard.press('End');
  await view.post();
  assert.match((await view.page.locator('.plot-loss .plot-frame').getAttribute('aria-valuetext')) ?? '', /^Epoch 27\.6, Member 2/);
  await keyboard.press('Escape');
  await rest();
  assert.equal(await shownEpochs(), 'All epochs');
  await view.page.locator('.zoom-bar button[aria-label="Zoom in"]').focus();
  await keyboard.press('Enter');
  await rest();
  assert.equal(await shownEpochs(), 'Epochs 7.5 to 22.5');
  await view.reload();
  await view.post(finished().snapshot());
  await rest();
  assert.equal(await shownEpochs(), 'Epochs 7.5 to 22.5');
  assert.equal(last('detail')?.ranges[0].from, 1);
});

test('rows that come for a zoom are drawn', async () => {
  const run = new SimulatedRun();
  run.advance(160);
  const view = await screen.open();
  const [coarse, fine] = [[...run.rows.get('member-1')!].filter(({ step }) => step === 1 || step === 160), run.rows.get('member-1')!];
  await view.post({ ...(run.snapshot() as Extract<ReturnType<SimulatedRun['snapshot']>, { type: 'snapshot' }>), rows: [{ member: 'member-1', rows: coarse }] });
  await screen.tabTo('.plot-loss .plot-frame');
  await view.page.keyboard.press('+');
  await rest();
  const before = await screen.pixels('loss', 0);
  const { id } = last('detail')!;
  await view.post({ type: 'detail', id, members: [{ member: 'member-1', from: 1, to: 160, rows: fine }] });
  const after = await screen.pixels('loss', 0);
  assert.notEqual(after, before);
});

test('a chart is saved as PNG, SVG and CSV, with what is on show; outliers are clipped on request, and marked', async () => {
  const view = await screen.open();
  await view.post(finished().snapshot());
  const save = async (chart: string, format: string): Promise<Extract<ToHost, { type: 'save' }>['file']> => {
    await view.page.locator(`.plot-${chart} .export summary`).click();
    await view.page.locator(`.plot-${chart} .export .menu button`, { hasText: format }).click();
    await view.post();
    return last('save')!.file;
  };
  const png = await save('loss', 'PNG');
  assert.equal(png.name, 'loss');
  const bytes = Buffer.from(png.text, 'base64');
  assert.equal(bytes.toString('latin1', 1, 4), 'PNG');
  assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [2400, 1280]);
  const svg = await save('rate', 'SVG');
  assert.match(svg.text, /^<svg xmlns=.*width="1200"/);
  assert.match(svg.text, /<title>Fashion-MNIST, 1,000 labels: Learning rate<\/title>/);
  assert.ok((svg.text.match(/<path d="M[\d .L-]+" stroke="#/g) ?? []).length >= 5, 'a line a member');
  assert.match(svg.text, />Members 2–5<\/text>/);
  assert.equal(await view.page.evaluate<string>(`new DOMParser().parseFromString(${JSON.stringify(svg.text)}, 'image/svg+xml').documentElement.nodeName`), 'svg');
  const csv = (await save('validation', 'CSV')).text.trim().split('\n');
  assert.equal(csv[0], 'member,epoch,validation_accuracy');
  assert.equal(csv.length, 1 + 20 + 4 * 10);
  assert.match(csv[1], /^member-1,1,0\.\d{5,}$/);
  assert.equal(await view.page.locator('.export[open]').count(), 0);
  // Outliers are clipped on request, and marked.
  const run = finished();
  run.rows.get('member-1')!.forEach((row) => row.kind === 'step' && row.step === 200 && (row.loss = 400));
  await view.post(run.snapshot());
  const before = await screen.pixels('loss', 1);
  await view.page.getByRole('button', { name: 'Clip outliers' }).click();
  await view.post();
  assert.ok((await screen.pixels('loss', 1)) > 1.5 * before, 'the other curves have room');
  assert.match((await view.page.locator('.plot-loss .plot-frame').getAttribute('aria-description')) ?? '', /^\d+ points lie outside/);
  await view.page.getByRole('button', { name: 'Learning rate: Log scale' }).click();
  await view.post();
  assert.equal(await view.page.getByRole('button', { name: 'Learning rate: Log scale' }).getAttribute('aria-pressed'), 'true');
});

test('the log of the supervisor or a member is followed and opened; the machine is a strip and a table', async () => {
  const run = new SimulatedRun();
  run.advance(400);
  const view = await screen.open();
  await view.post(run.snapshot(), ...machineMoments());
  await view.page.getByRole('button', { name: 'Log', exact: true }).click();
  await view.post();
  assert.deepEqual(last('log'), { type: 'log', log: 'supervisor' });
  await view.post({ type: 'log', log: 'supervisor', lines: Array.from({ length: 40 }, (_, index) => `line ${index}`), restarted: true }, { type: 'log', log: 'supervisor', lines: LOG_LINES, restarted: false });
  assert.equal(await view.page.locator('.log-lines div').count(), 45);
  assert.ok(await view.page.evaluate('(() => { const log = document.querySelector(".log-lines"); return log.scrollTop > 0 && log.scrollHeight - log.scrollTop - log.clientHeight < 2; })()'), 'its end is in sight');
  await view.page.locator('select.which').selectOption('member-2');
  await view.page.getByRole('button', { name: 'Open file' }).click();
  await view.post();
  assert.deepEqual([last('log'), last('open-log')], [{ type: 'log', log: 'member-2' }, { type: 'open-log', log: 'member-2' }]);
  assert.equal(await view.page.locator('.machine .sparkline').count(), 4);
  assert.match((await view.page.locator('.machine').textContent()) ?? '', /NVIDIA L4\s+\d\d%\s+5\.1 GB of 24\.0 GB used/);
  await view.page.getByRole('button', { name: 'This machine as a table' }).click();
  await view.post();
  assert.equal(await view.page.locator('.machine tbody tr').count(), 2);
  await view.post({ type: 'log', log: 'member-2', lines: ['a'], restarted: true });
  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
    await view.setTheme(theme);
    assert.deepEqual(await screen.axeFindings(), [], theme);
  }
  await view.page.setViewportSize({ width: 500, height: 900 });
  await view.post();
  await screen.nothingSticksOut(500);
});
