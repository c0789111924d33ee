import path from 'node:path';
import * as vscode from 'vscode';
import { Inspection, type InspectionParts } from './inspection.ts';

export const COMPARISON_VIEW_TYPE = 'starsse.checkpointDiff';

/** The panels in which two checkpoints are compared. VS Code brings them back after a reload from the state that the view keeps. */
export class Comparisons implements vscode.WebviewPanelSerializer {
  readonly #parts: InspectionParts;
  readonly #panels = new Map<string, vscode.WebviewPanel>();

  constructor(parts: InspectionParts) {
    this.#parts = parts;
  }

  /** @param a and b absolute; a is what b is compared with */
  open(a: string, b: string): void {
    const old = this.#panels.get(keyOf(a, b));
    if (old !== undefined) return old.reveal();
    const title = `${path.basename(a)} ↔ ${path.basename(b)}`;
    this.#add(vscode.window.createWebviewPanel(COMPARISON_VIEW_TYPE, title, vscode.ViewColumn.Active, { retainContextWhenHidden: false }), a, b);
  }

  /** @param state what the view kept: `{ files: [a, b] }`. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const files = typeof state === 'object' && state !== null && 'files' in state && Array.isArray(state.files) ? state.files.map(String) : [];
    if (files.length !== 2 || !files.every((file) => path.isAbsolute(file)) || this.#panels.has(keyOf(files[0], files[1]))) return panel.dispose();
    this.#add(panel, files[0], files[1]);
  }

  #add(panel: vscode.WebviewPanel, a: string, b: string): void {
    panel.iconPath = new vscode.ThemeIcon('diff');
    this.#panels.set(keyOf(a, b), panel);
    panel.onDidDispose(() => this.#panels.delete(keyOf(a, b)));
    void new Inspection(panel, [a, b], this.#parts);
  }
}

function keyOf(a: string, b: string): string {
  return `${a}\n${b}`;
}
