import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { RunsNode } from '../../src/extension/tree/nodes.ts';
import { readLabels } from '../../src/run/labels.ts';
import { until } from './until.ts';
import { api, finishedRun, viewOf, workspaceFolder, writePlan } from './window.ts';

const run = vscode.commands.executeCommand;
const VIEW = 'starsse.runs';

async function rootLabels(): Promise<string[]> {
  const { tree } = await api();
  return (await tree.getChildren()).map((node) => String(tree.getTreeItem(node).label));
}

async function nodeOf(folder: string): Promise<RunsNode> {
  const { tree } = await api();
  await tree.getChildren();
  const node = tree.nodeOf(folder);
  assert.ok(node, `${folder} is not in the tree`);
  return node;
}

describe('the Runs view', () => {
  it('is refreshed, and shows itself', async () => {
    await run(`${VIEW}.focus`);
    await run('starsse.refresh');
    await until('the view', async () => (await api()).treeView.visible);
  });

  it('groups by status and by tag, and stops doing so', async () => {
    const folder = await finishedRun();
    await run('starsse.tag', { folder, addTags: ['good', 'cheap'] });
    await run('starsse.groupRuns', 'tag');
    assert.deepEqual((await rootLabels()).slice(0, 2), ['#cheap', '#good']);
    await run('starsse.groupRuns', 'status');
    assert.ok((await rootLabels()).includes('done'));
    await run('starsse.groupRuns', 'none');
    assert.ok((await rootLabels()).includes('finished'));
    await run('starsse.tag', { folder, removeTags: ['cheap'] });
    assert.deepEqual((await readLabels(folder)).tags, ['good']);
  });

  it('filters, says so above the runs, and clears the filter', async () => {
    const folder = await finishedRun();
    await run('starsse.filterRuns', '@tag:good finished');
    assert.deepEqual(await rootLabels(), ['finished']);
    const { treeView, catalog } = await api();
    if (catalog.entries.length > 1) assert.match(treeView.message ?? '', /"@tag:good finished": 1 of \d+ runs/);
    await run('starsse.filterRuns', '@tag:nobody');
    assert.deepEqual(await rootLabels(), []);
    await run('starsse.clearFilter');
    await nodeOf(folder);
    assert.doesNotMatch(treeView.message ?? '', /Filter/);
  });

  it('renames and archives runs in their folders; archived ones are hidden until they are shown', async () => {
    const folder = await finishedRun();
    await run('starsse.rename', { folder, name: 'Renamed' });
    assert.equal((await viewOf(folder))?.name, 'Renamed');
    await run('starsse.archive', folder);
    assert.ok(!(await rootLabels()).includes('Renamed'));
    await run('starsse.showArchived');
    const node = await nodeOf(folder);
    const { tree } = await api();
    assert.match(tree.getTreeItem(node).contextValue ?? '', /^run\.done\.archived/);
    assert.match(tree.getTreeItem(node).resourceUri?.query ?? '', /archived/);
    await run('starsse.unarchive', node);
    await run('starsse.hideArchived');
    await run('starsse.rename', { folder, name: '' });
    assert.ok((await rootLabels()).includes('finished'));
  });

  it('shows what runs take on the disk, as description and in the tooltip', async () => {
    const folder = await finishedRun();
    const { tree } = await api();
    await run('starsse.showDiskUse');
    await until('the size', async () => /\d (kB|MB)/.test(String(tree.getTreeItem(await nodeOf(folder)).description)));
    await run('starsse.hideDiskUse');
    const node = await nodeOf(folder);
    assert.doesNotMatch(String(tree.getTreeItem(node).description), /\d (kB|MB)/);
    const { tooltip } = await tree.resolveTreeItem(tree.getTreeItem(node), node);
    assert.match((tooltip as vscode.MarkdownString).value, /Disk use \| [\d.]+ (kB|MB)/);
  });

  it('reveals the files of a run', async () => {
    await run('starsse.reveal', await finishedRun());
  });
});

describe('the disk', () => {
  it('what can be deleted is listed with sizes, and deleted only as chosen', async () => {
    const folder = await finishedRun();
    const left = path.join(folder, 'predictions/soup-uniform-77.test.safetensors');
    writeFileSync(left, Buffer.alloc(1000));
    const found = await run<{ kind: string; files?: string[]; sizeBytes: number }[]>('starsse.clean', { list: true });
    const ours = found.find(({ kind, files }) => kind === 'predictions' && files?.includes(left));
    assert.equal(ours?.sizeBytes, 1000);
    assert.ok(existsSync(left));
    assert.equal(await run('starsse.clean', { kinds: ['predictions'] }), 1000);
    assert.ok(!existsSync(left) && existsSync(path.join(folder, 'predictions/member-1.test.safetensors')));
  });
});

describe('the sample', () => {
  it('is put into a folder, whole, and not put there twice', async () => {
    const parent = mkdtempSync(path.join(tmpdir(), 'starsse-sample-'));
    try {
      const folder = await run<string>('starsse.openSample', { parent });
      const plan = await vscode.workspace.openTextDocument(vscode.Uri.file(path.join(folder, 'fashion-mnist.starsse.json')));
      const { data, model } = JSON.parse(plan.getText()) as { data: { train: object; test: object }; model: { checkpoint: string } };
      for (const file of [...Object.values(data.train), ...Object.values(data.test), model.checkpoint]) assert.ok(existsSync(path.join(folder, String(file))), String(file));
      assert.equal(await run('starsse.openSample', { parent }), folder);
      const other = path.join(parent, 'other');
      mkdirSync(path.join(other, 'starsse-sample'), { recursive: true });
      assert.equal(await run('starsse.openSample', { parent: other }), undefined);
    } finally {
      rmSync(parent, { recursive: true, force: true });
    }
  });
});

describe('tasks of the type starsse', () => {
  it('one a plan, which runs it in a terminal to its end', async () => {
    const plan = path.basename(writePlan('task', { method: { kind: 'fine-tuning' } }).fsPath);
    const task = await until('the task', async () => (await vscode.tasks.fetchTasks({ type: 'starsse' })).find(({ definition }) => definition.plan === plan));
    assert.deepEqual(task.problemMatchers, ['$starsse']);
    const ended = new Promise<number | undefined>((resolve) => vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => execution.task.name === task.name && resolve(exitCode)));
    await vscode.tasks.executeTask(task);
    assert.equal(await ended, 0);
    await run('starsse.refresh');
    const { catalog } = await api();
    const found = catalog.entries.find(({ view }) => view?.planName === 'task');
    assert.equal(found?.view?.status, 'done');
    assert.equal(path.dirname(found.folder), path.join(workspaceFolder(), '.starsse/runs'));
    await vscode.window.terminals.at(-1)?.dispose();
  });
});

describe('tools for language models', () => {
  const asked = async (name: string, input: object): Promise<unknown> => {
    const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
    return JSON.parse((content[0] as vscode.LanguageModelTextPart).value);
  };

  it('list runs, read results and check a plan', async () => {
    const folder = await finishedRun();
    const { runs } = (await asked('starsse_list_runs', { filter: 'finished' })) as { runs: { id: string; status: string }[] };
    assert.deepEqual(runs.map(({ id, status }) => [id, status]), [[path.basename(folder), 'done']]);
    const { table } = (await asked('starsse_read_results', { run: runs[0].id })) as { table: { rows: { kind: string }[] } };
    assert.ok(table.rows.some(({ kind }) => kind === 'ensemble'));
    const { problems } = (await asked('starsse_propose_plan', { plan: { name: 'x' } })) as { problems: { field: string }[] };
    assert.ok(problems.some(({ field }) => field === 'data'));
  });

  it('ask before they start a run or make a soup, and then do', async () => {
    const folder = await finishedRun();
    const { tools } = await api();
    const soup = { run: path.basename(folder), members: ['member-1', 'member-2'] };
    assert.ok(vscode.lm.tools.some(({ name }) => name === 'starsse_make_soup') && vscode.lm.tools.some(({ name }) => name === 'starsse_start_run'));
    assert.match((await tools.starsse_make_soup.confirm?.(soup))?.message ?? '', /uniform soup of member-1, member-2 in finished/);
    const made = (await tools.starsse_make_soup.invoke(soup, new AbortController().signal)) as { added: string };
    assert.ok((await viewOf(folder))?.soups.some(({ name }) => name === made.added));
    await assert.rejects(tools.starsse_start_run.invoke({ file: '../escape' }, new AbortController().signal), { code: 'usage' });
    const started = { file: 'finished.starsse.json' };
    assert.match((await tools.starsse_start_run.confirm?.(started))?.message ?? '', /finished\.starsse\.json/);
    await assert.rejects(tools.starsse_start_run.invoke({ ...started, plan: { name: 'x' } }, new AbortController().signal), { code: 'plan-invalid' });
  });
});

describe('commands that ask', () => {
  // Each opens a choice that is closed again: nothing may be started or changed by that.
  const closing = async (command: string, ...args: unknown[]): Promise<void> => {
    const ended = run(command, ...args);
    let open = true;
    void ended.then(() => (open = false), () => (open = false));
    await until(`${command} to end`, async () => {
      await run('workbench.action.closeQuickOpen');
      return !open;
    });
  };

  it('end without a change when the user changes their mind', async () => {
    await finishedRun();
    const before = (await api()).catalog.entries.length;
    for (const command of ['starsse.openPlan', 'starsse.createPlan', 'starsse.installBackend', 'starsse.groupRuns', 'starsse.filterRuns', 'starsse.export']) await closing(command);
    assert.equal((await api()).catalog.entries.length, before);
  });
});
