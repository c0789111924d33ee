import path from 'node:path';
import { parseTree } from 'jsonc-parser';
import * as vscode from 'vscode';
import type { PlanFinding } from '../../protocol/plan-check.ts';
import type { FieldIssue } from '../../protocol/plan-editor-messages.ts';
import type { PlanChecks } from './planChecks.ts';
import { isPlan } from './planFiles.ts';
import { planProblems, rangeOf, type PlanProblem } from './planProblems.ts';

const DELAY_MS = 300;

/** Keeps the Problems view right for every open plan: what its text shows at once, and what the trainer found in the file. */
export class PlanDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('starsse');
  readonly #checks: PlanChecks;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #problems = new Map<string, PlanProblem[]>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: vscode.Disposable[];
  /** The issues of a plan are others. */
  readonly onDidChange = this.#changed.event;

  constructor(checks: PlanChecks) {
    this.#checks = checks;
    this.#subscriptions = [
      vscode.workspace.onDidOpenTextDocument((document) => this.#schedule(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#schedule(document, DELAY_MS)),
      vscode.workspace.onDidSaveTextDocument((document) => this.#schedule(document, 0)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)),
      checks.onDidChange((uri) => this.#show(uri)),
    ];
    for (const document of vscode.workspace.textDocuments) this.#schedule(document, 0);
  }

  /** What is wrong at which field, for the plan editor. */
  issuesOf(uri: vscode.Uri): FieldIssue[] {
    const problems = (this.#problems.get(uri.toString()) ?? []).map((problem): FieldIssue => ({ path: problem.path, severity: isMissing(problem) ? 'warning' : 'error', message: messageOf(problem) }));
    return [...problems, ...this.#findings(uri).map(({ path: keys, severity, message, hint }) => ({ path: keys, severity, message: withHint(message, hint) }))];
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
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
    this.#problems.set(document.uri.toString(), problems);
    this.#show(document.uri);
  }

  #forget({ uri }: vscode.TextDocument): void {
    this.#problems.delete(uri.toString());
    this.#collection.delete(uri);
  }

  #show(uri: vscode.Uri): void {
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
    if (document !== undefined) {
      const tree = parseTree(document.getText());
      const found = tree === undefined ? [] : this.#findings(uri).map((finding) => toDiagnostic(document, { ...finding, ...rangeOf(tree, finding.path), message: withHint(finding.message, finding.hint) }));
      const own = (this.#problems.get(uri.toString()) ?? []).map((problem) =>
        toDiagnostic(document, {
          ...problem,
          severity: isMissing(problem) ? 'warning' : 'error',
          code: isMissing(problem) ? 'file-missing' : 'plan-invalid',
          message: [isMissing(problem) || problem.message.startsWith(problem.field) ? '' : problem.field, messageOf(problem)].filter((part) => part !== '').join(': '),
        }),
      );
      this.#collection.set(uri, [...own, ...found]);
    }
    this.#changed.fire(uri);
  }

  /** Of the trainer, without those that the text shows by itself. */
  #findings(uri: vscode.Uri): PlanFinding[] {
    const known = this.#problems.get(uri.toString()) ?? [];
    const fields = new Set(known.map(({ field }) => field));
    return this.#checks.stateOf(uri).findings.filter(({ path: keys }) => keys.length === 0 || !fields.has(keys.join('.')));
  }
}

function isMissing({ kind }: PlanProblem): boolean {
  return kind === 'missing-file';
}

function messageOf(problem: PlanProblem): string {
  return isMissing(problem) ? vscode.l10n.t('{0} does not exist', problem.message) : problem.message;
}

function withHint(message: string, hint: string | undefined): string {
  return hint === undefined ? message : `${message}. ${hint}`;
}

function toDiagnostic(document: vscode.TextDocument, { offset, length, message, severity, code }: { offset: number; length: number; message: string; severity: 'error' | 'warning'; code: string }): vscode.Diagnostic {
  const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
  const diagnostic = new vscode.Diagnostic(range, message, severity === 'warning' ? vscode.DiagnosticSeverity.Warning : vscode.DiagnosticSeverity.Error);
  diagnostic.source = 'StarSSE';
  diagnostic.code = code;
  return diagnostic;
}
