/** What people do with several runs of the tree at once, with exact results. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { decoratedUri, markOf, RunDecorations } from '../../src/extension/tree/decorations.ts';
import type { RunsNode } from '../../src/extension/tree/nodes.ts';
import { RUNS_MIME } from '../../src/protocol/compose-messages.ts';
import { readLabels } from '../../src/run/labels.ts';
import { resultRow, runView } from '../extension/run-view.ts';
import { answering, checking, picking } from './person.ts';
import { api, finishedRun, viewOf } from './window.ts';

const run = vscode.commands.executeCommand;

describe('several runs of the tree at once', () => {
  const folders: string[] = [];
  const nodes = async (): Promise<RunsNode[]> => {
    const { tree } = await api();
    await tree.getChildren();
    return folders.map((folder) => tree.nodeOf(folder)!);
  };

  before(async () => {
    const finished = await finishedRun();
    for (const letter of ['a', 'b', 'c']) {
      const folder = path.join(path.dirname(finished), `20260101-000000-copy${letter}`);
      cpSync(finished, folder, { recursive: true });
      const file = path.join(folder, 'run.json');
      writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), id: path.basename(folder) }));
      writeFileSync(path.join(folder, 'labels.json'), JSON.stringify({ name: `Copy ${letter}`, tags: [], archived: false }));
      folders.push(folder);
    }
    await run('starsse.refresh');
  });
  after(async () => {
    await run('starsse.groupRuns', 'none');
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    await run('starsse.refresh');
  });

  it('are tagged by checkboxes: a tag that only some have stays as it is unless it is touched', async () => {
    const [a, b] = await nodes();
    await run('starsse.tag', { folder: folders[0], addTags: ['old'] });
    await run('starsse.tag', { folder: folders[2], addTags: ['seen'] });
    const tags = async () => await Promise.all(folders.map(async (folder) => (await readLabels(folder)).tags));
    const tagging = (touch: (checked: string[], labels: string[]) => string[]) => checking(touch, () => run('starsse.tag', a, [a, b]));
    assert.deepEqual(await tagging((checked, labels) => {
      assert.ok(labels.includes('old') && labels.includes('seen'), labels.join());
      return checked;
    }), []);
    assert.deepEqual(await tags(), [['old'], [], ['seen']]);
    await tagging(() => ['seen']);
    assert.deepEqual(await tags(), [['old', 'seen'], ['seen'], ['seen']]);
    assert.deepEqual(await tagging(() => []), ['seen']);
    assert.deepEqual(await tags(), [['old'], [], ['seen']]);
  });

  it('are archived and brought back, and those that were not selected are left alone', async () => {
    const [a, b] = await nodes();
    await run('starsse.archive', a, [a, b]);
    assert.deepEqual(await Promise.all(folders.map(async (folder) => (await readLabels(folder)).archived)), [true, true, false]);
    await run('starsse.showArchived');
    const archived = (await nodes()).slice(0, 2);
    await run('starsse.unarchive', archived[0], archived);
    await run('starsse.hideArchived');
    assert.deepEqual(await Promise.all(folders.map(async (folder) => (await readLabels(folder)).archived)), [false, false, false]);
  });

  it('get a tag by being dropped on it, and nothing by being dropped elsewhere', async () => {
    const { tree, dragAndDrop } = await api();
    const [a, b] = await nodes();
    const data = new vscode.DataTransfer();
    dragAndDrop.handleDrag([a, b], data);
    assert.deepEqual(JSON.parse(await data.get(RUNS_MIME)!.asString()), folders.slice(0, 2));
    await run('starsse.groupRuns', 'tag');
    const groups = await tree.getChildren();
    await dragAndDrop.handleDrop(groups.find((node) => node.kind === 'group' && node.key === 'seen'), data);
    for (const elsewhere of [undefined, a, groups.find((node) => node.kind === 'group' && node.key === null)]) await dragAndDrop.handleDrop(elsewhere, data);
    assert.deepEqual(await Promise.all(folders.map(async (folder) => (await readLabels(folder)).tags)), [['old', 'seen'], ['seen'], ['seen']]);
    const seen = (await tree.getChildren()).find((node) => node.kind === 'group' && node.key === 'seen')!;
    assert.deepEqual((await tree.getChildren(seen)).map((node) => node.kind === 'run' && node.folder).sort(), folders);
    await run('starsse.groupRuns', 'none');
  });

  it('a snapshot that is dragged is a file for any editor, members are what Compose takes', async () => {
    const { tree, dragAndDrop } = await api();
    const [a] = await nodes();
    const [member] = await tree.getChildren(a);
    const data = new vscode.DataTransfer();
    dragAndDrop.handleDrag([member], data);
    assert.equal(await data.get('text/uri-list')!.asString(), vscode.Uri.file(path.join(folders[0], 'snapshots/member-1.safetensors')).toString());
    assert.deepEqual(dragAndDrop.dragged, [{ run: folders[0], name: 'member-1' }]);
  });

  it('what can be deleted is listed file by file; it is deleted only when chosen and confirmed', async () => {
    const files = [path.join(folders[0], 'predictions/soup-uniform-88.test.safetensors'), path.join(folders[1], 'members/member-1/resume.safetensors')];
    mkdirSync(path.dirname(files[0]), { recursive: true });
    files.forEach((file, place) => writeFileSync(file, Buffer.alloc(1000 + place)));
    await run('starsse.archive', { folder: folders[2] });
    await run('starsse.refresh');
    interface Item extends vscode.QuickPickItem { each: { kind: string; run?: { folder: string }; sizeBytes: number } }
    const ours = (items: Item[]) => items.filter(({ each }) => folders.includes(each.run?.folder ?? ''));
    const [items] = await picking<Item>(() => undefined, () => run('starsse.clean'));
    assert.deepEqual(ours(items).map(({ label, picked, each, detail }) => [label, each.kind, picked, detail?.split(' · ')[1]]).sort(), [
      ['Copy a', 'predictions', true, 'predictions/soup-uniform-88.test.safetensors'],
      ['Copy b', 'resume', true, 'members/member-1/resume.safetensors'],
      ['Copy c', 'archived', false, folders[2]],
    ]);
    const left = (list: Item[]): Item[] => ours(list).filter(({ each }) => each.kind !== 'archived');
    const refused = await answering(() => undefined, () => picking<Item>(left, () => run('starsse.clean')));
    assert.deepEqual(refused.map(({ message, buttons }) => [message, buttons]), [['Delete 2 kB?', ['Delete for Good']]]);
    assert.deepEqual(refused[0].detail.split('\n').sort(), ['Copy a: predictions/soup-uniform-88.test.safetensors', 'Copy b: members/member-1/resume.safetensors']);
    assert.deepEqual(files.map((file) => existsSync(file)), [true, true]);
    await answering(({ buttons }) => buttons[0], () => picking<Item>(left, () => run('starsse.clean')));
    assert.deepEqual(files.map((file) => existsSync(file)), [false, false]);
    assert.ok(existsSync(folders[2]));
    await run('starsse.unarchive', { folder: folders[2] });
  });

  it('are deleted together, after one question that names them; changing one\'s mind keeps them', async () => {
    const [a, b] = await nodes();
    const kept = await answering(() => undefined, () => run('starsse.delete', a, [a, b]));
    assert.deepEqual(kept, [{ message: 'Move Copy a, Copy b to the trash?', detail: folders.slice(0, 2).join('\n'), buttons: ['Move to Trash'] }]);
    assert.ok(folders.every((folder) => existsSync(folder)));
    await answering(({ buttons }) => buttons[0], () => run('starsse.delete', a, [a, b]));
    assert.deepEqual(folders.map((folder) => existsSync(folder)), [false, false, true]);
    assert.equal(await viewOf(folders[0]), null);
  });
});

describe('decorations of the tree', () => {
  it('repeat the status: a badge, a colour and words; what is not remarkable has none', () => {
    const marked = (node: RunsNode): unknown[] => {
      const uri = decoratedUri(node);
      const found = uri === undefined ? undefined : new RunDecorations().provideFileDecoration(uri);
      return [markOf(node), found?.badge, found?.color?.id, found?.tooltip];
    };
    const node = (status: 'failed' | 'interrupted' | 'running' | 'done' | 'stopped', archived = false): RunsNode & { kind: 'run' } => {
      const view = runView({ status, memberStatus: 'done' });
      return { kind: 'run', folder: view.folder, run: { ...view, labels: { ...view.labels, archived } } };
    };
    assert.deepEqual(marked(node('failed')), ['failed', '!', 'list.errorForeground', 'failed']);
    assert.deepEqual(marked(node('interrupted')), ['interrupted', '!', 'list.warningForeground', 'interrupted']);
    assert.deepEqual(marked(node('running')), ['running', undefined, 'charts.blue', 'running']);
    assert.deepEqual(marked(node('done')), ['done', undefined, undefined, undefined]);
    assert.deepEqual(marked(node('failed', true)), ['archived', 'A', 'disabledForeground', 'archived']);
    assert.deepEqual(marked({ kind: 'broken', folder: '/runs/x', error: { code: 'file-invalid', message: '' } }), ['failed', '!', 'list.errorForeground', 'failed']);
    const parent = node('done');
    parent.run.results = { rows: [resultRow('member-2', 'member', ['member-2'], 0.8)], metric: 'accuracy', bestMember: 'member-2', testImages: 1, validationImages: 1, bootstrapSamples: 1, createdAt: '' };
    assert.deepEqual(parent.run.members.map((member) => marked({ kind: 'member', parent, member }).slice(0, 2)), [['done', undefined], ['best', '★'], ['done', undefined]]);
    assert.deepEqual(marked({ kind: 'group', grouping: 'tag', key: 'good', runs: [] }), [null, undefined, undefined, undefined]);
    assert.equal(new RunDecorations().provideFileDecoration(vscode.Uri.file('/failed')), undefined);
  });
});
