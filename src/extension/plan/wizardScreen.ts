import path from 'node:path';
import * as vscode from 'vscode';
import type { Preset } from './presets.ts';
import { relativeTo } from './relativeTo.ts';
import { STEPS, type Answer, type Asker, type Choices } from './wizard.ts';

type Words = [label: string, detail?: string];

/** Puts the questions of a new plan as VS Code does: quick picks, and its own dialogs for files. @param folder of the plan */
export function screenAsker(folder: vscode.Uri): Asker {
  return {
    choose: async (question, step, options) => await choose(question, step, options),
    open: async (what) => {
      const uri = (await vscode.window.showOpenDialog({
        defaultUri: folder, canSelectFolders: what === 'folder', canSelectFiles: what !== 'folder', openLabel: vscode.l10n.t('Choose'),
        ...(what === 'checkpoint' ? { filters: { [vscode.l10n.t('Checkpoints')]: ['safetensors', 'keras', 'json'] } } : {}),
      }))?.[0];
      if (uri === undefined) return undefined;
      const entries = what === 'folder' ? (await vscode.workspace.fs.readDirectory(uri)).map(([name, type]) => ({ name, isFolder: (type & vscode.FileType.Directory) !== 0 })) : [];
      return { path: relativeTo(folder.fsPath, uri.fsPath), entries };
    },
    name: async (step) => {
      const input = vscode.window.createInputBox();
      Object.assign(input, { title: vscode.l10n.t('Create Plan'), prompt: vscode.l10n.t('What is the plan called?'), value: 'experiment', step, totalSteps: STEPS, ignoreFocusOut: true, buttons: [vscode.QuickInputButtons.Back] });
      return await asked<string>(input, () => (input.value.trim() === '' ? undefined : path.basename(input.value.trim())));
    },
    refuse: (name) => void vscode.window.showWarningMessage(vscode.l10n.t('{0} holds no data of a kind that a plan knows.', vscode.Uri.joinPath(folder, name).fsPath)),
  };
}

async function choose<Q extends keyof Choices>(question: Q, step: number, options: readonly Choices[Q][]): Promise<Answer<Choices[Q]>> {
  const input = vscode.window.createQuickPick<vscode.QuickPickItem & { value: Choices[Q] }>();
  const items = options.map((value) => {
    const [label, detail] = wordsOf(question, value);
    return { label, ...(detail === undefined ? {} : { detail }), value };
  });
  Object.assign(input, { title: vscode.l10n.t('Create Plan'), placeholder: titleOf(question), step, totalSteps: STEPS, items, matchOnDetail: true, ignoreFocusOut: true, buttons: step > 1 ? [vscode.QuickInputButtons.Back] : [] });
  return await asked<Choices[Q]>(input, () => input.selectedItems[0]?.value);
}

async function asked<T>(input: (vscode.QuickPick<vscode.QuickPickItem & { value: T }> | vscode.InputBox) & vscode.QuickInput, valueOf: () => T | undefined): Promise<Answer<T>> {
  try {
    return await new Promise<Answer<T>>((resolve) => {
      input.onDidAccept(() => {
        const value = valueOf();
        if (value !== undefined) resolve(value);
      });
      input.onDidTriggerButton(() => resolve('back'));
      input.onDidHide(() => resolve(undefined));
      input.show();
    });
  } finally {
    input.dispose();
  }
}

function titleOf(question: keyof Choices): string {
  const { l10n } = vscode;
  switch (question) {
    case 'place':
      return l10n.t('Where are the data?');
    case 'start':
      return l10n.t('What do the members start from?');
    case 'network':
      return l10n.t('Which network?');
    case 'preset':
      return l10n.t('Which method?');
  }
}

function wordsOf(question: keyof Choices, value: string): Words {
  const { l10n } = vscode;
  const presets: Record<Preset, Words> = {
    starsse: ['StarSSE', l10n.t('Every later member starts from member 1 and trains for one learning-rate cycle.')],
    'starsse-short': [l10n.t('StarSSE, small cycles'), l10n.t('Half the learning rate, half the epochs: members stay close, a soup is safe')],
    'starsse-large': [l10n.t('StarSSE, large cycles'), l10n.t('Four times the learning rate: members differ more and may leave the basin')],
    sse: ['SSE', l10n.t('Every later member starts from the member before it and trains for one learning-rate cycle.')],
    fge: ['FGE', l10n.t('Short triangular cycles, one after another or from member 1; the learning rate changes every step.')],
    'local-de': ['Local DE', l10n.t('Independent fine-tunings of one checkpoint.')],
    'fine-tuning': [l10n.t('Fine-tuning'), l10n.t('One network, with the averages of its own training.')],
  };
  const words: Record<string, Words> = {
    folder: [l10n.t('A folder'), l10n.t('Class folders of images (perhaps in train and test), IDX files or CIFAR files')],
    file: [l10n.t('A file'), l10n.t('A CSV or JSONL list of images, or NumPy arrays (.npz)')],
    checkpoint: [l10n.t('A checkpoint'), l10n.t('Pre-trained weights (.safetensors), or a model (.keras, model.json)')],
    scratch: [l10n.t('From scratch'), l10n.t('A built-in network with new weights')],
  };
  return question === 'network' ? [value] : question === 'preset' ? presets[value as Preset] : words[value];
}
