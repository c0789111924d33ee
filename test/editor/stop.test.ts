import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { until } from './until.ts';
import { api, rowCount, runIs, startRun, writePlan } from './window.ts';

describe('stop and resume', () => {
  it('a run stops when asked, goes on from where it was, and ends', async () => {
    const plan = writePlan('stopped', { training: { epochs: 2000, batchSize: 16, optimizer: { learningRate: 0.05 } } });
    const folder = await startRun(plan);
    await until('the first rows', async () => (await rowCount(folder, 'member-1')) > 0);
    await vscode.commands.executeCommand('starsse.delete', folder);
    assert.ok(existsSync(path.join(folder, 'run.json')), 'a run that is running was deleted');
    await vscode.commands.executeCommand('starsse.stop', folder);
    const stopped = await runIs(folder, 'stopped');
    const { step, steps } = stopped.members[0].state;
    assert.ok(step > 0 && step < steps, `stopped at step ${step} of ${steps}`);
    assert.ok(existsSync(path.join(folder, 'members/member-1/resume.safetensors')));
    await until('an idle status bar', async () => (await api()).statusBar.text === null);

    await vscode.commands.executeCommand('starsse.resume', folder);
    const done = await runIs(folder, 'done');
    assert.equal(done.members[0].state.step, steps);
    assert.ok(done.results, 'there is no table');
  });
});
