/** Runs the in-editor suite: one and the same in a downloaded VS Code and in the browser host. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { writeTinyPlan } from '../fixtures/tiny-plan.ts';
import { FAILED, type Count } from '../runner/count.ts';
import { ROOT } from '../runner/command.ts';
import { editorHost } from './choose.ts';

/** @param filter keeps the tests whose title contains it. */
export async function editorTests(filter: string): Promise<Count> {
  const host = await editorHost();
  console.log(host === 'download' ? 'In a downloaded VS Code.' : 'In the browser host: code-server, shown by Chromium.');
  const folder = mkdtempSync(path.join(tmpdir(), 'starsse-editor-'));
  const workspace = path.join(folder, 'workspace');
  const report = path.join(folder, 'report.json');
  writeTinyPlan(workspace);
  mkdirSync(path.join(workspace, '.vscode'));
  writeFileSync(path.join(workspace, '.vscode/settings.json'), JSON.stringify({ 'workbench.startupEditor': 'none' }));
  try {
    await runTests({
      ...(host === 'browser' ? { vscodeExecutablePath: path.join(ROOT, 'test/host/launcher') } : {}),
      extensionDevelopmentPath: ROOT,
      extensionTestsPath: path.join(ROOT, 'dist/test/editor'),
      launchArgs: [workspace, `--user-data-dir=${path.join(folder, 'data')}`, `--extensions-dir=${path.join(folder, 'extensions')}`],
      extensionTestsEnv: { STARSSE_SUITE_REPORT: report, STARSSE_SUITE_FILTER: filter },
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
  }
  const count = readReport(report);
  if (count.failed === 0) rmSync(folder, { recursive: true, force: true });
  else console.error(`Everything of this failed run is in ${folder}`);
  return count;
}

/** A suite that wrote no report has failed. */
function readReport(report: string): Count {
  try {
    return JSON.parse(readFileSync(report, 'utf8')) as Count;
  } catch {
    console.error('The in-editor suite did not come to its end.');
    return FAILED;
  }
}
