import path from 'node:path';
import * as vscode from 'vscode';
import type { Named } from '../../protocol/compose-messages.ts';
import { ComposePanel, titleOf, type ComposeParts } from './panel.ts';

export const COMPOSE_VIEW_TYPE = 'starsse.compose';

/** The open Compose panels, one a run whose table grows. VS Code brings them back after a reload from the state that the view keeps. */
export class Composers implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #parts: ComposeParts;
  readonly #panels = new Map<string, ComposePanel>();

  constructor(parts: ComposeParts) {
    this.#parts = parts;
  }

  get panels(): readonly ComposePanel[] {
    return [...this.#panels.values()];
  }

  /** The panel that members are added to: the one in front, else one that can be seen, else the one opened last. */
  get front(): ComposePanel | undefined {
    return this.panels.find(({ panel }) => panel.active) ?? this.panels.find(({ panel }) => panel.visible) ?? this.panels.at(-1);
  }

  /** @param folders the first is the run whose table this is. @param members to choose, null for all of that run */
  open(folders: readonly string[], title: string, members: Named[] | null): ComposePanel {
    const old = this.#panels.get(folders[0]);
    if (old !== undefined) {
      old.panel.reveal();
      void old.add(folders.slice(1), members ?? []);
      return old;
    }
    const panel = vscode.window.createWebviewPanel(COMPOSE_VIEW_TYPE, titleOf(title), vscode.ViewColumn.Active, { retainContextWhenHidden: false });
    return this.#add(panel, folders, members);
  }

  /** @param state what the view kept: `{ runs }`. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const runs: unknown[] = typeof state === 'object' && state !== null && 'runs' in state && Array.isArray(state.runs) ? state.runs : [];
    const folders = runs.filter((run): run is string => typeof run === 'string' && path.isAbsolute(run));
    if (folders.length === 0 || this.#panels.has(folders[0])) panel.dispose();
    else this.#add(panel, folders, null);
  }

  /** What was made of a run can be undone in its panel, if one is open. */
  undoable(folder: string, name: string): void {
    this.#panels.get(folder)?.undoable.add(name);
  }

  async refresh(folder: string): Promise<void> {
    await this.#panels.get(folder)?.refresh();
  }

  dispose(): void {
    for (const panel of this.panels) panel.dispose();
  }

  #add(panel: vscode.WebviewPanel, folders: readonly string[], members: Named[] | null): ComposePanel {
    const composer = new ComposePanel(panel, folders, members, this.#parts);
    this.#panels.set(folders[0], composer);
    this.#tellMenus();
    panel.onDidDispose(() => {
      this.#panels.delete(folders[0]);
      this.#tellMenus();
    });
    return composer;
  }

  #tellMenus(): void {
    void vscode.commands.executeCommand('setContext', 'starsse.composeOpen', this.#panels.size > 0);
  }
}
