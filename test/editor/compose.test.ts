import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { MadeRow } from '../../src/extension/compose/making.ts';
import { answering } from './person.ts';
import { until } from './until.ts';
import { api, finishedRun, viewOf } from './window.ts';

const rowNames = async (folder: string): Promise<string[]> => (await viewOf(folder))?.results?.rows.map(({ name }) => name) ?? [];

describe('Compose', () => {
  it('opens for a run, again for the same one, and for members that are selected', async () => {
    const folder = await finishedRun();
    await vscode.commands.executeCommand('starsse.compose', folder);
    const { composers, tree } = await api();
    const panel = composers.panels.find(({ home }) => home === folder)!;
    assert.ok(panel, 'there is no panel');
    const run = (await tree.getChildren()).find((node) => node.kind === 'run' && node.folder === folder)!;
    const [first, second] = await tree.getChildren(run);
    await vscode.commands.executeCommand('starsse.compose', first, [first, second]);
    assert.deepEqual(composers.panels.filter(({ home }) => home === folder), [panel]);
    await until('its title', () => panel.panel.title === 'Compose: finished');
    panel.panel.dispose();
  });

  it('members and runs that are selected are added to the open one; so is what is dragged onto it', async () => {
    const folder = await finishedRun();
    const other = path.join(path.dirname(folder), '20260101-000000-other');
    cpSync(folder, other, { recursive: true });
    const file = path.join(other, 'run.json');
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), id: path.basename(other) }));
    await vscode.commands.executeCommand('starsse.refresh');
    const { composers, tree, dragAndDrop } = await api();
    await tree.getChildren();
    const [run, second] = [tree.nodeOf(folder)!, tree.nodeOf(other)!];
    const [member] = await tree.getChildren(second);
    // With no Compose open it opens one.
    await vscode.commands.executeCommand('starsse.addToCompose', run);
    const panel = composers.panels.find(({ home }) => home === folder)!;
    assert.deepEqual(panel.folders, [folder]);
    await vscode.commands.executeCommand('starsse.addToCompose', run, [run, member]);
    assert.deepEqual(panel.folders, [folder, other]);
    await panel.removeRun(other);
    dragAndDrop.handleDrag([member], new vscode.DataTransfer());
    assert.deepEqual(dragAndDrop.dragged, [{ run: other, name: 'member-1' }]);
    await panel.receive({ type: 'drop' });
    assert.deepEqual(panel.folders, [folder, other]);
    panel.panel.dispose();
    await until('the panel to be forgotten', () => composers.panels.length === 0);
    rmSync(other, { recursive: true });
    await vscode.commands.executeCommand('starsse.refresh');
  });

  it('the best ensemble is one command, and one to undo: row, report and figures are gone', async () => {
    const folder = await finishedRun();
    const before = await rowNames(folder);
    const made = await vscode.commands.executeCommand<MadeRow | undefined>('starsse.bestEnsemble', folder);
    assert.ok(made, 'nothing was made: see the messages of the extension');
    const report = path.join(folder, 'analyses/ensembles', `${made.added}.json`);
    assert.ok(existsSync(report));
    assert.ok((await rowNames(folder)).includes(made.added));
    if (!made.isNew) return; // all members alike were the best already
    await vscode.commands.executeCommand('starsse.undoMade', { folder, name: made.added });
    assert.deepEqual(await rowNames(folder), before);
    assert.equal(existsSync(report), false);
  });

  it('the message that tells what was made takes it away again with its button', async () => {
    const folder = await finishedRun();
    const copy = path.join(path.dirname(folder), '20260101-000000-undo');
    cpSync(folder, copy, { recursive: true });
    for (const name of (await rowNames(folder)).filter((each) => each.startsWith('ensemble-'))) await vscode.commands.executeCommand('starsse.undoMade', { folder: copy, name });
    await vscode.commands.executeCommand('starsse.refresh');
    const before = await rowNames(copy);
    let made: MadeRow | undefined;
    const told = await answering(
      ({ buttons }) => buttons.find((button) => button === 'Undo'),
      async () => {
        made = await vscode.commands.executeCommand<MadeRow | undefined>('starsse.bestEnsemble', copy);
        await until('the undo', async () => (await rowNames(copy)).join() === before.join());
      },
    );
    assert.deepEqual([made?.isNew, told.length, told[0].buttons], [true, 1, ['Open', 'Undo']]);
    assert.match(told[0].message, new RegExp(`^${made!.added}: test accuracy `));
    assert.equal(existsSync(path.join(copy, 'analyses/ensembles', `${made!.added}.json`)), false);
    rmSync(copy, { recursive: true });
    await vscode.commands.executeCommand('starsse.refresh');
  });

  it('the best soup is one command: kept only where it beats the best member on validation data, and undone whole', async () => {
    const folder = await finishedRun();
    const before = await rowNames(folder);
    const made = await vscode.commands.executeCommand<MadeRow | undefined>('starsse.bestSoup', folder);
    const view = (await viewOf(folder))!;
    if (made === undefined) return void assert.deepEqual(await rowNames(folder), before);
    const validation = (name: string): number => view.results!.rows.find((row) => row.name === name)!.validationAccuracy;
    assert.ok(validation(made.added) > validation(view.results!.bestMember));
    if (made.isNew) await vscode.commands.executeCommand('starsse.undoMade', { folder, name: made.added });
    assert.deepEqual(await rowNames(folder), before);
    assert.equal(existsSync(path.join(folder, 'snapshots', `${made.added}.safetensors`)), !made.isNew);
  });
});
