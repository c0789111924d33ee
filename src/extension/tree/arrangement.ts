import * as vscode from 'vscode';
import { isFilter } from './filter.ts';
import { GROUPINGS, type Grouping } from './grouping.ts';

/** How the tree shows the runs; the workspace remembers it. */
export interface ArrangementState {
  grouping: Grouping;
  /** As typed. */
  filter: string;
  archived: boolean;
  diskUse: boolean;
}

const KEY = 'starsse.arrangement';
const AT_FIRST: ArrangementState = { grouping: 'none', filter: '', archived: false, diskUse: false };

/** The user's choices for the Runs view, and the context keys by which menus follow them. */
export class Arrangement implements vscode.Disposable {
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  #state: ArrangementState;
  readonly onDidChange = this.#changed.event;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
    const kept = { ...AT_FIRST, ...memory.get<Partial<ArrangementState>>(KEY) };
    this.#state = { ...kept, grouping: GROUPINGS.includes(kept.grouping) ? kept.grouping : 'none' };
    this.#tellMenus();
  }

  get state(): ArrangementState {
    return this.#state;
  }

  change(part: Partial<ArrangementState>): void {
    this.#state = { ...this.#state, ...part };
    void this.#memory.update(KEY, this.#state);
    this.#tellMenus();
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #tellMenus(): void {
    const { filter, archived, diskUse } = this.#state;
    void vscode.commands.executeCommand('setContext', 'starsse.filtered', isFilter(filter));
    void vscode.commands.executeCommand('setContext', 'starsse.archivedShown', archived);
    void vscode.commands.executeCommand('setContext', 'starsse.diskUseShown', diskUse);
  }
}
