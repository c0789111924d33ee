import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { DataReport } from '../../src/protocol/data-report.ts';
import type { Exported } from '../../src/protocol/export.ts';
import type { Preview } from '../../src/protocol/preview.ts';
import { until } from './until.ts';
import { finishedRun, runIs, startRun, viewOf, writePlan } from './window.ts';

describe('around a run', () => {
  it('the data of a plan are checked: counts, classes, and a picture', async () => {
    const report = await vscode.commands.executeCommand<DataReport | undefined>('starsse.checkData', writePlan('data', {}));
    assert.ok(report, 'there is no report: see the messages of the extension');
    assert.deepEqual(report.sets.map(({ name, examples }) => [name, examples]), [['train', 96], ['validation', 48], ['test', 90]]);
    assert.ok(existsSync(report.sheet ?? ''));
    const document = await until('the report', () => vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'starsse-report' && uri.path === '/data.md'));
    assert.match(document.getText(), /\| diagonal \| 32 \| 16 \| 30 \|/);
  });

  it('a batch is drawn as training sees it', async () => {
    const drawn = await vscode.commands.executeCommand<Preview | undefined>('starsse.previewAugmentation', writePlan('augmented', {}));
    assert.ok(drawn !== undefined && existsSync(drawn.file) && drawn.images.length > 0);
  });

  it('a member is exported, with its card', async () => {
    const folder = await finishedRun();
    const parent = mkdtempSync(path.join(tmpdir(), 'starsse-export-'));
    try {
      const wish = { folder, name: 'member-2', format: 'safetensors', out: path.join(parent, 'out') };
      const exported = await vscode.commands.executeCommand<Exported | undefined>('starsse.export', wish);
      assert.ok(exported, 'nothing was exported: see the messages of the extension');
      for (const { name } of exported.files) assert.ok(existsSync(path.join(exported.folder, name)), name);
      assert.ok(exported.files.some(({ name }) => name.endsWith('.safetensors')) && exported.files.some(({ name }) => name.endsWith('.md')));
    } finally {
      rmSync(parent, { recursive: true, force: true });
    }
  });

  it('a member that diverged is tried again at half its rate with one click', async () => {
    const plan = writePlan('diverging', { method: { kind: 'fine-tuning' }, training: { epochs: 3, batchSize: 16, optimizer: { learningRate: 1e12 } } });
    const folder = await startRun(plan);
    await runIs(folder, 'failed');
    assert.equal((await viewOf(folder))?.members[0].state.error?.code, 'diverged');
    await vscode.commands.executeCommand('starsse.retry', folder);
    const member = await until('the retry', async () => (await viewOf(folder))?.members[0].member.retries.length === 1 && (await viewOf(folder))?.members[0].member);
    assert.ok(member);
    assert.equal(member.learningRate, 5e11);
    assert.match(member.retries[0].reason, /diverged|loss/);
    await runIs(folder, 'failed');
  });
});
