/** The built dashboard in Chromium, under the content policy of the extension's page. The test plays the host. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { finished, Screen } from './harness/screen.ts';
import { resultTable, SimulatedRun } from './harness/simulated-run.ts';

const screen = new Screen();

describe('following a run', () => {
  test('says ready once, keeps the folder, and its curves grow as rows arrive', async () => {
    const run = new SimulatedRun();
    run.advance(32);
    const view = await screen.open();
    await view.post(run.snapshot());
    const sizes = [[await screen.pixels('loss', 0), await screen.pixels('validation', 0), await screen.pixels('rate', 0)]];
    for (let round = 0; round < 3; round++) {
      await view.post(...run.advance(64));
      sizes.push([await screen.pixels('loss', 0), await screen.pixels('validation', 0), await screen.pixels('rate', 0)]);
    }
    for (const chart of [0, 1, 2]) {
      const counts = sizes.map((size) => size[chart]);
      assert.ok(counts.every((count, round) => count > (counts[round - 1] ?? 0)), `chart ${chart}: ${counts}`);
    }
    assert.deepEqual(view.sent, [{ type: 'ready' }]);
    assert.equal(await view.page.evaluate('acquireVsCodeApi().getState().folder'), run.view.folder);
  });

  test('asks for a snapshot after a gap, and is right again', async () => {
    const run = new SimulatedRun();
    run.advance(32);
    const view = await screen.open();
    await view.post(run.snapshot());
    run.advance(16); // never posted
    await view.post(...run.advance(16));
    assert.deepEqual(view.sent, [{ type: 'ready' }, { type: 'ready' }]);
    await view.post(run.snapshot());
    await view.post(...run.advance(16));
    assert.equal(view.sent.length, 2);
    assert.match((await view.page.locator('.card').first().textContent()) ?? '', /epoch 5 of 20/);
  });

  test('the curves of members 2 to 5 begin where member 1 ends, and changes of state are announced', async () => {
    const run = new SimulatedRun();
    const view = await screen.open();
    await view.post(run.snapshot());
    assert.equal(await screen.pixels('validation', 1), 0);
    for (let epoch = 0; epoch < 24; epoch++) await view.post(...run.advance(16));
    assert.ok((await screen.pixels('validation', 1)) > 0);
    assert.match((await view.page.locator('.unseen[aria-live=polite]').textContent()) ?? '', /Member 1: Done\. Member 2: Running\./);
    assert.equal(await view.page.locator('.node.is-running').count(), 2);
  });

  test('hours of updates leave no more elements than minutes', async () => {
    const run = new SimulatedRun();
    run.advance(200);
    const view = await screen.open();
    await view.post(run.snapshot());
    const elements = (): Promise<number> => view.page.evaluate<number>('document.querySelectorAll("*").length');
    await view.post(run.run(), run.run());
    const few = await elements();
    for (let round = 0; round < 60; round++) await view.post(run.run());
    assert.equal(await elements(), few);
  });

  test('comes back with its toggles after having been hidden, and finds the task that goes on', async () => {
    const run = finished();
    const view = await screen.open();
    await view.post(run.snapshot());
    await view.page.locator('.chip').nth(2).click();
    await view.page.getByRole('button', { name: 'Learning rate as a table' }).click();
    await view.reload();
    const members = ['member-1', 'member-2'];
    await view.post(run.snapshot([{ id: 4, question: { kind: 'soup', members }, fraction: 0.5, message: 'Averaging' }]));
    assert.deepEqual(view.sent, [{ type: 'ready' }, { type: 'ready' }]);
    assert.equal(await view.page.locator('.chip').nth(2).getAttribute('aria-pressed'), 'false');
    assert.equal(await view.page.locator('.plot-rate table').count(), 1);
    assert.match((await view.page.locator('.task').textContent()) ?? '', /Soup of members 1, 2\s+Averaging 50%/);
    await view.page.locator('.task .cancel').click();
    await view.post();
    assert.deepEqual(view.sent.at(-1), { type: 'cancel', id: 4 });
  });
});

describe('soup and ensemble', () => {
  test('by keyboard alone: leave a member out, make a soup, read its row', async () => {
    const run = finished();
    const view = await screen.open();
    await view.post(run.snapshot());
    await screen.tabTo('vscode-checkbox[data-member=member-5]');
    await view.page.keyboard.press('Space');
    await view.post();
    await screen.tabTo('.make-soup');
    await view.page.keyboard.press('Enter');
    const members = ['member-1', 'member-2', 'member-3', 'member-4'];
    assert.deepEqual(await screen.questions(), [{ type: 'ask', id: 1, question: { kind: 'soup', members } }]);
    await view.post({ type: 'progress', id: 1, fraction: 0.25, message: 'Estimating statistics' });
    assert.match((await view.page.locator('.task').textContent()) ?? '', /Estimating statistics 25%/);
    assert.equal(await view.page.locator('.make-soup').getAttribute('disabled'), '');
    const before = await view.page.locator('.result-table tbody tr').count();
    const table = resultTable(run.view.members.map(({ member }) => member.name), [{ kind: 'soup', members, name: 'soup-uniform-2' }]);
    await view.post({ type: 'answer', id: 1, result: { kind: 'table', table, added: 'soup-uniform-2' }, error: null });
    assert.equal(await view.page.locator('.task').count(), 0);
    assert.equal(await view.page.locator('.result-table tbody tr').count(), before + 1);
    assert.match((await view.page.locator('tr.added').textContent()) ?? '', /Soup of members 1–4\s+new/);
    assert.match((await view.page.locator('.tile[data-row=soup-uniform-2]').textContent()) ?? '', /cannot be told apart from the best member/);
    assert.match((await view.page.locator('.unseen[aria-live=polite]').textContent()) ?? '', /^The soup of members 1–4/);
  });

  test('one click asks for an ensemble of all members that are done', async () => {
    const run = finished();
    const view = await screen.open();
    await view.post(run.snapshot());
    await view.page.locator('.make-ensemble').click();
    await view.post();
    assert.deepEqual(await screen.questions(), [{ type: 'ask', id: 1, question: { kind: 'ensemble', members: run.view.members.map(({ member }) => member.name) } }]);
  });

  test('a refusal is shown with its hint until it is dismissed', async () => {
    const view = await screen.open();
    await view.post(finished().snapshot());
    await view.page.locator('.make-soup').click();
    await view.post({ type: 'answer', id: 1, result: null, error: { code: 'mismatch', message: 'Shapes differ.', hint: 'Choose others.' } });
    assert.match((await view.page.getByRole('alert').textContent()) ?? '', /Shapes differ\.\s+Choose others\./);
    await view.page.getByRole('button', { name: 'Dismiss' }).click();
    await view.post();
    assert.equal(await view.page.getByRole('alert').count(), 0);
  });

  test('one click asks to retry the member that failed, and not those that failed with it', async () => {
    const run = new SimulatedRun();
    run.advance(200);
    for (const [index, code] of [[1, 'diverged'], [2, 'start-failed']] as const) {
      const { member, state } = run.view.members[index];
      Object.assign(state, { status: 'failed', error: { code, message: 'The loss is NaN.', hint: 'Lower the learning rate.' } });
      member.retries = index === 1 ? [{ learningRate: 0.4, reason: 'The loss was Infinity.' }] : [];
    }
    const view = await screen.open();
    await view.post(run.snapshot());
    assert.equal(await view.page.locator('.retry').count(), 1);
    assert.match((await view.page.locator('.card').nth(1).textContent()) ?? '', /Tried at learning rate 0\.4: The loss was Infinity\./);
    await view.page.locator('.retry').click();
    await view.post();
    assert.deepEqual(view.sent.at(-1), { type: 'ask', id: 1, question: { kind: 'retry', members: ['member-2'] } });
    assert.equal(await view.page.locator('.retry[disabled]').count(), 1);
  });

  test('nothing can be combined before two members are done', async () => {
    const run = new SimulatedRun();
    run.advance(320);
    const view = await screen.open();
    await view.post(run.snapshot());
    assert.equal(await view.page.locator('.make-soup').getAttribute('disabled'), '');
    assert.equal(await view.page.locator('vscode-checkbox[disabled]').count(), 4);
  });
});
