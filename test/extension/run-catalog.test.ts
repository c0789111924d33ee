import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { StarsseError } from '../../src/protocol/errors.ts';
import type { RunView } from '../../src/protocol/run.ts';
import { POLL_SEEN_MS, POLL_UNSEEN_MS, RunCatalog, isLive } from '../../src/extension/runs/runCatalog.ts';
import { runView } from './run-view.ts';

/** Run folders in memory; counts how often each is read. */
class Disk {
  readonly runs = new Map<string, RunView | Error>();
  readonly reads: string[] = [];

  put(name: string, status: RunView['status']): string {
    const folder = `/runs/${name}`;
    this.runs.set(folder, runView({ folder, status, memberStatus: status === 'done' ? 'done' : 'running' }));
    return folder;
  }

  readonly source = {
    folders: async () => [...this.runs.keys()],
    view: async (folder: string): Promise<RunView> => {
      this.reads.push(folder);
      const run = this.runs.get(folder);
      if (run === undefined) throw new StarsseError('file-missing', `${folder} is not a run`);
      if (run instanceof Error) throw run;
      return structuredClone(run);
    },
  };
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};
let catalogs: RunCatalog[] = [];
const make = (disk: Disk): RunCatalog => {
  const catalog = new RunCatalog(disk.source);
  catalogs.push(catalog);
  return catalog;
};
beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.parse('2026-01-01T00:00:00Z') }));
afterEach(() => {
  for (const catalog of catalogs) catalog.dispose();
  catalogs = [];
  mock.timers.reset();
});

test('runs come newest first, unreadable ones with their error', async () => {
  const disk = new Disk();
  disk.put('20260101-000000-aaaa', 'done');
  disk.put('20260103-000000-cccc', 'done');
  disk.runs.set('/other/20260102-000000-bbbb', new StarsseError('file-invalid', 'run.json: torn', { hint: 'copy it again' }));
  const catalog = make(disk);
  await catalog.refresh();
  assert.deepEqual(catalog.entries.map(({ folder }) => folder.slice(-4)), ['cccc', 'bbbb', 'aaaa']);
  assert.deepEqual(catalog.entries[1].error, { code: 'file-invalid', message: 'run.json: torn', hint: 'copy it again' });
});

test('only live runs are looked at again, and none without a live one', async () => {
  const disk = new Disk();
  const done = disk.put('1-done', 'done');
  const live = disk.put('2-live', 'running');
  const catalog = make(disk);
  await catalog.refresh();
  disk.reads.length = 0;
  for (let i = 0; i < 3; i++) {
    mock.timers.tick(POLL_UNSEEN_MS);
    await turns();
  }
  assert.deepEqual(disk.reads, [live, live, live]);
  disk.put('2-live', 'done');
  mock.timers.tick(POLL_UNSEEN_MS);
  await turns();
  disk.reads.length = 0;
  mock.timers.tick(10 * POLL_UNSEEN_MS);
  await turns();
  assert.deepEqual(disk.reads, []);
  assert.equal(catalog.find(done)?.view?.status, 'done');
});

test('more often while somebody looks', async () => {
  const disk = new Disk();
  disk.put('1-live', 'running');
  const catalog = make(disk);
  await catalog.refresh();
  catalog.setSeen(true);
  disk.reads.length = 0;
  mock.timers.tick(POLL_SEEN_MS);
  await turns();
  assert.equal(disk.reads.length, 1);
});

test('listeners hear of what changed, and of nothing else', async () => {
  const disk = new Disk();
  const live = disk.put('1-live', 'running');
  const catalog = make(disk);
  const changes: unknown[] = [];
  catalog.onChange((change) => changes.push(change));
  await catalog.refresh();
  await catalog.refresh();
  assert.deepEqual(changes, [{ list: true, folders: [] }]);
  const run = runView({ folder: live });
  run.members[0].state.step = 12;
  disk.runs.set(live, run);
  await catalog.refresh();
  disk.put('2-new', 'done');
  await catalog.refresh();
  assert.deepEqual(changes.slice(1), [{ list: false, folders: [live] }, { list: true, folders: [] }]);
});

test('a finish is told once, and only of a run that was seen live', async () => {
  const disk = new Disk();
  disk.put('1-old', 'done');
  const live = disk.put('2-live', 'running');
  const catalog = make(disk);
  const finished: string[] = [];
  catalog.onFinish(({ folder, status }) => finished.push(`${folder} ${status}`));
  await catalog.refresh();
  disk.put('2-live', 'evaluating');
  await catalog.refresh();
  disk.put('2-live', 'done');
  await catalog.refresh();
  await catalog.refresh();
  assert.deepEqual(finished, [`${live} done`]);
});

test('a run that is deleted while live just goes', async () => {
  const disk = new Disk();
  const live = disk.put('1-live', 'running');
  const catalog = make(disk);
  const finished: string[] = [];
  catalog.onFinish(({ folder }) => finished.push(folder));
  await catalog.refresh();
  disk.runs.delete(live);
  await catalog.refresh();
  assert.deepEqual(catalog.entries, []);
  assert.deepEqual(finished, []);
});

test('a queued run is live only while it can still be starting', () => {
  const run = runView({ status: 'queued' });
  assert.equal(isLive(run, Date.parse(run.createdAt) + 1000), true);
  assert.equal(isLive(run, Date.parse(run.createdAt) + 120_000), false);
});
