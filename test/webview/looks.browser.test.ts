/** The keyboard, the themes, the widths and the languages of the built dashboard in Chromium. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finished, Screen } from './harness/screen.ts';
import { SimulatedRun } from './harness/simulated-run.ts';

const screen = new Screen();

test('stop, resume and reveal are asked for', async () => {
  const run = new SimulatedRun();
  run.advance(16);
  const view = await screen.open();
  await view.post(run.snapshot());
  await screen.tabTo('.stop');
  await view.page.keyboard.press('Enter');
  await view.post({ type: 'answer', id: 1, result: { kind: 'done' }, error: null });
  assert.match((await view.page.locator('.notice').textContent()) ?? '', /Stop was requested/);
  run.end('stopped', 'stopped');
  await view.post(run.run());
  await screen.tabTo('.resume');
  await view.page.keyboard.press('Space');
  await view.page.locator('.reveal').click();
  await view.post();
  assert.deepEqual((await screen.questions()).map((message) => message.type === 'ask' && message.question.kind), ['stop', 'resume', 'reveal']);
});

test('a node of the star pins its member; arrow keys read the charts; a chart turns into a table and back; a new theme is drawn at once', async () => {
  const view = await screen.open();
  await view.post(finished().snapshot());
  const faint = await screen.pixels('validation', 0);
  await screen.tabTo('.node[data-member=member-3]');
  await view.page.keyboard.press('Enter');
  await view.post();
  assert.equal(await view.page.locator('.node[data-member=member-3]').getAttribute('aria-pressed'), 'true');
  assert.ok((await screen.pixels('validation', 0)) < faint / 2, 'member 1 fades');
  await screen.tabTo('.plot-validation .plot-frame');
  await view.page.keyboard.press('End');
  const words = (await view.page.locator('.plot-validation .plot-frame').getAttribute('aria-valuetext')) ?? '';
  assert.match(words, /^Epoch 30, Member 2 \d+\.\d+%, Member 3 .*Member 5 \d+\.\d+%$/);
  await view.page.getByRole('button', { name: 'Validation accuracy as a table' }).focus();
  await view.page.keyboard.press('Enter');
  await view.post();
  assert.equal(await view.page.locator('.plot-validation tbody tr').count(), 30);
  assert.match((await view.page.locator('.plot-validation tbody tr').last().textContent()) ?? '', /30\s+(\d\d\.\d\d%){4}/);
  await view.page.keyboard.press('Enter');
  const colour = (): Promise<string> => view.page.evaluate<string>('getComputedStyle(document.querySelector("#app")).getPropertyValue("--series-0")');
  const dark = await colour();
  await view.setTheme('high-contrast-light');
  assert.notEqual(await colour(), dark, 'the charts take the colours of a new theme at once');
  assert.ok((await screen.pixels('validation', 2)) > 100);
});

test('everything that takes the focus shows it; motion stops for those who asked for that', async () => {
  const view = await screen.open();
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
  const moving = (): Promise<number> => view.page.evaluate<number>('[...document.querySelectorAll("#app *")].filter((element) => getComputedStyle(element).animationName !== "none").length');
  const run = new SimulatedRun();
  run.advance(16);
  await view.post(run.snapshot());
  assert.ok((await moving()) > 0);
  await view.page.emulateMedia({ reducedMotion: 'reduce' });
  await view.post();
  assert.equal(await moving(), 0);
});

test('texts come in the language of the editor', async () => {
  const view = await screen.open({ language: 'zh-cn' });
  await view.post(finished().snapshot([], { Results: '结果', 'Soup of members {0}': '成员 {0} 的权重汤' }));
  assert.equal(await view.page.locator('#results-title').textContent(), '结果');
  assert.match((await view.page.locator('.result-table').textContent()) ?? '', /成员 1–5 的权重汤/);
});

test('nothing that axe knows is wrong for people with disabilities in four themes, and nothing sticks out from 320 to 2400 px', async () => {
  const failed = new SimulatedRun();
  for (let i = 0; i < 36; i++) failed.advance(11);
  failed.end('failed', 'failed');
  failed.view.members[2].state.error = { code: 'diverged', message: 'The loss is not a number.', hint: 'Lower the learning rate.' };
  const view = await screen.open();
  await view.post(failed.snapshot());
  await screen.looksRight([1400]);
  await view.post(finished().snapshot());
  await screen.looksRight([1400, 920, 700, 500, 320, 2400]);
});
