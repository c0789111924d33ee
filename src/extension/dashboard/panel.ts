import * as vscode from 'vscode';
import { StarsseError } from '../../protocol/errors.ts';
import { ToHostSchema, type Answer, type Question, type ToHost, type ToView } from '../../protocol/messages.ts';
import type { RunView } from '../../protocol/run.ts';
import { showError } from '../errors.ts';
import { isLive } from '../runs/runCatalog.ts';
import { AnalysesFollower } from './analysesFollower.ts';
import { FolderSource } from './folderSource.ts';
import { messagePage } from '../pages/page.ts';
import { Questions, type Answerer } from '../pages/questions.ts';
import { received } from '../pages/received.ts';
import { showPage } from '../pages/showPage.ts';
import { RunFollower } from './runFollower.ts';
import { saveChart } from './saveChart.ts';
import { logFile, Surroundings } from './surroundings.ts';

/** Rows of a run that trains are looked at ten times a second, the rest of its folder at every fifth of these looks. */
const TICK_LIVE_MS = 100;
const ROWS_BETWEEN = 5;
/** A finished run changes only when somebody makes a soup or resumes it. */
const TICK_DONE_MS = 3000;

export interface PanelParts {
  extensionUri: vscode.Uri;
  answerer: Answerer<Question, Answer>;
  log: vscode.LogOutputChannel;
  /** An answer, or a refusal, came while nobody could see it. */
  answeredUnseen(run: RunView, error: StarsseError | null): void;
}

/** One run's dashboard. Follows the folder while it is visible, whoever started the run; hidden, it does nothing at all. */
export class DashboardPanel implements vscode.Disposable {
  readonly folder: string;
  readonly panel: vscode.WebviewPanel;
  readonly #parts: PanelParts;
  readonly #follower: RunFollower;
  readonly #surroundings: Surroundings;
  readonly #analyses: AnalysesFollower;
  readonly #questions: Questions<Question, Answer>;
  readonly #subscriptions: vscode.Disposable[];
  #timer: NodeJS.Timeout | null = null;
  #looks = 0;
  #run: RunView | null = null;
  #failed = false;
  #disposed = false;

  constructor(panel: vscode.WebviewPanel, folder: string, parts: PanelParts) {
    this.panel = panel;
    this.folder = folder;
    this.#parts = parts;
    const post = (message: ToView): void => {
      if (!this.#disposed && panel.visible) void panel.webview.postMessage(message);
    };
    this.#questions = new Questions(parts.answerer, post);
    this.#follower = new RunFollower(new FolderSource(folder), { post, tasks: () => this.#questions.tasks(), texts: vscode.l10n.bundle ?? {} });
    this.#surroundings = new Surroundings(folder, post);
    this.#analyses = new AnalysesFollower(folder, post);
    panel.iconPath = vscode.Uri.joinPath(parts.extensionUri, 'media', 'dashboard.svg');
    this.#subscriptions = [
      panel.webview.onDidReceiveMessage((message: unknown) => void this.#receive(message)),
      panel.onDidChangeViewState(() => this.#visibilityChanged()),
      panel.onDidDispose(() => this.dispose()),
    ];
    this.#setPage();
  }

  /** The run as it was last read, null before that. */
  get run(): RunView | null {
    return this.#run;
  }

  /** Looks at the folder now instead of at the next tick. */
  async refresh(): Promise<void> {
    if (this.#follower.listening) await this.#look(() => this.#follower.tick());
  }

  /** Ends the following. The tab stays: VS Code brings it back after a reload. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#rest();
    for (const subscription of [...this.#subscriptions, this.#analyses]) subscription.dispose();
  }

  async #receive(raw: unknown): Promise<void> {
    const message = received(ToHostSchema, raw, 'the dashboard', this.#parts.log);
    if (message === null) return;
    switch (message.type) {
      case 'ready':
        await this.#look(() => this.#follower.ready());
        if (this.#follower.listening) this.#questions.listen();
        if (this.#follower.listening) this.#analyses.listen();
        return;
      case 'ask':
        return this.#ask(message);
      case 'cancel':
        return this.#questions.cancel(message.id);
      case 'detail':
        return this.#tell(this.#follower.detail(message.id, message.ranges));
      case 'log':
        return this.#tell(this.#surroundings.follow(message.log));
      case 'open-log':
        return this.#tell(vscode.window.showTextDocument(vscode.Uri.file(logFile(this.folder, message.log))));
      case 'save':
        return this.#tell(saveChart(this.folder, this.#run?.name ?? this.panel.title, message.file));
    }
  }

  /** What a view asks without waiting for an answer: when it fails, the editor says why. */
  async #tell(work: Thenable<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      await showError(error, this.#parts.log);
    }
  }

  async #ask({ id, question }: Extract<ToHost, { type: 'ask' }>): Promise<void> {
    const answer = await this.#questions.ask(id, question);
    if (answer === null) return;
    const error = 'code' in answer ? StarsseError.fromJSON(answer) : null;
    if (error !== null) this.#parts.log.error(`${question.kind}: ${error.message}`);
    if (this.#follower.listening) await this.refresh();
    else if (this.#run !== null && (error !== null || question.kind === 'soup' || question.kind === 'ensemble')) this.#parts.answeredUnseen(this.#run, error);
  }

  #visibilityChanged(): void {
    if (!this.panel.visible) this.#rest();
    else if (this.#failed) this.#setPage();
  }

  /** Nothing is posted and nothing is read until the view says `ready` again. */
  #rest(): void {
    this.#follower.hide();
    this.#questions.hide();
    this.#surroundings.hide();
    this.#analyses.hide();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #look(read: () => Promise<RunView>): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    try {
      const run = await read();
      this.#run = run;
      if (this.#disposed) return;
      if (this.panel.title !== run.name) this.panel.title = run.name;
      if (!this.#follower.listening) return;
      this.#looks += 1;
      const isWhole = !isLive(run) || this.#looks % ROWS_BETWEEN === 0;
      if (isWhole) this.#surroundings.tick(run).catch((error: unknown) => this.#parts.log.error(StarsseError.from(error).message));
      this.#timer = setTimeout(() => void this.#look(() => (isWhole ? this.#follower.tick() : this.#follower.tickRows())), isLive(run) ? TICK_LIVE_MS : TICK_DONE_MS);
    } catch (cause) {
      this.#fail(StarsseError.from(cause));
    }
  }

  #setPage(): void {
    this.#failed = false;
    showPage(this.panel.webview, this.#parts.extensionUri, 'dashboard', this.panel.title);
  }

  #fail(error: StarsseError): void {
    this.#parts.log.error(`${this.folder}: ${error.message}`);
    if (this.#disposed) return;
    this.#rest();
    this.#failed = true;
    this.panel.webview.html = messagePage({ title: this.panel.title, language: vscode.env.language }, error.message, error.hint);
  }
}
