/** The built dashboard in Chromium, under the content policy of the extension's page. The test plays the host. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import type { ToHost } from '../../src/protocol/messages.ts';
import { launchChromium } from '../host/chromium.ts';
import { openDashboard, type OpenDashboard, type OpenOptions } from './harness/page.ts';
import { resultTable, SimulatedRun } from './harness/simulated-run.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let browser: Browser;
let view: OpenDashboard;

before(async () => {
  browser = await launchChromium();
});
after(() => browser.close());

async function open(options: OpenOptions = {}): Promise<OpenDashboard> {
  view = await openDashboard(browser, options);
  return view;
}

afterEach(async () => {
  assert.deepEqual(view.problems, [], 'errors of the page');
  assert.deepEqual(await view.violations(), [], 'violations of the content policy');
  await view.page.close();
});

/** Pixels of a chart in a member's colour. */
function pixels(chart: string, series: number): Promise<number> {
  return view.page.evaluate<number>(`(() => {
    const canvas = document.querySelector('.plot-${chart} canvas');
    const wanted = getComputedStyle(document.querySelector('#app')).getPropertyValue('--series-${series}').match(/\\w\\w/g).map((digits) => parseInt(digits, 16));
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 200 && wanted.every((value, channel) => Math.abs(data[i + channel] - value) < 24)) count++;
    return count;
  })()`);
}

/** What the view has asked; a frame is waited for, because its messages take a moment to arrive. */
async function questions(): Promise<ToHost[]> {
  await view.post();
  return view.sent.filter(({ type }) => type === 'ask');
}

/** Presses Tab until the element has the focus. */
async function tabTo(selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    if (await view.page.evaluate<boolean>(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
    await view.page.keyboard.press('Tab');
  }
  assert.fail(`Tab never reaches ${selector}`);
}

function finished(): SimulatedRun {
  const run = new SimulatedRun();
  run.finish();
  return run;
}

describe('following a run', () => {
  test('says ready once, keeps the folder, and its curves grow as rows arrive', async () => {
    const run = new SimulatedRun();
    run.advance(32);
    await open();
    await view.post(run.snapshot());
    const sizes = [[await pixels('loss', 0), await pixels('validation', 0), await pixels('rate', 0)]];
    for (let round = 0; round < 3; round++) {
      await view.post(...run.advance(64));
      sizes.push([await pixels('loss', 0), await pixels('validation', 0), await pixels('rate', 0)]);
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
    await open();
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
    await open();
    await view.post(run.snapshot());
    assert.equal(await pixels('validation', 1), 0);
    for (let epoch = 0; epoch < 24; epoch++) await view.post(...run.advance(16));
    assert.ok((await pixels('validation', 1)) > 0);
    assert.match((await view.page.locator('[aria-live=polite]').textContent()) ?? '', /Member 1: Done\. Member 2: Running\./);
    assert.equal(await view.page.locator('.node.is-running').count(), 2);
  });

  test('hours of updates leave no more elements than minutes', async () => {
    const run = new SimulatedRun();
    run.advance(200);
    await open();
    await view.post(run.snapshot());
    const elements = (): Promise<number> => view.page.evaluate<number>('document.querySelectorAll("*").length');
    await view.post(run.run(), run.run());
    const few = await elements();
    for (let round = 0; round < 60; round++) await view.post(run.run());
    assert.equal(await elements(), few);
  });

  test('comes back with its toggles after having been hidden, and finds the task that goes on', async () => {
    const run = finished();
    await open();
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
    await open();
    await view.post(run.snapshot());
    await tabTo('vscode-checkbox[data-member=member-5]');
    await view.page.keyboard.press('Space');
    await tabTo('.make-soup');
    await view.page.keyboard.press('Enter');
    const members = ['member-1', 'member-2', 'member-3', 'member-4'];
    assert.deepEqual(await questions(), [{ type: 'ask', id: 1, question: { kind: 'soup', members } }]);
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
    assert.match((await view.page.locator('[aria-live=polite]').textContent()) ?? '', /^The soup of members 1–4/);
  });

  test('one click asks for an ensemble of all members that are done', async () => {
    const run = finished();
    await open();
    await view.post(run.snapshot());
    await view.page.locator('.make-ensemble').click();
    assert.deepEqual(await questions(), [{ type: 'ask', id: 1, question: { kind: 'ensemble', members: run.view.members.map(({ member }) => member.name) } }]);
  });

  test('a refusal is shown with its hint until it is dismissed', async () => {
    await open();
    await view.post(finished().snapshot());
    await view.page.locator('.make-soup').click();
    await view.post({ type: 'answer', id: 1, result: null, error: { code: 'mismatch', message: 'Shapes differ.', hint: 'Choose others.' } });
    assert.match((await view.page.getByRole('alert').textContent()) ?? '', /Shapes differ\.\s+Choose others\./);
    await view.page.getByRole('button', { name: 'Dismiss' }).click();
    await view.post();
    assert.equal(await view.page.getByRole('alert').count(), 0);
  });

  test('nothing can be combined before two members are done', async () => {
    const run = new SimulatedRun();
    run.advance(320);
    await open();
    await view.post(run.snapshot());
    assert.equal(await view.page.locator('.make-soup').getAttribute('disabled'), '');
    assert.equal(await view.page.locator('vscode-checkbox[disabled]').count(), 4);
  });
});

describe('the rest of the keyboard, and looks', () => {
  test('stop, resume and reveal are asked for', async () => {
    const run = new SimulatedRun();
    run.advance(16);
    await open();
    await view.post(run.snapshot());
    await tabTo('.stop');
    await view.page.keyboard.press('Enter');
    await view.post({ type: 'answer', id: 1, result: { kind: 'done' }, error: null });
    assert.match((await view.page.locator('.notice').textContent()) ?? '', /Stop was requested/);
    run.end('stopped', 'stopped');
    await view.post(run.run());
    await tabTo('.resume');
    await view.page.keyboard.press('Space');
    await view.page.locator('.reveal').click();
    assert.deepEqual((await questions()).map((message) => message.type === 'ask' && message.question.kind), ['stop', 'resume', 'reveal']);
  });

  test('a node of the star pins its member; arrow keys read the charts; a chart turns into a table', async () => {
    await open();
    await view.post(finished().snapshot());
    const faint = await pixels('validation', 0);
    await tabTo('.node[data-member=member-3]');
    await view.page.keyboard.press('Enter');
    await view.post();
    assert.equal(await view.page.locator('.node[data-member=member-3]').getAttribute('aria-pressed'), 'true');
    assert.ok((await pixels('validation', 0)) < faint / 2, 'member 1 fades');
    await tabTo('.plot-validation .plot-frame');
    await view.page.keyboard.press('End');
    const words = (await view.page.locator('.plot-validation .plot-frame').getAttribute('aria-valuetext')) ?? '';
    assert.match(words, /^Epoch 30, Member 2 \d+\.\d+%, Member 3 .*Member 5 \d+\.\d+%$/);
    await view.page.getByRole('button', { name: 'Validation accuracy as a table' }).focus();
    await view.page.keyboard.press('Enter');
    await view.post();
    assert.equal(await view.page.locator('.plot-validation tbody tr').count(), 30);
    assert.match((await view.page.locator('.plot-validation tbody tr').last().textContent()) ?? '', /30\s+(\d\d\.\d\d%){4}/);
  });

  test('everything that takes the focus shows it', async () => {
    await open();
    await view.post(finished().snapshot());
    const seen = new Set<string>();
    for (let presses = 0; presses < 60; presses++) {
      await view.page.keyboard.press('Tab');
      const [name, visible] = await view.page.evaluate<[string, boolean]>(`(() => {
        const element = document.activeElement;
        if (element === document.body) return ['', true];
        const targets = [element, element.querySelector('.focus-ring'), ...(element.shadowRoot?.querySelectorAll('*') ?? [])].filter(Boolean).map((each) => getComputedStyle(each));
        const name = element.tagName + '.' + (element.getAttribute('class') ?? '');
        return [name, targets.some((style) => (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || (style.stroke !== 'none' && style.strokeWidth === '2px') || style.boxShadow !== 'none')];
      })()`);
      if (name === '') break;
      seen.add(name);
      assert.ok(visible, name);
    }
    assert.ok(seen.size > 8, [...seen].join(', '));
  });

  test('the charts take the colours of a new theme at once', async () => {
    await open({ theme: 'dark' });
    await view.post(finished().snapshot());
    const colour = (): Promise<string> => view.page.evaluate<string>('getComputedStyle(document.querySelector("#app")).getPropertyValue("--series-0")');
    const dark = await colour();
    await view.setTheme('high-contrast-light');
    assert.notEqual(await colour(), dark);
    assert.ok((await pixels('validation', 0)) > 100);
  });

  test('texts come in the language of the editor', async () => {
    await open({ language: 'zh-cn' });
    await view.post(finished().snapshot([], { Results: '结果', 'Soup of members {0}': '成员 {0} 的权重汤' }));
    assert.equal(await view.page.locator('#results-title').textContent(), '结果');
    assert.match((await view.page.locator('.result-table').textContent()) ?? '', /成员 1–5 的权重汤/);
  });

  test('motion stops for those who asked for that', async () => {
    const run = new SimulatedRun();
    run.advance(16);
    await open();
    await view.page.emulateMedia({ reducedMotion: 'reduce' });
    await view.post(run.snapshot());
    assert.deepEqual(await view.page.evaluate('[...document.querySelectorAll("#app *")].filter((element) => getComputedStyle(element).animationName !== "none").length'), 0);
  });

  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
    test(`nothing that axe knows is wrong for people with disabilities (${theme})`, async () => {
      const failed = new SimulatedRun();
      for (let i = 0; i < 36; i++) failed.advance(11);
      failed.end('failed', 'failed');
      failed.view.members[2].state.error = { code: 'diverged', message: 'The loss is not a number.', hint: 'Lower the learning rate.' };
      await open({ theme });
      await view.page.evaluate(AXE);
      for (const run of [finished(), failed]) {
        await view.post(run.snapshot());
        const violations = await view.page.evaluate<{ id: string; nodes: { html: string }[] }[]>('axe.run(document).then(({ violations }) => violations)');
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
      }
    });
  }

  for (const width of [320, 500, 700, 920, 1400, 2400]) {
    test(`nothing sticks out at ${width} px`, async () => {
      await open({ width });
      await view.post(finished().snapshot());
      assert.ok((await view.page.evaluate<number>('document.documentElement.scrollWidth')) <= width);
      const cut = await view.page.evaluate<string[]>(`[...document.querySelectorAll('h1, h2, h3, p, dt, dd, button, vscode-button, .badge, .tag, .chip')]
        .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline')
        .map((element) => element.className + ': ' + element.textContent.trim())`);
      assert.deepEqual(cut, []);
    });
  }
});
