import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { newPlan, type NewPlan } from '../../src/extension/plan/newPlan.ts';
import { until } from './until.ts';
import { api, finishedRun, workspaceFolder, writePlan } from './window.ts';

describe('the plan editor', () => {
  it('opens a plan by default; an edit is one step of undo and makes it dirty', async () => {
    const plan = writePlan('drawn', {});
    await vscode.commands.executeCommand('vscode.open', plan);
    const editor = await until('the plan editor', async () => (await api()).planEditors.editors.find(({ document }) => document.uri.fsPath === plan.fsPath));
    const { document } = editor;
    assert.deepEqual(customTab(), ['starsse.planEditor', 'drawn.starsse.json']);
    const before = document.getText();
    await editor.receive({ type: 'edit', version: document.version, edits: [{ path: ['training', 'epochs'], value: 7 }, { path: ['method', 'cycle', 'lrRatio'], value: 2 }] });
    await until('the edit', () => document.getText() !== before);
    const { training, method } = JSON.parse(document.getText()) as { training: { epochs: number }; method: { cycle: object } };
    assert.deepEqual([training.epochs, method.cycle], [7, { lrRatio: 2, epochRatio: 0.5 }]);
    assert.ok(document.isDirty);
    await vscode.commands.executeCommand('undo');
    await until('the undo', () => document.getText() === before);
  });

  it('an edit of an older text, or of text that is no JSON, is not made', async () => {
    const editor = (await api()).planEditors.editors[0];
    const { document } = editor;
    const before = document.getText();
    await editor.receive({ type: 'edit', version: document.version - 1, edits: [{ path: ['seed'], value: 3 }] });
    await editor.receive({ type: 'edit', version: document.version, edits: [] });
    await editor.receive('nonsense');
    assert.equal(document.getText(), before);
  });

  it('text takes the place of the picture with one command, and the picture that of the text with another', async () => {
    const plan = writePlan('both', {});
    await vscode.commands.executeCommand('vscode.open', plan);
    await until('the picture', () => tabsOf(plan).join() === 'picture');
    await vscode.commands.executeCommand('starsse.openPlanAsText', plan);
    await until('the text alone', () => vscode.window.activeTextEditor?.document.uri.fsPath === plan.fsPath && tabsOf(plan).join() === 'text');
    await vscode.commands.executeCommand('starsse.openPlanEditor', plan);
    await until('the picture alone', () => customTab() !== null && tabsOf(plan).join() === 'picture');
  });

  it('with unsaved changes both stay, and show the same', async () => {
    const plan = writePlan('unsaved', {});
    await vscode.commands.executeCommand('vscode.open', plan);
    const { document, receive } = await until('the plan editor', async () => {
      const editor = (await api()).planEditors.editors.find((each) => each.document.uri.fsPath === plan.fsPath);
      return editor && { document: editor.document, receive: editor.receive.bind(editor) };
    });
    await receive({ type: 'edit', version: document.version, edits: [{ path: ['seed'], value: 99 }] });
    await until('the edit', () => document.isDirty);
    await vscode.commands.executeCommand('starsse.openPlanAsText', plan);
    await until('the text', () => vscode.window.activeTextEditor?.document === document);
    assert.deepEqual(tabsOf(plan), ['picture', 'text']);
    // VS Code does not save while it still looks at a file that has just been written.
    await until('the save', async () => (await document.save()) && !document.isDirty);
    await vscode.commands.executeCommand('starsse.openPlanAsText', plan);
    await until('the text alone', () => tabsOf(plan).join() === 'text');
    assert.equal((JSON.parse(document.getText()) as { seed: number }).seed, 99);
  });

  it('two versions of a plan are compared as text', async () => {
    await vscode.commands.executeCommand('vscode.diff', writePlan('one-version', {}), writePlan('other-version', { seed: 2 }));
    await until('the diff', () => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff);
  });

  it('what the trainer finds comes to its field in Problems: a last batch of one image', async () => {
    const plan = writePlan('batch-of-one', { model: { network: 'resnet-8' }, training: { epochs: 4, batchSize: 19, optimizer: { learningRate: 0.05 } } });
    await vscode.commands.executeCommand('vscode.open', plan);
    const editor = await until('the plan editor', async () => (await api()).planEditors.editors.find(({ document }) => document.uri.fsPath === plan.fsPath));
    await editor.receive({ type: 'ask', id: 1, question: { kind: 'check' } });
    const [problem] = await until('the finding', () => {
      const found = vscode.languages.getDiagnostics(plan);
      return found.length > 0 ? found : null;
    });
    assert.match(problem.message, /^96 training images in batches of 19 leave a batch of one image/);
    assert.deepEqual([editor.document.getText(problem.range), problem.severity], ['19', vscode.DiagnosticSeverity.Error]);
  });

  it('a new plan is written under a name that is free, and opens', async () => {
    const given: NewPlan = { name: 'Ada: First Plan!', preset: 'fge', model: { network: 'mlp', checkpoint: null }, data: { kind: 'npz', train: { file: 'a.npz' } } };
    for (const name of ['ada-first-plan.starsse.json', 'ada-first-plan-2.starsse.json']) {
      const plan = await vscode.commands.executeCommand<vscode.Uri | undefined>('starsse.createPlan', given);
      assert.equal(path.basename(plan?.fsPath ?? ''), name);
      assert.deepEqual(JSON.parse(await readFile(plan!.fsPath, 'utf8')), newPlan(given));
      await until('its picture', () => customTab()?.join() === `starsse.planEditor,${name}`);
    }
  });

  it('a plan with everything as it was in a run opens under a name of its own', async () => {
    const folder = await finishedRun();
    const plan = await vscode.commands.executeCommand<vscode.Uri | undefined>('starsse.planFromRun', folder);
    assert.ok(plan, 'no plan was written: see the messages of the extension');
    assert.deepEqual([path.dirname(plan.fsPath), path.basename(plan.fsPath)], [workspaceFolder(), 'finished-2.starsse.json']);
    await until('the new plan', () => customTab()?.join() === 'starsse.planEditor,finished-2.starsse.json');
    const [was, made] = [await readPlan(path.join(workspaceFolder(), 'finished.starsse.json')), await readPlan(plan.fsPath)];
    assert.equal(made.name, 'finished, again');
    assert.deepEqual([made.data.train, made.training.epochs, made.compute.workers], [was.data.train, was.training.epochs, null]);
    // A run's plan has its defaults written in.
    assert.partialDeepStrictEqual([made.method, made.data.split], [was.method, was.data.split]);
    assert.deepEqual(vscode.languages.getDiagnostics(plan), []);
  });
});

/** How a plan is shown, tab by tab. */
function tabsOf(plan: vscode.Uri): ('picture' | 'text')[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).flatMap(({ input }) => {
    if (input instanceof vscode.TabInputCustom && input.uri.fsPath === plan.fsPath) return ['picture' as const];
    return input instanceof vscode.TabInputText && input.uri.fsPath === plan.fsPath ? ['text' as const] : [];
  });
}

/** Kind and file of the custom editor in front. */
function customTab(): [viewType: string, name: string] | null {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputCustom ? [input.viewType, path.basename(input.uri.fsPath)] : null;
}

async function readPlan(file: string) {
  return JSON.parse(await readFile(file, 'utf8')) as Record<'data' | 'training' | 'compute', Record<string, unknown>> & { name: string; method: object };
}
