/** What the editor tells by itself, and how that is turned off; and where a chart is saved. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import type { RunCatalog } from '../../src/extension/runs/runCatalog.ts';
import type { RunView } from '../../src/protocol/run.ts';
import { writeRun } from '../run/written-run.ts';
import { forget, ran, said, settings, user, written } from './fake-vscode.ts';
import { stepRow } from './rows.ts';
import { runView } from './run-view.ts';

const { announceFinishes } = await import('../../src/extension/finishNotices.ts');
const { watchAlarms } = await import('../../src/extension/alarms/watchAlarms.ts');
const { saveChart } = await import('../../src/extension/dashboard/saveChart.ts');

const runs = mkdtempSync(path.join(tmpdir(), 'starsse-notices-'));
after(() => rmSync(runs, { recursive: true, force: true }));
beforeEach(forget);

/** A catalog of one run: `look` is what it calls when the run has changed, `end` when it has ended. */
function catalogOf(run: RunView): { catalog: RunCatalog; look(): Promise<void>; end(): Promise<void>; listeners: number } {
  let changed: ((change: { list: boolean; folders: string[] }) => void) | undefined;
  let finished: ((run: RunView) => void) | undefined;
  const settle = async (): Promise<void> => new Promise((done) => setTimeout(done, 60));
  const state = {
    listeners: 0,
    catalog: {
      live: [run],
      onChange(listener: typeof changed) {
        changed = listener;
        state.listeners += 1;
        return () => (state.listeners -= 1);
      },
      onFinish(listener: typeof finished) {
        finished = listener;
        return () => undefined;
      },
    } as unknown as RunCatalog,
    async look() {
      changed?.({ list: false, folders: [run.folder] });
      await settle();
    },
    async end() {
      finished?.(run);
      await settle();
    },
  };
  return state;
}

/** A run whose first member's loss rose from 2 to 9. */
function diverging(id: string): RunView {
  const folder = writeRun(runs, id);
  writeFileSync(path.join(folder, 'members/member-1/metrics.ndjson'), Array.from({ length: 400 }, (_, index) => `${JSON.stringify(stepRow(index + 1, index < 200 ? 2 : 9))}\n`).join(''));
  return runView({ folder, members: 1 });
}

test('a loss that rises is told once, with buttons; the last one turns its kind off for good', async () => {
  const run = diverging('20260101-000000-aaaa');
  const state = catalogOf(run);
  const watching = watchAlarms(state.catalog);
  user.button = 'Stop';
  await state.look();
  await state.look();
  assert.deepEqual(said, [{ kind: 'warning', text: 'Tiny: the loss of member-1 is 9.00, it began at 2.00. The learning rate may be too high.', buttons: ['Open Dashboard', 'Stop', 'Don\'t Show Again'] }]);
  assert.deepEqual(ran, [['starsse.stop', { kind: 'run', folder: run.folder, run }]]);
  watching.dispose();
  assert.equal(state.listeners, 0);
  user.button = 'Don\'t Show Again';
  const other = catalogOf(diverging('20260102-000000-bbbb'));
  watchAlarms(other.catalog);
  await other.look();
  assert.deepEqual([settings.get('starsse.notifications.diverged'), settings.get('target')], [false, 1]);
  const third = catalogOf(diverging('20260103-000000-cccc'));
  watchAlarms(third.catalog);
  await third.look();
  assert.equal(said.length, 2, 'nothing of a kind that is turned off');
});

test('each kind has a setting that is there, and turning one off leaves the others', async () => {
  const manifest = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8')) as { contributes: { configuration: { properties?: Record<string, { default: unknown }> }[] | { properties: Record<string, { default: unknown }> } } };
  const properties = [manifest.contributes.configuration].flat().flatMap((part) => Object.entries(part.properties ?? {}));
  const kinds = properties.filter(([name]) => name.startsWith('starsse.notifications.'));
  assert.deepEqual(kinds.map(([name, { default: isOn }]) => [name.split('.')[2], isOn]), [['finished', true], ['interrupted', true], ['diverged', true], ['disk', true], ['accuracy', true]]);
  settings.set('starsse.notifications.finished', false);
  for (const [status, told] of [['done', 0], ['failed', 0], ['interrupted', 1], ['stopped', 0]] as const) {
    said.length = 0;
    const state = catalogOf(runView({ status }));
    announceFinishes(state.catalog);
    await state.end();
    assert.equal(said.length, told, status);
  }
  settings.clear();
  for (const status of ['done', 'failed', 'interrupted'] as const) {
    const state = catalogOf(runView({ status }));
    announceFinishes(state.catalog);
    await state.end();
  }
  assert.deepEqual(said.slice(-3).map(({ kind, text }) => [kind, text]), [['information', 'Tiny is done.'], ['error', 'Tiny failed.'], ['warning', 'Tiny was interrupted: nobody works on it any more.']]);
});

test('a chart goes where the user says, as bytes or text; the name in the dialog is the run\'s and the chart\'s', async () => {
  const svg = { name: 'loss', format: 'svg' as const, text: '<svg>π</svg>' };
  await saveChart('/work/a/.starsse/runs/1', 'Fashion: 1,000/π', svg);
  assert.deepEqual([user.asked, written, said], ['/work/Fashion-1-000-π-loss.svg', [], []], 'nothing is written after Cancel');
  user.file = '/tmp/here.svg';
  await saveChart('/elsewhere/1', 'a', svg);
  assert.equal(user.asked, '/elsewhere/1/a-loss.svg');
  user.button = 'Open';
  await saveChart('/elsewhere/1', 'a', { name: 'rate', format: 'png', text: Buffer.from([137, 80, 0, 255]).toString('base64') });
  assert.deepEqual(written.map(({ bytes }) => bytes), [Buffer.from('<svg>π</svg>'), Buffer.from([137, 80, 0, 255])]);
  assert.deepEqual(said.map(({ text }) => text), ['The chart is in here.svg.', 'The chart is in here.svg.']);
  assert.deepEqual(ran.map(([command]) => command), ['vscode.open']);
});
