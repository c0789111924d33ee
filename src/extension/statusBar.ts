import * as vscode from 'vscode';
import type { RunCatalog } from './runs/runCatalog.ts';
import { progressOf } from './tree/nodes.ts';
import { progressText, statusWord } from './tree/words.ts';
import { escapeMarkdown } from './markdown.ts';

/** While something runs: how many runs, how far, and a click away from their dashboard. */
export class RunsStatusBar implements vscode.Disposable {
  readonly #catalog: RunCatalog;
  readonly #item: vscode.StatusBarItem;
  readonly #endListening: () => void;

  constructor(catalog: RunCatalog) {
    this.#catalog = catalog;
    this.#item = vscode.window.createStatusBarItem('starsse.status', vscode.StatusBarAlignment.Left, 10);
    this.#item.name = 'StarSSE';
    this.#endListening = catalog.onChange(() => this.#draw());
    this.#draw();
  }

  /** The text on show, null while there is none. */
  get text(): string | null {
    return this.#catalog.live.length === 0 ? null : this.#item.text;
  }

  dispose(): void {
    this.#endListening();
    this.#item.dispose();
  }

  #draw(): void {
    const runs = this.#catalog.live;
    if (runs.length === 0) return this.#item.hide();
    const { l10n } = vscode;
    const progress = progressText(runs.reduce((sum, run) => sum + progressOf(run), 0) / runs.length);
    const words = runs.length === 1 ? l10n.t('1 run, {0}', progress) : l10n.t('{0} runs, {1}', runs.length, progress);
    this.#item.text = `$(sync~spin) StarSSE: ${words}`;
    this.#item.accessibilityInformation = { label: `StarSSE: ${words}` };
    const lines = runs.map((run) => `${escapeMarkdown(run.name)}: ${progressText(progressOf(run))}, ${statusWord(run.status)}`);
    this.#item.tooltip = new vscode.MarkdownString([...lines, l10n.t('Click to open the dashboard.')].join('  \n'));
    const argument = runs.length === 1 ? [runs[0].folder] : [];
    this.#item.command = { command: 'starsse.openDashboard', title: l10n.t('Open Dashboard'), arguments: argument };
    this.#item.show();
  }
}
