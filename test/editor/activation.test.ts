import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api } from './window.ts';

interface Contributions {
  commands: { command: string }[];
  menus: Record<string, { command: string }[]>;
}

describe('the extension', () => {
  it('registers every command that package.json names, and no other', async () => {
    await api();
    const { contributes } = vscode.extensions.getExtension('starsse.starsse')!.packageJSON as { contributes: Contributions };
    const contributed = contributes.commands.map(({ command }) => command).sort();
    const registered = (await vscode.commands.getCommands(true)).filter((command) => /^starsse\.(?!runs\.)/.test(command)).sort();
    assert.ok(contributed.length >= 12, `only ${contributed.length} commands are named`);
    assert.deepEqual(registered, contributed);
    const inMenus = Object.values(contributes.menus).flat().map(({ command }) => command);
    assert.deepEqual(inMenus.filter((command) => !contributed.includes(command)), []);
  });

  it('starts with an empty tree, an idle status bar and no timers', async () => {
    const { tree, statusBar, catalog } = await api();
    assert.deepEqual(await tree.getChildren(), []);
    assert.equal(statusBar.text, null);
    assert.deepEqual(catalog.live, []);
  });
});
