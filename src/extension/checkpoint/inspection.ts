import * as vscode from 'vscode';
import type { FilterImages, TensorDifference, TensorStatistics } from '../../protocol/checkpoint.ts';
import { ToHostSchema, type Answer, type Question, type Subject, type ToView } from '../../protocol/checkpoint-messages.ts';
import { StarsseError } from '../../protocol/errors.ts';
import { Questions, type QuestionContext } from '../pages/questions.ts';
import { received } from '../pages/received.ts';
import { showPage } from '../pages/showPage.ts';
import { requireTrust, reveal, runTaskHere } from '../runActions.ts';
import { readCheckpointView } from './readCheckpoint.ts';

/** A kind of editor has one priority: of safetensors files it is the default, of others, which may be edited as text, an option. */
export const CHECKPOINT_EDITOR = 'starsse.checkpoint';
export const CHECKPOINT_OPTION = 'starsse.checkpointOption';
/** Copying writes a file in many steps; it is read again when it was quiet for so long. */
const QUIET_MS = 400;

export interface InspectionParts {
  extensionUri: vscode.Uri;
  log: vscode.LogOutputChannel;
  openRun(folder: string, name: string): void;
}

/** One file, or two that are compared, in a webview. What was worked out is kept while the view is hidden, until a file changes. */
export class Inspection implements vscode.Disposable {
  readonly #panel: vscode.WebviewPanel;
  readonly #files: readonly string[];
  readonly #parts: InspectionParts;
  readonly #questions: Questions<Question, Answer>;
  readonly #subscriptions: vscode.Disposable[];
  readonly #closed = new AbortController();
  #subject: Promise<Subject> | null = null;
  #statistics = new Map<string, TensorStatistics>();
  #filters = new Map<string, FilterImages>();
  #differences: TensorDifference[] | null = null;
  #listening = false;
  #quiet: NodeJS.Timeout | null = null;

  /** @param files one or two, absolute */
  constructor(panel: vscode.WebviewPanel, files: readonly string[], parts: InspectionParts) {
    this.#panel = panel;
    this.#files = files;
    this.#parts = parts;
    this.#questions = new Questions((question, context) => this.#answer(question, context), (message) => this.#post(message));
    this.#subscriptions = [
      panel.webview.onDidReceiveMessage((message: unknown) => void this.#receive(message)),
      panel.onDidChangeViewState(() => this.#visibilityChanged()),
      panel.onDidDispose(() => this.dispose()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#changed()),
      ...files.map((file) => this.#watch(file)),
    ];
    showPage(panel.webview, parts.extensionUri, 'checkpoint', panel.title);
  }

  dispose(): void {
    this.#listening = false;
    this.#closed.abort();
    if (this.#quiet !== null) clearTimeout(this.#quiet);
    for (const { id } of this.#questions.tasks()) this.#questions.cancel(id);
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose();
  }

  #watch(file: string): vscode.Disposable {
    const uri = vscode.Uri.file(file);
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), uri.path.slice(uri.path.lastIndexOf('/') + 1)));
    watcher.onDidChange(() => this.#changed());
    watcher.onDidCreate(() => this.#changed());
    watcher.onDidDelete(() => this.#changed());
    return watcher;
  }

  #changed(): void {
    if (this.#quiet !== null) clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      this.#subject = null;
      this.#statistics.clear();
      this.#filters.clear();
      this.#differences = null;
      if (this.#listening) void this.#show();
    }, QUIET_MS);
  }

  #visibilityChanged(): void {
    if (this.#panel.visible) return;
    this.#listening = false;
    this.#questions.hide();
  }

  async #receive(raw: unknown): Promise<void> {
    const message = received(ToHostSchema, raw, 'the checkpoint inspector', this.#parts.log);
    if (message === null) return;
    if (message.type === 'ready') await this.#show();
    else if (message.type === 'cancel') this.#questions.cancel(message.id);
    else await this.#questions.ask(message.id, message.question);
  }

  async #show(): Promise<void> {
    this.#listening = true;
    this.#subject ??= this.#read();
    const subject = await this.#subject;
    if (!this.#listening) return;
    this.#post({
      type: 'snapshot', files: [...this.#files], subject, statistics: [...this.#statistics.values()], filters: [...this.#filters.values()],
      differences: this.#differences, trusted: vscode.workspace.isTrusted, tasks: this.#questions.tasks(), texts: vscode.l10n.bundle ?? {},
    });
    this.#questions.listen();
  }

  async #read(): Promise<Subject> {
    const context = { signal: this.#closed.signal, report: () => undefined };
    let current = this.#files[0];
    try {
      const a = await readCheckpointView(current, context);
      if (this.#files.length === 1) return { kind: 'one', checkpoint: a };
      current = this.#files[1];
      return { kind: 'two', a, b: await readCheckpointView(current, context) };
    } catch (thrown) {
      const error = StarsseError.from(thrown);
      this.#parts.log.error(`${current}: ${error.message}`);
      return { kind: 'broken', path: current, error: error.toJSON() };
    }
  }

  async #answer(question: Question, context: QuestionContext): Promise<Answer> {
    const [file] = this.#files;
    switch (question.kind) {
      case 'statistics': {
        requireTrust();
        const statistics = await runTaskHere('tensor-statistics', [JSON.stringify({ file, ...(question.names === null ? {} : { names: question.names }) })], context);
        for (const each of statistics) this.#statistics.set(each.name, each);
        return { kind: 'statistics', statistics };
      }
      case 'filters': {
        requireTrust();
        const images = await runTaskHere('tensor-filters', [JSON.stringify({ file, name: question.name })], context);
        this.#filters.set(images.name, images);
        return { kind: 'filters', images };
      }
      case 'differences':
        requireTrust();
        this.#differences = await runTaskHere('tensor-difference', [JSON.stringify({ a: file, b: this.#files[1] })], context);
        return { kind: 'differences', differences: this.#differences };
      case 'copy':
        await vscode.env.clipboard.writeText(question.text);
        return { kind: 'done' };
      case 'reveal':
        await reveal(file);
        return { kind: 'done' };
      case 'compare':
        await vscode.commands.executeCommand('starsse.compareCheckpoints', vscode.Uri.file(file));
        return { kind: 'done' };
      case 'open-parent': {
        const subject = await this.#subject;
        const parent = subject?.kind === 'one' ? subject.checkpoint.lineage.parents.find(({ name }) => name === question.name)?.file : null;
        if (parent) await openCheckpoint(vscode.Uri.file(parent));
        return { kind: 'done' };
      }
      case 'open':
        await this.#open(question.what);
        return { kind: 'done' };
    }
  }

  async #open(what: 'run' | 'a' | 'b' | 'text'): Promise<void> {
    const subject = await this.#subject;
    if (what === 'run' && subject?.kind === 'one' && subject.checkpoint.lineage.run !== null) {
      const { folder, name } = subject.checkpoint.lineage.run;
      this.#parts.openRun(folder, name);
    } else if (what === 'text') {
      await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(subject?.kind === 'broken' ? subject.path : this.#files[0]), 'default');
    } else if (what === 'a' || what === 'b') {
      await openCheckpoint(vscode.Uri.file(this.#files[what === 'a' ? 0 : 1]));
    }
  }

  #post(message: ToView): void {
    if (this.#listening && this.#panel.visible) void this.#panel.webview.postMessage(message);
  }
}

export async function openCheckpoint(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', uri, uri.path.endsWith('.safetensors') ? CHECKPOINT_EDITOR : CHECKPOINT_OPTION);
}
