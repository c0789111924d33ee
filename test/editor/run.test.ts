import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Exported } from '../../src/protocol/export.ts';
import type { ResultTable } from '../../src/protocol/results.ts';
import type { RunsNode } from '../../src/extension/tree/nodes.ts';
import { until } from './until.ts';
import { api, finishedRun, rowCount, runIs, startRun, viewOf, workspaceFolder, writePlan } from './window.ts';

interface Mixed {
  table: ResultTable;
  added: string;
}

/** Long enough to be looked at while it runs. */
const EPOCHS = 600;
const ROWS_OF_MEMBER_1 = EPOCHS * 6 + EPOCHS;

describe('a run from start to table', () => {
  let folder: string;

  it('starts from the plan, in the workspace, and its dashboard opens', async () => {
    const plan = writePlan('watched', { training: { epochs: EPOCHS, batchSize: 16, optimizer: { learningRate: 0.05 } } });
    folder = await startRun(plan);
    assert.equal(path.dirname(folder), path.join(workspaceFolder(), '.starsse/runs'));
    assert.ok(existsSync(path.join(folder, 'run.json')));
    const { dashboards } = await api();
    assert.ok(dashboards.panels.some((panel) => panel.folder === folder));
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('starsse.dashboard'));
    assert.equal(tabs.length, dashboards.panels.length);
  });

  it('is in the tree while it runs, and in the status bar', async () => {
    const { tree, statusBar } = await api();
    const run = await until('a running run in the tree', async () => {
      const nodes = await tree.getChildren();
      return nodes.find((node) => node.kind === 'run' && node.folder === folder && node.run.status === 'running');
    });
    const members = await tree.getChildren(run);
    assert.deepEqual(members.map((node) => String(tree.getTreeItem(node).label)), ['member-1', 'member-2', 'member-3']);
    assert.match(tree.getTreeItem(run).contextValue ?? '', /^run\.running/);
    assert.match(statusBar.text ?? '', /StarSSE/);
  });

  it('live rows arrive: in the file, and what the dashboard knows grows with them', async () => {
    const panel = (await api()).dashboards.panels.find((each) => each.folder === folder)!;
    const steps = () => panel.run?.members.reduce((sum, { state }) => sum + state.step, 0) ?? 0;
    const first = await until('the view to be ready and the first steps', () => (steps() > 0 ? steps() : null));
    const rows = await rowCount(folder, 'member-1');
    assert.ok(rows > 0, 'no row is in the file');
    await until('more steps', () => steps() > first);
    assert.ok(first < 3 * ROWS_OF_MEMBER_1, 'the run had ended before anybody looked');
  });

  it('comes to its end: every member done, the table has members, mean, soup and ensemble', async () => {
    const view = await runIs(folder, 'done');
    assert.deepEqual(view.members.map(({ state }) => state.status), ['done', 'done', 'done']);
    assert.equal(await rowCount(folder, 'member-1'), ROWS_OF_MEMBER_1);
    const table = view.results;
    assert.ok(table, 'there is no table');
    assert.deepEqual(table.rows.map(({ kind }) => kind).sort(), ['ensemble', 'mean-member', 'member', 'member', 'member', 'soup']);
    for (const { name, accuracy, nll } of table.rows) assert.ok(accuracy > 1 / 3 && accuracy <= 1 && nll > 0, `${name}: ${accuracy}, ${nll}`);
    await until('the status bar to be empty', async () => (await api()).statusBar.text === null);
  });

  it('a soup of two members is made, and stands in the tree and the table', async () => {
    const members = ['member-1', 'member-2'];
    const answer = await vscode.commands.executeCommand<Mixed | undefined>('starsse.makeSoup', { folder, members });
    assert.ok(answer, 'no soup was made: see the messages of the extension');
    const row = answer.table.rows.find(({ name }) => name === answer.added);
    assert.deepEqual([row?.kind, row?.members, row?.forwardPasses], ['soup', members, 1]);
    assert.ok(existsSync(path.join(folder, 'snapshots', `${answer.added}.safetensors`)));
    assert.ok((await viewOf(folder))?.soups.some(({ name, parents }) => name === answer.added && parents.join() === members.join()));
    assert.ok((await childLabels(folder)).includes(answer.added));
  });

  it('an ensemble of two members is made', async () => {
    const members = ['member-1', 'member-3'];
    const answer = await vscode.commands.executeCommand<Mixed | undefined>('starsse.makeEnsemble', { folder, members });
    assert.ok(answer, 'no ensemble was made: see the messages of the extension');
    const row = answer.table.rows.find(({ name }) => name === answer.added);
    assert.deepEqual([row?.kind, row?.members, row?.forwardPasses], ['ensemble', members, 2]);
    assert.ok((await childLabels(folder)).includes(answer.added));
  });

  it('its plan, its log and a snapshot open', async () => {
    await vscode.commands.executeCommand('starsse.openRunPlan', folder);
    assert.equal(path.basename(vscode.window.activeTextEditor?.document.fileName ?? ''), 'watched.starsse.json');
    await vscode.commands.executeCommand('starsse.openLog', folder);
    assert.equal(path.basename(vscode.window.activeTextEditor?.document.fileName ?? ''), 'supervisor.log');
    await vscode.commands.executeCommand('starsse.inspect', vscode.Uri.file(path.join(folder, 'snapshots/member-1.safetensors')));
    const tab = await until('the inspector', () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputCustom ? input : undefined;
    });
    assert.deepEqual([tab.viewType, path.basename(tab.uri.fsPath)], ['starsse.checkpoint', 'member-1.safetensors']);
    await vscode.commands.executeCommand('starsse.compareCheckpoints', vscode.Uri.file(path.join(folder, 'snapshots/member-1.safetensors')), ['member-1', 'member-2'].map((name) => vscode.Uri.file(path.join(folder, `snapshots/${name}.safetensors`))));
    await until('the comparison', () => vscode.window.tabGroups.activeTabGroup.activeTab?.label === 'member-1.safetensors ↔ member-2.safetensors');
    await vscode.commands.executeCommand('starsse.compare', { folders: [folder, await finishedRun()] });
    await until('the comparison of runs', () => vscode.window.tabGroups.activeTabGroup.activeTab?.label === 'Comparison of 2 runs');
  });

  it('a checkpoint is selected and another compared with it, from the explorer and from the tree', async () => {
    const compared = async (label: string) => await until(label, () => vscode.window.tabGroups.activeTabGroup.activeTab?.label === label);
    const snapshot = (name: string) => vscode.Uri.file(path.join(folder, `snapshots/${name}.safetensors`));
    await vscode.commands.executeCommand('starsse.selectCheckpoint', snapshot('member-2'));
    await vscode.commands.executeCommand('starsse.compareWithSelected', snapshot('member-3'));
    await compared('member-2.safetensors ↔ member-3.safetensors');
    const { tree } = await api();
    const run = (await tree.getChildren()).find((node) => node.kind === 'run' && node.folder === folder);
    const [first, , third] = await tree.getChildren(run);
    await vscode.commands.executeCommand('starsse.selectCheckpoint', third);
    await vscode.commands.executeCommand('starsse.compareWithSelected', first);
    await compared('member-3.safetensors ↔ member-1.safetensors');
  });

  it('a checkpoint that is text as well opens as text, and in the inspector when asked to', async () => {
    const out = path.join(workspaceFolder(), 'for-the-browser');
    const exported = await vscode.commands.executeCommand<Exported | undefined>('starsse.export', { folder, name: 'member-1', format: 'tfjs', out });
    assert.ok(exported, 'nothing was exported: see the messages of the extension');
    const model = vscode.Uri.file(path.join(exported.folder, 'model.json'));
    await vscode.commands.executeCommand('vscode.open', model);
    await until('the text', () => vscode.window.activeTextEditor?.document.uri.fsPath === model.fsPath);
    await vscode.commands.executeCommand('starsse.inspect', model);
    const tab = await until('the inspector', () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputCustom ? input : undefined;
    });
    assert.deepEqual([tab.viewType, tab.uri.fsPath], ['starsse.checkpointOption', model.fsPath]);
  });
});

async function childLabels(folder: string): Promise<string[]> {
  const { tree } = await api();
  const nodes: RunsNode[] = await tree.getChildren();
  const run = nodes.find((node) => node.kind === 'run' && node.folder === folder);
  return (await tree.getChildren(run)).map((node) => String(tree.getTreeItem(node).label));
}
