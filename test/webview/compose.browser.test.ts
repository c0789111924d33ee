/** The built Compose in Chromium, under the content policy of the extension's page. The test plays the host. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RUNS_MIME, type ComposeQuestion, type ToComposeHost, type ToComposeView } from '../../src/protocol/compose-messages.ts';
import { composeState, detailOf, gated, line, snapshot, tries } from './harness/compose-state.ts';
import { PanelScreen } from './harness/panel-screen.ts';

const screen = new PanelScreen<ToComposeHost, ToComposeView>('compose');
const state = composeState();

async function asked(): Promise<ComposeQuestion[]> {
  await screen.view.post();
  return screen.view.sent.flatMap((message) => (message.type === 'ask' ? [message.question] : []));
}

/** The gate has nothing to look at by itself, so that questions are those of the test. */
const quiet = composeState({ changes: { table: { ...state.table!, rows: state.table!.rows.map((row) => ({ ...row, macs: 1e10 })) } } });

test('by keyboard alone: leave a member out, greedy soup, steps as they are taken, the row that grows, undo', async () => {
  const view = await screen.open();
  await view.post(snapshot(quiet));
  await screen.tabTo('.member[data-member=member-5] vscode-checkbox');
  await view.page.keyboard.press('Space');
  await view.post();
  await screen.tabTo('.make-it');
  await view.page.keyboard.press('Enter');
  const [soup] = await asked();
  assert.deepEqual(soup.kind === 'soup' && [soup.rule, soup.members.map(({ name }) => name), soup.settings], ['greedy', ['member-1', 'member-2', 'member-3', 'member-4'], {}]);
  for (const member of gated().slice(0, 2)) await view.post({ type: 'progress', id: 1, fraction: 0.2, message: 'Looking for a barrier', step: { kind: 'gate', member } });
  assert.match((await view.page.locator('.member[data-member=member-1] .gate').textContent()) ?? '', /inside\s+barrier 0\.021/);
  assert.match((await view.page.locator('.member[data-member=member-2] .gate').textContent()) ?? '', /looking/);
  for (const [place, step] of tries().entries()) {
    await view.post({ type: 'progress', id: 1, fraction: 0.4, message: 'Tried', step });
    assert.equal(await view.page.locator('.tries li').count(), place + 1);
  }
  assert.equal(await view.page.locator('.tries .taken').count(), 3);
  assert.equal(await view.page.locator('.make-it').getAttribute('disabled'), '');
  const before = await view.page.locator('.result-table tbody tr').count();
  const after = composeState({ extra: [{ kind: 'soup', members: ['member-1', 'member-3', 'member-4'], name: 'soup-greedy-1' }] });
  await view.post({ type: 'state', state: after }, { type: 'answer', id: 1, result: { kind: 'made', added: 'soup-greedy-1', isNew: true, looked: null, detail: detailOf('soup-greedy-1') }, error: null });
  assert.equal(await view.page.locator('.result-table tbody tr').count(), before + 1);
  assert.match((await view.page.locator('tr.added').textContent()) ?? '', /Soup of members 1, 3, 4\s+new/);
  assert.match((await view.page.locator('.detail').textContent()) ?? '', /selected by accuracy on 1,000 validation images\. Test images chose nothing\./);
  assert.match((await view.page.locator('[aria-live=polite]').textContent()) ?? '', /^The soup of members 1, 3, 4/);
  await screen.tabTo('tr.added .undo');
  await view.page.keyboard.press('Enter');
  await view.post();
  assert.deepEqual((await asked()).at(-1), { kind: 'undo', name: 'soup-greedy-1' });
  await view.post({ type: 'state', state: quiet }, { type: 'answer', id: 2, result: { kind: 'undone', name: 'soup-greedy-1' }, error: null });
  assert.equal(await view.page.locator('.result-table tbody tr').count(), before);
  assert.match((await view.page.locator('.notice').textContent()) ?? '', /soup-greedy-1 was deleted/);
});

test('the gate looks by itself when the choice has rested, and is cancelled with a click', async () => {
  const view = await screen.open();
  await view.post(snapshot(state));
  await view.page.locator('.task').waitFor();
  const [gate] = await asked();
  assert.deepEqual([gate.kind, gate.kind === 'gate' && gate.members.length], ['gate', 5]);
  await view.page.locator('.task .cancel').click();
  await view.post();
  assert.deepEqual(view.sent.at(-1), { type: 'cancel', id: 1 });
});

test('the slider of WiSE-FT by keyboard, over the measured line; the best is one button away', async () => {
  const view = await screen.open();
  await view.post(snapshot(quiet));
  await view.page.locator('input[value=wise-ft]').check();
  await view.page.locator('.look').click();
  const [look] = await asked();
  assert.deepEqual(look.kind === 'gate' && [look.rule, look.settings], ['wise-ft', {}]);
  for (const step of line()) await view.post({ type: 'progress', id: 1, fraction: 0.4, message: '', step });
  assert.equal(await view.page.locator('.wise .xy-line circle').count(), 11);
  await view.page.locator('.alpha').focus();
  await view.page.keyboard.press('Home');
  await view.page.keyboard.press('ArrowRight');
  await view.post();
  assert.match((await view.page.locator('.wise output').textContent()) ?? '', /0\.05/);
  await view.page.locator('.make-it').click();
  const soup = (await asked()).at(-1)!;
  assert.deepEqual(soup.kind === 'soup' && soup.settings, { alpha: 0.05 });
  await view.page.locator('.best-alpha').click();
  await view.post();
  assert.match((await view.page.locator('.wise output').textContent()) ?? '', /the best on validation images/);
  await view.page.locator('.wise summary').click();
  await view.post();
  assert.equal(await view.page.locator('.wise tbody tr').count(), 11);
});

test('other networks are refused by name, their predictions are not; a refusal of the host is shown; nothing starts without trust', async () => {
  const view = await screen.open();
  const foreign = composeState({ foreign: true });
  await view.post({ ...snapshot(foreign), choose: [foreign.runs[0], foreign.runs[1]].map(({ view: { folder } }) => ({ run: folder, name: 'member-1' })) } as ToComposeView);
  assert.match((await view.page.locator('.refusal').textContent()) ?? '', /different networks: conv1\.weight/);
  assert.equal(await view.page.locator('.make-it').getAttribute('disabled'), '');
  assert.match((await view.page.locator('[data-member="20260601-080000-wide/member-1"] .gate').textContent()) ?? '', /other network/);
  await view.page.locator('input[value=ensemble]').check();
  await view.page.locator('input[value=greedy]').check();
  await view.page.locator('.make-it').click();
  await view.post();
  assert.deepEqual((await asked()).at(-1), { kind: 'ensemble', members: foreign.runs.map(({ view: { folder } }) => ({ run: folder, name: 'member-1' })), mean: 'probability', weights: null, select: 'greedy' });
  await view.post({ type: 'answer', id: 1, result: null, error: { code: 'mismatch', message: 'The labels differ.', hint: 'Choose others.' } });
  assert.match((await view.page.getByRole('alert').textContent()) ?? '', /The labels differ\.\s+Choose others\./);
  await view.reload();
  assert.equal(await view.page.evaluate('acquireVsCodeApi().getState().choice.averaging'), 'greedy');
  await view.post(snapshot(composeState({ changes: { trusted: false } })));
  for (const button of ['.best-soup', '.best-ensemble', '.make-it', '.report']) assert.equal(await view.page.locator(button).getAttribute('disabled'), '', button);
});

test('an ensemble shows its size curve; export, distil, report and the two best are one click each', async () => {
  const view = await screen.open();
  await view.post(snapshot(quiet));
  await view.page.locator('tr[data-row=ensemble-1] .open').click();
  await view.post();
  assert.deepEqual((await asked()).at(-1), { kind: 'detail', name: 'ensemble-1' });
  await view.post({ type: 'answer', id: 1, result: { kind: 'detail', detail: detailOf('ensemble-1') }, error: null });
  assert.equal(await view.page.locator('.size .xy-line circle').count(), 5);
  assert.equal(await view.page.locator('.reliability rect.xy-band').count(), 12);
  for (const button of ['.export-tfjs', '.distil', '.report', '.best-soup', '.dashboard']) await view.page.locator(button).click();
  await view.post();
  assert.deepEqual((await asked()).slice(1), [
    { kind: 'export', name: 'ensemble-1', format: 'tfjs' }, { kind: 'distil', ensemble: 'ensemble-1' }, { kind: 'report' }, { kind: 'best', what: 'soup' }, { kind: 'dashboard' },
  ]);
  await view.post({ type: 'answer', id: 5, result: { kind: 'nothing', reason: 'best-member' }, error: null });
  assert.match((await view.page.locator('.notice').textContent()) ?? '', /No soup is better than the best member on validation images/);
});

test('what is dragged from the Runs view is taken where it is shown to be, and chosen beside what was; other things are not', async () => {
  const view = await screen.open();
  await view.post(snapshot(quiet));
  const drag = async (kind: string, type: string): Promise<boolean> =>
    await view.page.evaluate(`(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.setData(${JSON.stringify(type)}, '');
      return !document.querySelector('.choose').dispatchEvent(new DragEvent(${JSON.stringify(kind)}, { dataTransfer, bubbles: true, cancelable: true }));
    })()`);
  const receiving = async (): Promise<number> => await view.page.locator('.receiving .choose').count();
  assert.deepEqual([await drag('dragover', 'text/plain'), await receiving(), await drag('drop', 'text/plain')], [false, 0, false]);
  assert.deepEqual([await drag('dragover', RUNS_MIME), await receiving()], [true, 1]);
  await drag('dragleave', RUNS_MIME);
  assert.equal(await receiving(), 0);
  await drag('dragover', RUNS_MIME);
  assert.deepEqual([await drag('drop', RUNS_MIME), await receiving()], [true, 0]);
  await view.post();
  assert.deepEqual(view.sent.filter(({ type }) => type === 'drop').length, 1);
  const both = composeState({ foreign: true });
  await view.post({ type: 'state', state: both }, { type: 'choose', members: [{ run: both.runs[1].view.folder, name: 'member-2' }] });
  assert.equal(await view.page.locator('.member.chosen').count(), 6);
  await view.page.locator('legend button').click();
  await view.post({ type: 'state', state: quiet }, { type: 'state', state: both });
  assert.deepEqual([(await asked()).at(-1), await view.page.locator('.member.chosen').count()], [{ kind: 'remove-run', run: both.runs[1].view.folder }, 5]);
  await view.post({ type: 'choose', members: [{ run: both.runs[1].view.folder, name: 'member-2' }] });
  assert.match((await view.page.locator('[aria-live=polite]').textContent()) ?? '', /^6 of 8 chosen/);
});

const opened = async (): Promise<void> => {
  const after = composeState({ foreign: true, extra: [{ kind: 'ensemble', members: ['member-1', 'member-3'], name: 'ensemble-2' }] });
  await screen.view.post(
    { type: 'snapshot', state: after, choose: null, texts: {}, tasks: [{ id: 1, question: { kind: 'ensemble', members: [], mean: 'probability', weights: null, select: null }, fraction: 0.5, message: '' }, { id: 2, question: { kind: 'best', what: 'soup' }, fraction: null, message: '', steps: tries() }] },
    { type: 'answer', id: 1, result: { kind: 'made', added: 'ensemble-2', isNew: true, looked: null, detail: detailOf('ensemble-2') }, error: null },
  );
};

test('nothing that axe knows is wrong for people with disabilities, in four themes; nothing sticks out; Chinese', async () => {
  const view = await screen.open({ language: 'zh-cn' });
  await opened();
  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
    await view.setTheme(theme);
    assert.deepEqual(await screen.axeFindings(), [], theme);
  }
  await view.page.locator('input[value=wise-ft]').check();
  for (const width of [1400, 500, 320]) {
    await view.page.setViewportSize({ width, height: 900 });
    await view.post();
    await screen.nothingSticksOut(width);
  }
  await view.post(snapshot(state, [], { Recipe: '配方', 'Make soup': '制作权重汤' }));
  assert.equal(await view.page.locator('#recipe-title').textContent(), '配方');
  assert.match((await view.page.locator('.make-it').textContent()) ?? '', /制作权重汤/);
});
