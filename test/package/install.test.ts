import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { runTests } from '@vscode/test-electron';
import type { DataReport } from '../../src/protocol/data-report.ts';
import { writeClassFolders } from '../fixtures/data-files.ts';
import { writeTinyPlan } from '../fixtures/tiny-plan.ts';
import { installVsix, packedVsix } from '../host/installed.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'starsse-package-'));
const dataFolder = path.join(folder, 'data');
const extensionsFolder = path.join(folder, 'extensions');
const workspace = path.join(folder, 'workspace');

before(() => {
  mkdirSync(workspace);
  installVsix(packedVsix(), { dataFolder, extensionsFolder });
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('the package installs and activates in the editor', async () => {
  const probe = path.join(import.meta.dirname, 'probe');
  await runTests({
    vscodeExecutablePath: path.resolve(import.meta.dirname, '../host/launcher'),
    extensionDevelopmentPath: probe,
    extensionTestsPath: path.join(probe, 'suite'),
    launchArgs: [workspace, `--user-data-dir=${dataFolder}`, `--extensions-dir=${extensionsFolder}`],
    extensionTestsEnv: { STARSSE_PROBE_EXTENSIONS: extensionsFolder },
  });
});

function installedCli(): string {
  const installed = readdirSync(extensionsFolder).find((name) => name.startsWith('starsse.starsse-'));
  assert.ok(installed, `no starsse in ${extensionsFolder}`);
  return path.join(extensionsFolder, installed, 'dist/cli.js');
}

test('the programs of the package run a plan with nothing else installed', () => {
  const cli = installedCli();
  const plan = writeTinyPlan(path.join(folder, 'tiny'));
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'run', plan, '--backend', 'wasm', '--json'], { encoding: 'utf8', timeout: 300_000 });
  assert.equal(status, 0, `${stdout}\n${stderr}`);
  assert.doesNotThrow(() => JSON.parse(stdout));
});

test('the package decodes images with nothing else installed', async () => {
  const plan = path.join(folder, 'images.starsse.json');
  await writeClassFolders(path.join(folder, 'pictures'), { cat: 4, dog: 4 }, 60);
  const data = { kind: 'folder', train: 'pictures', split: { validation: 2, test: 2 }, image: { size: 4 } };
  writeFileSync(plan, JSON.stringify({ name: 'Images', model: { network: 'linear' }, data, method: { kind: 'starsse' }, training: { epochs: 1, optimizer: { learningRate: 0.1 } } }));
  const sheet = path.join(folder, 'sheet.png');
  const env = { ...process.env, STARSSE_CACHE: path.join(folder, 'cache') };
  const { status, stdout, stderr } = spawnSync(process.execPath, [installedCli(), 'data', plan, '--json', '--sheet', sheet], { encoding: 'utf8', env, timeout: 60_000 });
  assert.equal(status, 0, `${stdout}\n${stderr}`);
  const { sets } = JSON.parse(stdout) as DataReport;
  assert.deepEqual(sets.map(({ examples }) => examples), [4, 2, 2]);
  assert.deepEqual([...readFileSync(sheet).subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
  // The same pixels as those of the native decoder: the fingerprint is of contents.
  const native = spawnSync(process.execPath, [path.resolve('dist/cli.js'), 'data', plan, '--json'], { encoding: 'utf8', env: { ...env, STARSSE_CACHE: path.join(folder, 'native-cache') }, timeout: 60_000 });
  assert.equal((JSON.parse(native.stdout) as DataReport).fingerprint, (JSON.parse(stdout) as DataReport).fingerprint);
});
