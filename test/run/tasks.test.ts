import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { childEnvironment, findNode, type NodeSurroundings } from '../../src/run/node-program.ts';
import { isAlive } from '../../src/run/processes.ts';
import { runTask } from '../../src/run/tasks.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { tinyPlanFile, untilGone } from './real-run.ts';

const here = (versions: Record<string, string>, electron: boolean): NodeSurroundings => ({
  execPath: '/usr/share/code/code',
  electron,
  versionOf: (program) => Promise.resolve(versions[program] ?? null),
});

test('the Node that trains: the chosen one, this one, the one on the PATH, and Electron only as a last resort', async () => {
  assert.deepEqual(await findNode('/my/node', here({ '/my/node': 'v22.1.0' }, true)), { path: '/my/node', env: {}, note: null });
  await assert.rejects(findNode('/my/node', here({ '/my/node': 'v18.1.0' }, true)), { code: 'usage', message: 'Node at /my/node is version v18.1.0' });
  await assert.rejects(findNode('/my/node', here({}, false)), { code: 'usage', message: 'Node at /my/node cannot be started' });
  assert.equal((await findNode('', here({}, false))).path, '/usr/share/code/code');
  assert.deepEqual(await findNode(undefined, here({ node: 'v20.10.0' }, true)), { path: 'node', env: {}, note: null });
  for (const versions of [{}, { node: 'v18.0.0' }] as Record<string, string>[]) {
    const { path: program, env, note } = await findNode(undefined, here(versions, true));
    assert.deepEqual([program, env], ['/usr/share/code/code', { ELECTRON_RUN_AS_NODE: '1' }]);
    assert.match(note ?? '', /WebGPU is not available/);
  }
  assert.equal((await findNode()).path, process.execPath);
});

test('a program has large pages, and as many threads for files and images as there are cores, four at least, unless the user says otherwise', () => {
  const pages = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };
  assert.deepEqual(childEnvironment({ env: { A: '1' } }, { B: '2' }, 4), { ...pages, A: '1', B: '2' });
  assert.deepEqual(childEnvironment({ env: {} }, { B: '2' }, 16), { ...pages, B: '2', UV_THREADPOOL_SIZE: '16' });
  const own = { UV_THREADPOOL_SIZE: '6', GLIBC_TUNABLES: 'glibc.malloc.hugetlb=0' };
  assert.deepEqual(childEnvironment({ env: {} }, own, 16), own);
});

test('errors cross the process border whole', async (t) => {
  const folder = temporaryFolder(t);
  const plan = path.join(folder, 'missing.starsse.json');
  await assert.rejects(runTask('create', [plan, folder, '{}']), { name: 'StarsseError', code: 'file-missing', message: `There is no plan ${plan}`, hint: /starsse\.json/ });
  assert.deepEqual(readdirSync(folder), []);
});

test('a task that is cancelled ends, and leaves nothing half made', async (t) => {
  const planFile = tinyPlanFile(t);
  const runs = path.join(path.dirname(planFile), 'runs');
  const cancel = new AbortController();
  const task = runTask('create', [planFile, runs, '{}'], { signal: cancel.signal });
  setTimeout(() => cancel.abort(), 100);
  await assert.rejects(task, { code: 'cancelled' });
  await assert.rejects(runTask('doctor', [], { signal: AbortSignal.abort() }), { code: 'cancelled' });
  assert.ok(!(readdirSync(path.dirname(runs)).includes('runs') && readdirSync(runs).some((name) => name.startsWith('.'))));
});

test('a task ends when its caller is killed', async (t) => {
  const folder = temporaryFolder(t);
  const trainer = path.resolve('src/run/trainer.ts');
  const caller = path.join(folder, 'caller.mts');
  // The task is `doctor`, which takes seconds; its caller says its id and is then killed.
  writeFileSync(caller, `
    import { spawn } from 'node:child_process';
    const child = spawn(process.execPath, [${JSON.stringify(trainer)}, 'doctor'], { stdio: ['pipe', 'ignore', 'ignore'] });
    console.log(child.pid);
    setInterval(() => undefined, 1000);
  `);
  const parent = spawn(process.execPath, [caller], { stdio: ['ignore', 'pipe', 'ignore'] });
  const pid = Number(String((await once(parent.stdout, 'data'))[0]));
  assert.ok(isAlive(pid));
  await wait(300);
  parent.kill('SIGKILL');
  await untilGone(pid);
});

test('the doctor reports every back end, and exactly one that auto takes', async () => {
  const report = await runTask('doctor', []);
  assert.deepEqual(report.backends.map(({ backend }) => backend), ['tensorflow', 'webgpu', 'wasm', 'cpu']);
  assert.equal(report.backends.filter(({ auto }) => auto).length, 1);
  assert.equal(report.backends.find(({ backend }) => backend === 'wasm')?.usable, true);
  assert.equal(report.starsse, (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version);
  for (const { usable, missing } of report.backends) assert.ok(usable || missing?.hint, 'what is missing comes with what mends it');
});

test('a Node that cannot be started at the last moment is an error and no crash', async (t) => {
  const folder = temporaryFolder(t);
  // It tells its version like a Node, once.
  const fickle = path.join(folder, 'node');
  writeFileSync(fickle, `#!/bin/sh\necho v24.0.0\nrm "${fickle}"\n`, { mode: 0o755 });
  await assert.rejects(runTask('doctor', [], { nodePath: fickle }), { code: 'process-died', message: /node cannot be started/ });
});
