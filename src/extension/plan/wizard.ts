import path from 'node:path';
import * as vscode from 'vscode';
import { NETWORKS, type PlanInput } from '../../protocol/plan.ts';
import { relativeTo } from './browse.ts';
import { dataInFile, dataInFolder } from './foundData.ts';
import type { NewPlan } from './newPlan.ts';
import { PRESETS, type Preset } from './presets.ts';

const STEPS = 4;
type Item<T> = vscode.QuickPickItem & { value: T };
type Answer<T> = T | 'back' | undefined;

/** Data, network, method, name, one question after another, each with a way back. @returns undefined when the user leaves */
export async function askForPlan(folder: vscode.Uri): Promise<NewPlan | undefined> {
  const plan: Partial<NewPlan> = {};
  const steps: (() => Promise<Answer<true>>)[] = [
    async () => taken(await askForData(folder), (data) => (plan.data = data)),
    async () => taken(await askForModel(folder, plan.data?.kind === 'npz'), (model) => (plan.model = model)),
    async () => taken(await pick(3, vscode.l10n.t('Which method?'), presetItems()), (preset) => (plan.preset = preset)),
    async () => taken(await askForName(), (name) => (plan.name = name)),
  ];
  for (let step = 0; step < steps.length; ) {
    const answer = await steps[step]();
    if (answer === undefined) return undefined;
    step += answer === 'back' ? -1 : 1;
  }
  return plan as NewPlan;
}

function taken<T>(answer: Answer<T>, take: (value: T) => void): Answer<true> {
  if (answer === undefined || answer === 'back') return answer as Answer<true>;
  take(answer);
  return true;
}

async function askForData(folder: vscode.Uri): Promise<Answer<PlanInput['data']>> {
  const { l10n } = vscode;
  const items: Item<'folder' | 'file'>[] = [
    { label: l10n.t('A folder'), detail: l10n.t('Class folders of images (perhaps in train and test), IDX files or CIFAR files'), value: 'folder' },
    { label: l10n.t('A file'), detail: l10n.t('A CSV or JSONL list of images, or NumPy arrays (.npz)'), value: 'file' },
  ];
  const kind = await pick(1, l10n.t('Where are the data?'), items);
  if (kind === undefined || kind === 'back') return kind;
  const chosen = await vscode.window.showOpenDialog({ defaultUri: folder, canSelectFolders: kind === 'folder', canSelectFiles: kind === 'file', openLabel: l10n.t('Choose') });
  const uri = chosen?.[0];
  if (uri === undefined) return undefined;
  const name = relativeTo(folder.fsPath, uri.fsPath);
  const entries = kind === 'file' ? [] : (await vscode.workspace.fs.readDirectory(uri)).map(([entry, type]) => ({ name: entry, isFolder: (type & vscode.FileType.Directory) !== 0 }));
  const data = kind === 'file' ? dataInFile(name) : dataInFolder(name, entries);
  if (data !== null) return data;
  void vscode.window.showWarningMessage(l10n.t('{0} holds no data of a kind that a plan knows.', uri.fsPath));
  return await askForData(folder);
}

async function askForModel(folder: vscode.Uri, features: boolean): Promise<Answer<PlanInput['model']>> {
  const { l10n } = vscode;
  const networks = features ? (['mlp', 'linear'] as const) : NETWORKS;
  const items: Item<'file' | 'scratch'>[] = [
    { label: l10n.t('A checkpoint'), detail: l10n.t('Pre-trained weights (.safetensors), or a model (.keras, model.json)'), value: 'file' },
    { label: l10n.t('From scratch'), detail: l10n.t('A built-in network with new weights'), value: 'scratch' },
  ];
  const from = await pick(2, l10n.t('What do the members start from?'), items);
  if (from === undefined || from === 'back') return from;
  let checkpoint: string | null = null;
  if (from === 'file') {
    const chosen = await vscode.window.showOpenDialog({ defaultUri: folder, openLabel: l10n.t('Choose'), filters: { [l10n.t('Checkpoints')]: ['safetensors', 'keras', 'json', 'h5'] } });
    if (chosen?.[0] === undefined) return undefined;
    checkpoint = relativeTo(folder.fsPath, chosen[0].fsPath);
    if (/\.(keras|json)$/.test(checkpoint)) return { checkpoint };
  }
  const network = await pick(2, l10n.t('Which network?'), networks.map((name) => ({ label: name, value: name })));
  if (network === 'back') return await askForModel(folder, features);
  return network === undefined ? undefined : { network, checkpoint };
}

function presetItems(): Item<Preset>[] {
  const { l10n } = vscode;
  const words: Record<Preset, [label: string, detail: string]> = {
    starsse: ['StarSSE', l10n.t('Every later member starts from member 1 and trains for one learning-rate cycle.')],
    'starsse-short': [l10n.t('StarSSE, small cycles'), l10n.t('Half the learning rate, half the epochs: members stay close, a soup is safe')],
    'starsse-large': [l10n.t('StarSSE, large cycles'), l10n.t('Four times the learning rate: members differ more and may leave the basin')],
    sse: ['SSE', l10n.t('Every later member starts from the member before it and trains for one learning-rate cycle.')],
    fge: ['FGE', l10n.t('Short triangular cycles, one after another or from member 1; the learning rate changes every step.')],
    'local-de': ['Local DE', l10n.t('Independent fine-tunings of one checkpoint.')],
    'fine-tuning': [l10n.t('Fine-tuning'), l10n.t('One network, with the averages of its own training.')],
  };
  return PRESETS.map((value) => ({ label: words[value][0], detail: words[value][1], value }));
}

async function pick<T>(step: number, title: string, items: Item<T>[]): Promise<Answer<T>> {
  const input = vscode.window.createQuickPick<Item<T>>();
  Object.assign(input, { title: vscode.l10n.t('Create Plan'), placeholder: title, step, totalSteps: STEPS, items, matchOnDetail: true, ignoreFocusOut: true, buttons: step > 1 ? [vscode.QuickInputButtons.Back] : [] });
  return await asked<T>(input, () => input.selectedItems[0]?.value);
}

async function askForName(): Promise<Answer<string>> {
  const input = vscode.window.createInputBox();
  Object.assign(input, { title: vscode.l10n.t('Create Plan'), prompt: vscode.l10n.t('What is the plan called?'), value: 'experiment', step: STEPS, totalSteps: STEPS, ignoreFocusOut: true, buttons: [vscode.QuickInputButtons.Back] });
  return await asked<string>(input, () => (input.value.trim() === '' ? undefined : path.basename(input.value.trim())));
}

async function asked<T>(input: (vscode.QuickPick<Item<T>> | vscode.InputBox) & vscode.QuickInput, valueOf: () => T | undefined): Promise<Answer<T>> {
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
