import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from './until.ts';
import { writePlan } from './window.ts';

function problems(plan: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(plan).filter(({ source }) => source === 'StarSSE');
}

describe('a plan in the editor', () => {
  it('a field that does not fit is a problem at its place, and gone when it is mended', async () => {
    const plan = writePlan('wrong', { training: { epochs: 0, optimizer: { learningRate: 0.05 } } });
    const document = await vscode.workspace.openTextDocument(plan);
    const [problem] = await until('the problem', () => (problems(plan).length > 0 ? problems(plan) : null));
    assert.equal(document.getText(problem.range), '0');
    assert.match(problem.message, /training\.epochs/);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(plan, problem.range, '2');
    assert.ok(await vscode.workspace.applyEdit(edit));
    await until('the problem to go', () => problems(plan).length === 0);
    await document.save();
  });

  it('a file that is not there is named', async () => {
    const plan = writePlan('no-checkpoint', { model: { network: 'mlp', checkpoint: 'nowhere.safetensors' } });
    await vscode.workspace.openTextDocument(plan);
    const [problem] = await until('the problem', () => (problems(plan).length > 0 ? problems(plan) : null));
    assert.match(problem.message, /nowhere\.safetensors/);
  });

  it('has a lens that starts the run', async () => {
    const plan = writePlan('lens', {});
    await vscode.window.showTextDocument(plan);
    const lenses = await until('the lens', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', plan, 10);
      return found.some(({ command }) => command?.command === 'starsse.startRun') ? found : null;
    });
    const start = lenses.find(({ command }) => command?.command === 'starsse.startRun')!;
    assert.equal(String(start.command?.arguments?.[0]), String(plan));
  });

  it('that is wrong starts nothing', async () => {
    const plan = writePlan('wrong-start', { training: { epochs: 0, optimizer: { learningRate: 0.05 } } });
    assert.equal(await vscode.commands.executeCommand('starsse.startRun', plan), undefined);
  });
});
