import path from 'node:path';
import * as vscode from 'vscode';
import { isPlan } from './planFiles.ts';
import { planProblems, type PlanProblem } from './planProblems.ts';

const DELAY_MS = 300;

/** Keeps the Problems view right for every open plan. */
export class PlanDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('starsse');
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #subscriptions: vscode.Disposable[];

  constructor() {
    this.#subscriptions = [
      vscode.workspace.onDidOpenTextDocument((document) => this.#schedule(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#schedule(document, DELAY_MS)),
      vscode.workspace.onDidSaveTextDocument((document) => this.#schedule(document, 0)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#collection.delete(document.uri)),
    ];
    for (const document of vscode.workspace.textDocuments) this.#schedule(document, 0);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#collection.dispose();
  }

  #schedule(document: vscode.TextDocument, delayMs: number): void {
    if (!isPlan(document.uri)) return;
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(key, setTimeout(() => void this.#check(document), delayMs));
  }

  async #check(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    const problems = await planProblems(document.getText(), path.dirname(document.uri.fsPath));
    if (document.isClosed || document.version !== version) return;
    this.#collection.set(document.uri, problems.map((problem) => toDiagnostic(document, problem)));
  }
}

function toDiagnostic(document: vscode.TextDocument, problem: PlanProblem): vscode.Diagnostic {
  const range = new vscode.Range(document.positionAt(problem.offset), document.positionAt(problem.offset + problem.length));
  const missing = problem.kind === 'missing-file';
  const message = missing ? vscode.l10n.t('{0} does not exist', problem.message) : [problem.field, problem.message].filter((part) => part !== '').join(': ');
  const diagnostic = new vscode.Diagnostic(range, message, missing ? vscode.DiagnosticSeverity.Warning : vscode.DiagnosticSeverity.Error);
  diagnostic.source = 'StarSSE';
  diagnostic.code = missing ? 'file-missing' : 'plan-invalid';
  return diagnostic;
}
