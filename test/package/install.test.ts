import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { runTests } from '@vscode/test-electron';
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

test('the programs of the package run a plan with nothing else installed', () => {
  const installed = readdirSync(extensionsFolder).find((name) => name.startsWith('starsse.starsse-'));
  assert.ok(installed, `no starsse in ${extensionsFolder}`);
  const cli = path.join(extensionsFolder, installed, 'dist/cli.js');
  const plan = writeTinyPlan(path.join(folder, 'tiny'));
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'run', plan, '--backend', 'wasm', '--json'], { encoding: 'utf8', timeout: 300_000 });
  assert.equal(status, 0, `${stdout}\n${stderr}`);
  assert.doesNotThrow(() => JSON.parse(stdout));
});
