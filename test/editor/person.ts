/** A person who answers what the window asks: the suite and the extension share one API object, as they lie in one extension. */
import * as vscode from 'vscode';

/** What was asked, as the tests compare it. */
export interface Asked {
  message: string;
  detail: string;
  buttons: string[];
}

/** Answers each question of a dialog or a message with `answer`, undefined closes it. @returns what was asked while `act` went on */
export async function answering(answer: (asked: Asked) => string | undefined, act: () => Thenable<unknown>): Promise<Asked[]> {
  const asked: Asked[] = [];
  const message = (text: string, options: vscode.MessageOptions | string = {}, ...others: string[]): Promise<string | undefined> => {
    const isButton = typeof options === 'string';
    asked.push({ message: text, detail: isButton ? '' : (options.detail ?? ''), buttons: isButton ? [options, ...others] : others });
    return Promise.resolve(answer(asked.at(-1)!));
  };
  const { showWarningMessage, showInformationMessage } = vscode.window;
  Object.assign(vscode.window, { showWarningMessage: message, showInformationMessage: message });
  try {
    await act();
  } finally {
    Object.assign(vscode.window, { showWarningMessage, showInformationMessage });
  }
  return asked;
}

/** Picks from each list what `choose` gives of its items. @returns the items of the lists */
export async function picking<T extends vscode.QuickPickItem>(choose: (items: T[]) => T[] | T | undefined, act: () => Thenable<unknown>): Promise<T[][]> {
  const lists: T[][] = [];
  const before = vscode.window.showQuickPick;
  const list = async (items: T[] | Thenable<T[]>): Promise<T[] | T | undefined> => choose(lists[lists.push(await items) - 1]);
  Object.assign(vscode.window, { showQuickPick: list });
  try {
    await act();
  } finally {
    Object.assign(vscode.window, { showQuickPick: before });
  }
  return lists;
}

/** Accepts a list of checkboxes once `touch` has gone over what is checked. @returns what was checked when it opened */
export async function checking(touch: (checked: string[], labels: string[]) => string[], act: () => Thenable<unknown>): Promise<string[]> {
  const before = vscode.window.createQuickPick;
  let first: string[] = [];
  const [accepted, hidden] = [new vscode.EventEmitter<void>(), new vscode.EventEmitter<void>()];
  const nothing = new vscode.EventEmitter<never>().event;
  const pick = {
    items: [] as vscode.QuickPickItem[], selectedItems: [] as vscode.QuickPickItem[], value: '',
    onDidAccept: accepted.event, onDidHide: hidden.event, onDidChangeValue: nothing, onDidChangeSelection: nothing,
    show: () => setTimeout(() => {
      first = pick.selectedItems.map(({ label }) => label);
      const wanted = touch(first, pick.items.map(({ label }) => label));
      pick.selectedItems = pick.items.filter(({ label }) => wanted.includes(label));
      accepted.fire();
    }),
    hide: () => hidden.fire(),
    dispose: () => undefined,
  };
  Object.assign(vscode.window, { createQuickPick: () => pick });
  try {
    await act();
  } finally {
    Object.assign(vscode.window, { createQuickPick: before });
  }
  return first;
}
