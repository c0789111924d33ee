import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const ID = 'starsse.starsse';

describe('activation', () => {
  it('registers every command that package.json names', async () => {
    const extension = vscode.extensions.getExtension(ID);
    assert.ok(extension, `no extension ${ID}`);
    await extension.activate();
    const contributed = (extension.packageJSON.contributes.commands as { command: string }[]).map(({ command }) => command);
    assert.ok(contributed.length >= 10, `only ${contributed.length} commands are contributed`);
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(contributed.filter((command) => !registered.has(command)), []);
  });
});
