import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from './until.ts';
import { api, finishedRun, writePlan } from './window.ts';

async function panelOf(folder: string) {
  return (await api()).dashboards.panels.find((panel) => panel.folder === folder);
}

describe('the dashboard', () => {
  it('shows a finished run: the view loads, says ready and gets the run', async () => {
    const folder = await finishedRun();
    await vscode.commands.executeCommand('starsse.openDashboard', folder);
    await until('the view to be ready and the run done', async () => (await panelOf(folder))?.run?.status === 'done');
    await until('the title', async () => (await panelOf(folder))?.panel.title === 'finished');
  });

  it('is one a run: opening it again shows the same', async () => {
    const folder = await finishedRun();
    const before = (await api()).dashboards.panels.length;
    await vscode.commands.executeCommand('starsse.openDashboard', folder);
    assert.equal((await api()).dashboards.panels.length, before);
  });

  it('hidden it looks at nothing; shown again it knows what was made meanwhile', async () => {
    const folder = await finishedRun();
    const panel = await until('the panel', () => panelOf(folder));
    await vscode.window.showTextDocument(writePlan('cover', {}));
    await until('the panel to be hidden', () => !panel.panel.visible);
    const before = panel.run;
    const answer = await vscode.commands.executeCommand<{ added: string } | undefined>('starsse.makeSoup', { folder, members: ['member-2', 'member-3'] });
    assert.ok(answer, 'no soup was made');
    assert.equal(panel.run, before);
    await vscode.commands.executeCommand('starsse.openDashboard', folder);
    await until('the new soup', () => panel.run?.soups.some(({ name }) => name === answer.added));
  });

  it('is restored from what the view kept, as after a reload of the window', async () => {
    const folder = await finishedRun();
    const { dashboards } = await api();
    dashboards.close(folder);
    await until('the panel to close', async () => (await panelOf(folder)) === undefined);
    const panel = vscode.window.createWebviewPanel('starsse.dashboard', 'restored', vscode.ViewColumn.One);
    await dashboards.deserializeWebviewPanel(panel, { folder });
    const run = await until('the restored view to be ready', async () => (await panelOf(folder))?.run);
    assert.equal(run.folder, folder);
  });

  it('a state that names no run is not restored', async () => {
    const { dashboards } = await api();
    const before = dashboards.panels.length;
    const panel = vscode.window.createWebviewPanel('starsse.dashboard', 'nothing', vscode.ViewColumn.One);
    const gone = new Promise<void>((resolve) => panel.onDidDispose(resolve));
    await dashboards.deserializeWebviewPanel(panel, { folder: 'relative' });
    await gone;
    assert.equal(dashboards.panels.length, before);
  });
});
