import path from 'node:path';
import * as vscode from 'vscode';
import type { Estimate } from '../../protocol/plan-check.ts';
import { PlanToHostSchema, type PlanAnswer, type PlanQuestion, type PlanToHost, type PlanToView } from '../../protocol/plan-editor-messages.ts';
import { Questions, type QuestionContext } from '../pages/questions.ts';
import { received } from '../pages/received.ts';
import { showPage } from '../pages/showPage.ts';
import { notOnDisk, requireTrust, runTaskHere } from '../runActions.ts';
import { runsFolderOf } from '../settings.ts';
import type { PlanDiagnostics } from './diagnostics.ts';
import { browse } from './browse.ts';
import type { PlanChecks } from './planChecks.ts';
import { savedPlan } from './planFiles.ts';
import { documentOf, replacementFor } from './planText.ts';

export const PLAN_EDITOR = 'starsse.planEditor';

export interface PlanEditorParts {
  extensionUri: vscode.Uri;
  log: vscode.LogOutputChannel;
  checks: PlanChecks;
  diagnostics: PlanDiagnostics;
}

/** What the dry run of a plan gave; kept while the window is open, so that a hidden view finds it again. */
const estimates = new Map<string, { estimate: Estimate; value: unknown }>();

/** Plans as a picture and a form. VS Code owns the text: undo, dirty state, diff and hot exit are those of its document. */
export class PlanEditors implements vscode.CustomTextEditorProvider {
  readonly #parts: PlanEditorParts;
  readonly #open = new Set<PlanEditor>();

  constructor(parts: PlanEditorParts) {
    this.#parts = parts;
  }

  get editors(): readonly PlanEditor[] {
    return [...this.#open];
  }

  resolveCustomTextEditor(document: vscode.TextDocument, panel: vscode.WebviewPanel): void {
    const editor = new PlanEditor(document, panel, this.#parts);
    this.#open.add(editor);
    panel.onDidDispose(() => {
      this.#open.delete(editor);
      editor.dispose();
    });
  }
}

/** One view of one plan. */
export class PlanEditor implements vscode.Disposable {
  readonly document: vscode.TextDocument;
  readonly panel: vscode.WebviewPanel;
  readonly #parts: PlanEditorParts;
  readonly #questions: Questions<PlanQuestion, PlanAnswer>;
  readonly #subscriptions: vscode.Disposable[];
  #listening = false;
  #disposed = false;

  constructor(document: vscode.TextDocument, panel: vscode.WebviewPanel, parts: PlanEditorParts) {
    this.document = document;
    this.panel = panel;
    this.#parts = parts;
    this.#questions = new Questions((question, context) => this.#answer(question, context), (message) => this.#post(message));
    const isMine = ({ uri }: { uri: vscode.Uri }): boolean => uri.toString() === document.uri.toString();
    this.#subscriptions = [
      panel.webview.onDidReceiveMessage((message: unknown) => void this.receive(message)),
      panel.onDidChangeViewState(() => {
        if (panel.visible) return;
        this.#listening = false;
        this.#questions.hide();
      }),
      vscode.workspace.onDidChangeTextDocument((event) => isMine(event.document) && event.contentChanges.length > 0 && this.#post({ type: 'document', document: this.#document() })),
      vscode.workspace.onDidSaveTextDocument((saved) => isMine(saved) && panel.visible && parts.checks.request(saved.uri)),
      parts.diagnostics.onDidChange((uri) => isMine({ uri }) && this.#postIssues()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#post({ type: 'trusted', trusted: true })),
    ];
    showPage(panel.webview, parts.extensionUri, 'plan', path.basename(document.uri.fsPath));
  }

  dispose(): void {
    this.#disposed = true;
    this.#listening = false;
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** A message of the view, whatever it is. */
  async receive(raw: unknown): Promise<void> {
    const message = received(PlanToHostSchema, raw, 'the plan editor', this.#parts.log);
    if (message === null) return;
    switch (message.type) {
      case 'ready':
        return await this.#ready();
      case 'edit':
        return await this.#edit(message);
      case 'ask': {
        const answer = await this.#questions.ask(message.id, message.question);
        if (answer !== null && 'code' in answer && answer.code !== 'cancelled') this.#parts.log.error(`${message.question.kind}: ${answer.message}`);
        return;
      }
      case 'cancel':
        this.#questions.cancel(message.id);
    }
  }

  async #ready(): Promise<void> {
    const schema = JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.#parts.extensionUri, 'media', 'plan.schema.json')))) as unknown;
    this.#listening = true;
    const { uri } = this.document;
    this.#post({
      type: 'snapshot',
      document: this.#document(),
      issues: this.#parts.diagnostics.issuesOf(uri),
      schema,
      facts: this.#parts.checks.stateOf(uri).facts,
      estimate: estimates.get(uri.toString()) ?? null,
      trusted: vscode.workspace.isTrusted,
      tasks: this.#questions.tasks(),
      texts: (vscode.l10n.bundle ?? {}) as Record<string, string>,
    });
    this.#questions.listen();
  }

  /** One step of undo. An edit of a text that has changed meanwhile, or that is no JSON, is not made. */
  async #edit({ version, edits }: Extract<PlanToHost, { type: 'edit' }>): Promise<void> {
    const text = this.document.getText();
    const now = this.#document();
    const replacement = version === now.version && now.syntax === null ? replacementFor(text, edits) : null;
    if (replacement === null) return this.#post({ type: 'document', document: now });
    const { offset, length } = replacement;
    const edit = new vscode.WorkspaceEdit();
    edit.replace(this.document.uri, new vscode.Range(this.document.positionAt(offset), this.document.positionAt(offset + length)), replacement.text);
    if (!(await vscode.workspace.applyEdit(edit))) this.#post({ type: 'document', document: this.#document() });
  }

  async #answer(question: PlanQuestion, context: QuestionContext): Promise<PlanAnswer> {
    const { uri } = this.document;
    if (['start', 'check', 'estimate'].includes(question.kind) && uri.scheme !== 'file') throw notOnDisk(uri);
    switch (question.kind) {
      case 'text':
        await vscode.commands.executeCommand('starsse.openPlanAsText', uri);
        return { kind: 'done' };
      case 'browse': {
        const edit = await browse(this.document, question);
        if (edit !== null) await this.#edit({ type: 'edit', version: this.document.version, edits: [edit] });
        return { kind: 'done' };
      }
      case 'start':
        requireTrust();
        this.#parts.checks.drop(uri);
        await vscode.commands.executeCommand('starsse.startRun', uri);
        return { kind: 'done' };
      case 'check':
        requireTrust();
        await savedPlan(uri);
        this.#parts.checks.request(uri);
        return { kind: 'done' };
      case 'estimate': {
        requireTrust();
        const { value } = documentOf(await savedPlan(uri), this.document.version);
        const estimate = await runTaskHere('estimate', [uri.fsPath, JSON.stringify({ runsFolder: runsFolderOf(uri) })], context);
        estimates.set(uri.toString(), { estimate, value });
        return { kind: 'estimate', estimate, value };
      }
    }
  }

  #document() {
    return documentOf(this.document.getText(), this.document.version);
  }

  #postIssues(): void {
    const { facts, checking } = this.#parts.checks.stateOf(this.document.uri);
    this.#post({ type: 'issues', issues: this.#parts.diagnostics.issuesOf(this.document.uri), facts, checking });
  }

  #post(message: PlanToView): void {
    if (this.#listening && !this.#disposed && this.panel.visible) void this.panel.webview.postMessage(message);
  }
}
