import path from 'node:path';
import * as vscode from 'vscode';
import { DashboardPanel, type PanelParts } from './panel.ts';

export const DASHBOARD_VIEW_TYPE = 'starsse.dashboard';

export type DashboardsParts = Omit<PanelParts, 'answerer'> & { answererOf(folder: string): PanelParts['answerer'] };

/** The open dashboards, one a run. VS Code brings them back after a reload from the state that the view keeps. */
export class Dashboards implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #parts: DashboardsParts;
  readonly #panels = new Map<string, DashboardPanel>();
  readonly #visibility = new vscode.EventEmitter<void>();
  /** A dashboard was shown, hidden, opened or closed. */
  readonly onDidChangeVisibility = this.#visibility.event;

  constructor(parts: DashboardsParts) {
    this.#parts = parts;
  }

  get panels(): readonly DashboardPanel[] {
    return [...this.#panels.values()];
  }

  get anyVisible(): boolean {
    return this.panels.some(({ panel }) => panel.visible);
  }

  /** The dashboard in the editor in front, if there is one. */
  get active(): DashboardPanel | undefined {
    return this.panels.find(({ panel }) => panel.active);
  }

  open(folder: string, title: string): DashboardPanel {
    const old = this.#panels.get(folder);
    if (old !== undefined) {
      old.panel.reveal();
      return old;
    }
    const panel = vscode.window.createWebviewPanel(DASHBOARD_VIEW_TYPE, title, vscode.ViewColumn.Active, { retainContextWhenHidden: false });
    return this.#add(panel, folder);
  }

  /** @param state what the view kept: `{ folder }`. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const folder = typeof state === 'object' && state !== null && 'folder' in state ? state.folder : undefined;
    if (typeof folder !== 'string' || !path.isAbsolute(folder) || this.#panels.has(folder)) {
      panel.dispose();
      return;
    }
    this.#add(panel, folder);
  }

  close(folder: string): void {
    this.#panels.get(folder)?.panel.dispose();
  }

  dispose(): void {
    for (const dashboard of this.panels) dashboard.dispose();
    this.#visibility.dispose();
  }

  #add(panel: vscode.WebviewPanel, folder: string): DashboardPanel {
    const { answererOf, ...parts } = this.#parts;
    const dashboard = new DashboardPanel(panel, folder, { ...parts, answerer: answererOf(folder) });
    this.#panels.set(folder, dashboard);
    panel.onDidChangeViewState(() => this.#visibility.fire());
    panel.onDidDispose(() => {
      this.#panels.delete(folder);
      this.#visibility.fire();
    });
    this.#visibility.fire();
    return dashboard;
  }
}
