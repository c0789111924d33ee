import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { CardsInUse } from '../../src/extension/dashboard/cardUse.ts';
import { MachineUse, type Machine } from '../../src/extension/dashboard/machineUse.ts';
import { linuxUse, processUse, psUse, type ProcessUse } from '../../src/extension/dashboard/processUse.ts';
import type { RunView } from '../../src/protocol/run.ts';
import { writeRun } from '../run/written-run.ts';
import { runView } from './run-view.ts';

const runs = mkdtempSync(path.join(tmpdir(), 'starsse-machine-'));
after(() => rmSync(runs, { recursive: true, force: true }));
const GIB = 2 ** 30;

/** Two members train here, one elsewhere. */
function training(folder: string): RunView {
  const run = runView({ folder, members: 4 });
  for (const [index, { state }] of run.members.entries()) Object.assign(state, { pid: 100 + index, host: index === 2 ? 'other' : 'here', gpu: { card: index < 2 ? 'GPU-a' : 'GPU-b', usedMiB: null } });
  run.members[3].state.status = 'done';
  return run;
}

function machine(uses: Map<number, ProcessUse>): Machine & { clock: { nowMs: number }; asked: string[][] } {
  const clock = { nowMs: 1000 };
  const asked: string[][] = [];
  return { host: 'here', processUse: async (pid) => uses.get(pid) ?? null, cards: async (uuids) => (asked.push([...uuids]), []), nowMs: () => clock.nowMs, clock, asked };
}

test('processors are busy time over time since the look before, of the trainers of this machine', async () => {
  const folder = writeRun(runs, '20260101-000000-aaaa');
  const uses = new Map([[100, { cpuMs: 5000, rssBytes: GIB }], [101, { cpuMs: 0, rssBytes: 2 * GIB }], [102, { cpuMs: 9, rssBytes: 9 }]]);
  const here = machine(uses);
  const use = new MachineUse(here);
  const run = training(folder);
  const first = await use.look(run);
  assert.deepEqual(first.trainers, [{ member: 'member-1', pid: 100, cpus: null, rssBytes: GIB }, { member: 'member-2', pid: 101, cpus: null, rssBytes: 2 * GIB }]);
  assert.deepEqual([first.atMs, first.batchSize, first.elsewhere, here.asked], [1000, 16, ['other'], [['GPU-a']]]);
  assert.ok(first.disk !== null && first.disk.freeBytes > 0 && first.disk.totalBytes >= first.disk.freeBytes);
  uses.set(100, { cpuMs: 8000, rssBytes: GIB });
  uses.delete(101);
  here.clock.nowMs = 3000;
  assert.deepEqual((await use.look(run)).trainers, [{ member: 'member-1', pid: 100, cpus: 1.5, rssBytes: GIB }, { member: 'member-2', pid: 101, cpus: null, rssBytes: null }]);
});

test('a number that another process got begins anew, and so does a clock that stands', async () => {
  const uses = new Map([[100, { cpuMs: 5000, rssBytes: 1 }]]);
  const here = machine(uses);
  const use = new MachineUse(here);
  const run = training(path.join(runs, 'gone'));
  const first = await use.look(run);
  assert.deepEqual([first.disk, first.batchSize], [null, null]);
  assert.equal((await use.look(run)).trainers[0].cpus, null, 'no time has passed');
  run.members[0].state.status = 'done';
  here.clock.nowMs = 2000;
  await use.look(run);
  run.members[0].state.status = 'running';
  here.clock.nowMs = 3000;
  assert.equal((await use.look(run)).trainers[0].cpus, null);
});

test('cards: what nvidia-smi tells of those that were given, figures that a driver does not tell are null', async () => {
  const asked: string[] = [];
  const cards = new CardsInUse(async (program, args) => (asked.push(`${program} ${args[0]}`), 'GPU-a, NVIDIA L4, 37, 512, 23034\nGPU-b, NVIDIA L4, [N/A], [N/A], 23034\nGPU-c, other, 1, 2, 3\nnonsense\n'));
  assert.deepEqual(await cards.look([]), []);
  assert.deepEqual(asked, []);
  assert.deepEqual(await cards.look(['GPU-b', 'GPU-a']), [
    { uuid: 'GPU-a', name: 'NVIDIA L4', busy: 0.37, usedBytes: 512 * 2 ** 20, totalBytes: 23034 * 2 ** 20 },
    { uuid: 'GPU-b', name: 'NVIDIA L4', busy: null, usedBytes: null, totalBytes: 23034 * 2 ** 20 },
  ]);
  assert.deepEqual(asked, ['nvidia-smi --query-gpu=uuid,name,utilization.gpu,memory.used,memory.total']);
});

test('a program that is missing is asked once, one that fails again', async () => {
  for (const [code, times] of [['ENOENT', 1], ['ETIMEDOUT', 2]] as const) {
    let asked = 0;
    const cards = new CardsInUse(async () => {
      asked += 1;
      throw Object.assign(new Error(code), { code });
    });
    assert.deepEqual([await cards.look(['GPU-a']), await cards.look(['GPU-a'])], [[], []]);
    assert.equal(asked, times, code);
  }
});

test('a process: ticks of a hundredth of a second behind a name that may hold brackets; ps of macOS', async () => {
  const fields = ['R', ...Array.from({ length: 10 }, () => '0'), '150', '25', '0'];
  assert.deepEqual(linuxUse(`42 (a (b) c) ${fields.join(' ')}`, 'Name:\ta\nVmRSS:\t    1024 kB\n'), { cpuMs: 1750, rssBytes: 2 ** 20 });
  assert.equal(linuxUse('42 (a) R', 'VmRSS:\t 1 kB'), null);
  assert.deepEqual(psUse('  2048   1:02.50'), { cpuMs: 62_500, rssBytes: 2 * 2 ** 20 });
  assert.deepEqual(psUse('1 2-03:04:05'), { cpuMs: ((2 * 24 + 3) * 3600 + 4 * 60 + 5) * 1000, rssBytes: 1024 });
  assert.equal(psUse(''), null);
  assert.equal(await processUse(2 ** 30, 'linux'), null);
  assert.equal(await processUse(process.pid, 'win32'), null);
});
