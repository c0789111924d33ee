import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import chinese from '../../l10n/bundle.l10n.zh-cn.json' with { type: 'json' };
import { addWays, BASIN, measured, nothing, PLANES, pointsOf, RANDOM, SIMPLEX, withBarriers } from './harness/landscape.ts';
import { finished, Screen } from './harness/screen.ts';
import { SimulatedRun } from './harness/simulated-run.ts';

const screen = new Screen();
const plane = PLANES[1];
const growing = { ...plane, points: [], isWhole: false };
const wild = withBarriers({ 'member-1 member-4': 0.03, 'member-1 member-5': 0.2 });
const text = async (selector: string): Promise<string> => ((await screen.view.page.locator(selector).textContent()) ?? '').replace(/\s+/g, ' ').trim();

describe('the basin', () => {
  test('before anything is measured it says what that is and costs, and one button asks or says why not; verdicts come line by line', async () => {
    const run = finished();
    const view = await screen.open();
    await view.post(new SimulatedRun().snapshot(), nothing());
    assert.match(await text('.no-basin .ask'), /Two members must be done first/);
    await view.post(run.snapshot(), nothing({ isTrusted: false, problems: [{ code: 'file-invalid', message: 'basin.json: not valid JSON' }] }));
    assert.match(await text('.no-basin .ask'), /not trusted/);
    assert.equal(await view.page.locator('.measure-basin').getAttribute('disabled'), '');
    assert.match(await text('.landscape [role=alert]'), /basin\.json: not valid JSON/);
    await view.post(nothing());
    assert.match(await text('.no-basin'), /no barrier lies between them.*141 points on the lines, about \d/);
    await view.page.locator('.measure-basin').click();
    await view.post();
    assert.deepEqual(await screen.questions(), [{ type: 'ask', id: 1, question: { kind: 'basin' } }]);
    await view.post({ type: 'progress', id: 1, fraction: 0.1, message: 'From member-1 to member-2: point 3 of 11' });
    assert.match(await text('.landscape .task'), /The basin.*point 3 of 11 · 10%/);
    await view.post({ type: 'analyses', isAll: false, changed: { basin: { ...wild, lines: wild.lines.slice(0, 3) } }, points: [] });
    assert.equal(await view.page.locator('.overview .verdict').count(), 3);
    assert.match(await text('.overview .sentence'), /2 of 4 members are in the basin of member 1\. 3 of 15 lines are measured\./);
    assert.equal(await view.page.locator('.star .relation').count(), 3);
    await view.page.locator('.landscape .task .cancel').click();
    await view.post();
    assert.deepEqual(view.sent.at(-1), { type: 'cancel', id: 1 });
  });

  test('another threshold is another verdict, in the list, the star and the matrix, and it is kept; a cell of the matrix under the focus chooses the line', async () => {
    const run = finished();
    const view = await screen.open();
    await view.post(run.snapshot(), measured({ basin: wild }));
    const verdicts = async (): Promise<(string | null)[]> => (await view.page.locator('.overview .verdict').allTextContents()).map((each) => each.trim());
    assert.deepEqual(await verdicts(), ['inside', 'inside', 'border', 'outside']);
    await view.page.locator('input.threshold').first().fill('25');
    await view.page.locator('input.threshold').nth(1).fill('2');
    await view.page.keyboard.press('Tab');
    await view.post();
    assert.deepEqual(await verdicts(), ['inside', 'inside', 'inside', 'inside']);
    assert.equal(await view.page.locator('.star .relation .is-inside').count(), 4);
    await view.reload();
    await view.post(run.snapshot(), measured({ basin: wild }));
    assert.equal(await view.page.locator('input.threshold').first().inputValue(), '25');
    // By keyboard through the matrix: each cell tells its pair, and the line below is that of the pair.
    await view.page.locator('.barriers td[tabindex="0"]').focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowDown']) await view.page.keyboard.press(key);
    await view.post();
    const label = await view.page.evaluate<string>('document.activeElement.getAttribute("aria-label")');
    assert.match(label, /^Member 2 and Member 5, 0\.1 points, inside$/);
    assert.match((await view.page.locator('.line-view .xy-frame').getAttribute('aria-label')) ?? '', /Error along the line between Member 2 and Member 5/);
    await view.page.locator('.line-view .xy-frame').focus();
    await view.page.keyboard.press('ArrowRight');
    await view.post();
    assert.match((await view.page.locator('.line-view .xy-frame').getAttribute('aria-valuetext')) ?? '', /0\.0, .*test images 16\.\d%/);
    await view.page.getByRole('button', { name: 'Barriers as a table' }).click();
    await view.post();
    assert.equal(await view.page.locator('.barriers tbody tr').count(), 15);
  });
});

describe('the plane', () => {
  test('says what it costs, fills in from coarse to fine, pauses and goes on; other networks are another order', async () => {
    const view = await screen.open();
    await view.post(finished().snapshot(), nothing({ basin: BASIN }));
    assert.match(await text('.plane .budget'), /^289 grid points, about \d/);
    await view.page.locator('.measure-surface').click();
    const question = { kind: 'plane', surface: { kind: 'plane', networks: ['member-1', 'member-2', 'member-3'], size: 17 } };
    assert.deepEqual((await screen.questions()).at(-1), { type: 'ask', id: 1, question });
    await view.post({ type: 'analyses', isAll: false, changed: { planes: [growing], busy: [`plane-${plane.key}`] }, points: [] }, pointsOf(plane, 0, 12));
    assert.deepEqual([await view.page.locator('.relief .cell').count(), await view.page.locator('.relief .contour').count()], [12, 0]);
    await view.post(pointsOf(plane, 12, 40));
    assert.equal(await view.page.locator('.relief .cell').count(), 0);
    assert.ok((await view.page.locator('.relief .contour').count()) >= 10);
    assert.equal(await view.page.locator('.relief .measured').count(), 40);
    assert.match(await text('.plane .budget'), /^40 of 289 grid points, about/);
    assert.equal(await view.page.locator('.relief .corner:not(.seen)').count(), 3);
    await view.page.locator('.plane .task .cancel').click();
    await view.post({ type: 'answer', id: 1, result: null, error: { code: 'cancelled', message: 'The task plane was cancelled' } }, { type: 'analyses', isAll: false, changed: { busy: [] }, points: [] });
    assert.match(await text('.measure-surface'), /Resume/);
    await view.page.locator('.measure-surface').click();
    await view.post();
    assert.deepEqual((await screen.questions()).at(-1), { type: 'ask', id: 2, question });
    await view.post(pointsOf(plane, 40, 289), { type: 'answer', id: 2, result: { kind: 'done' }, error: null });
    assert.match(await text('.plane .budget'), /^289 grid points measured$/);
    // Of other networks is another order, and a terminal that measures is told.
    await view.post(finished().snapshot(), nothing({ planes: [growing], busy: [`plane-${plane.key}`] }));
    assert.match(await text('.plane .order'), /A terminal or another window is measuring it/);
    await view.page.locator('.plane select').nth(2).selectOption('pretrained');
    await view.page.locator('.plane select').nth(3).selectOption('9');
    await view.post();
    await view.page.locator('.measure-surface').click();
    await view.post();
    assert.deepEqual((await screen.questions()).at(-1), { type: 'ask', id: 3, question: { kind: 'plane', surface: { kind: 'plane', networks: ['member-1', 'member-2', 'pretrained'], size: 9 } } });
  });
});

describe('the other surfaces', () => {
  test('random directions: centre, seed and reach are chosen by keyboard, the cost is told first; it fills in, and another seed is another surface', async () => {
    const view = await screen.open();
    await view.post(finished().snapshot(), nothing({ basin: BASIN }));
    await view.page.getByRole('button', { name: 'Random directions' }).focus();
    await view.page.keyboard.press('Enter');
    await view.post();
    assert.match(await text('.plane h3'), /^Two random directions from a network$/);
    assert.match(await text('.plane .budget'), /^289 grid points, about \d/);
    assert.deepEqual(await view.page.locator('.plane select').first().locator('option').allTextContents(), ['Member 1', 'Member 2', 'Member 3', 'Member 4', 'Member 5', 'soup-uniform-1']);
    await view.page.locator('.plane .seed input').fill('7');
    await view.page.keyboard.press('Tab');
    await view.page.locator('.plane select').nth(1).selectOption('0.5');
    await view.page.locator('.plane select').nth(2).selectOption('9');
    await view.post();
    await view.page.locator('.measure-surface').click();
    await view.post();
    assert.deepEqual((await screen.questions()).at(-1), { type: 'ask', id: 1, question: { kind: 'plane', surface: { kind: 'random', networks: ['member-1'], size: 9, reach: 0.5, seed: 7 } } });
    await view.post({ type: 'answer', id: 1, result: null, error: { code: 'cancelled', message: 'The task plane was cancelled' } });
    await view.page.locator('.plane .seed input').fill('0');
    await view.page.keyboard.press('Tab');
    await view.page.locator('.plane select').nth(1).selectOption('1');
    await view.page.locator('.plane select').nth(2).selectOption('17');
    await view.post({ type: 'analyses', isAll: false, changed: { planes: [{ ...RANDOM, points: [] }] }, points: [] }, pointsOf(RANDOM, 0, 100));
    assert.match(await text('.plane .budget'), /^100 of 289 grid points, about/);
    assert.match(await text('.measure-surface'), /Resume/);
    assert.deepEqual([await view.page.locator('.relief .corner').count(), await view.page.locator('.relief .measured').count(), await view.page.locator('.relief .ways').count()], [1, 100, 0]);
    await view.page.locator('.plane .seed input').fill('8');
    await view.page.keyboard.press('Tab');
    await view.post();
    assert.equal(await view.page.locator('.relief').count(), 0);
    assert.match(await text('.plane .budget'), /^289 grid points, about/);
    await view.reload();
    await view.post(finished().snapshot(), nothing({ basin: BASIN }));
    assert.equal(await view.page.locator('.plane .seed input').inputValue(), '8');
  });

  test('a simplex is a triangle of three networks that fills in, with its shares in the table', async () => {
    const view = await screen.open({ saved: { toggles: { landscape: { surface: 'simplex' } } } });
    await view.post(finished().snapshot(), nothing({ basin: BASIN }));
    assert.match(await text('.plane .budget'), /^45 grid points, about \d/);
    await view.page.locator('.measure-surface').click();
    await view.post({ type: 'analyses', isAll: false, changed: { planes: [{ ...SIMPLEX, points: [] }] }, points: [] }, pointsOf(SIMPLEX, 0, 9));
    assert.deepEqual((await screen.questions()).at(-1), { type: 'ask', id: 1, question: { kind: 'plane', surface: { kind: 'simplex', networks: ['member-1', 'member-2', 'member-3'], size: 8 } } });
    assert.deepEqual([await view.page.locator('.relief .cell').count(), await view.page.locator('.relief .contour').count()], [9, 0]);
    await view.post(pointsOf(SIMPLEX, 9, 15));
    assert.ok((await view.page.locator('.relief .contour').count()) >= 10, 'the coarsest grid is whole');
    await view.post(pointsOf(SIMPLEX, 15, 45), { type: 'answer', id: 1, result: { kind: 'done' }, error: null });
    assert.match(await text('.plane .budget'), /^45 grid points measured$/);
    assert.equal(await view.page.locator('.relief .corner').count(), 3);
    await screen.nothingSticksOut(1400, '.plane :is(h3, p, button, vscode-button)');
    assert.deepEqual(await screen.axeFindings('.plane'), []);
    await view.page.getByRole('button', { name: 'The averages of three networks as a table' }).click();
    await view.post();
    assert.equal(await view.page.locator('.plane tbody tr').count(), 45);
    assert.match(await text('.plane tbody tr:first-child'), /^100\.0% ?0\.0% ?0\.0% ?\d/);
    assert.match(await text('.plane tbody tr:last-child'), /^0\.0% ?0\.0% ?100\.0% ?\d/);
  });
});

test('in Chinese nothing of the landscape is left in English, axe finds nothing serious in four themes, and nothing sticks out at 1400 and 500 px', async () => {
  const run = finished();
  addWays(run);
  const view = await screen.open({ language: 'zh-cn', width: 1400 });
  await view.post(run.snapshot([], chinese), measured({ basin: wild }));
  for (const kind of ['随机方向', '单纯形', '平面']) {
    await view.page.locator('.plane').getByRole('button', { name: kind, exact: true }).click();
    await view.post();
    const english = (await text('.landscape')).replaceAll(/soup-uniform-1|NLL|ECE|Brier|nats?/g, '').match(/[A-Za-z]{3,}/g);
    assert.equal(english, null, kind);
  }
  await screen.nothingSticksOut(1400);
  await view.page.setViewportSize({ width: 500, height: 900 });
  await view.post();
  await screen.nothingSticksOut(500, '.landscape :is(h2, h3, p, button, vscode-button)');
  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
    await view.setTheme(theme);
    assert.deepEqual(await screen.axeFindings('.landscape'), [], theme);
  }
});
