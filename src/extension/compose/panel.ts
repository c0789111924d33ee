import * as vscode from 'vscode';
import { ToComposeHostSchema, type ComposeAnswer, type ComposeQuestion, type Named, type ToComposeView } from '../../protocol/compose-messages.ts';
import { StarsseError } from '../../protocol/errors.ts';
import { messagePage } from '../pages/page.ts';
import { Questions, type QuestionContext } from '../pages/questions.ts';
import { received } from '../pages/received.ts';
import { showPage } from '../pages/showPage.ts';
import { ComposeReader } from './composeState.ts';

const TICK_MS = 3000;

export interface ComposeParts {
  extensionUri: vscode.Uri;
  log: vscode.LogOutputChannel;
  answer(question: ComposeQuestion, panel: ComposePanel, context: QuestionContext): Promise<ComposeAnswer>;
  /** Members that were dragged from the Runs view last. */
  dragged(): readonly Named[];
  /** An answer, or a refusal, came while nobody could see it. */
  answeredUnseen(panel: ComposePanel, answer: ComposeAnswer | null, error: StarsseError | null): void;
}

/** Compose of one run, to which members of others may be added. Looks at the folders while it is visible; hidden, it does nothing but answer. */
export class ComposePanel implements vscode.Disposable {
  readonly panel: vscode.WebviewPanel;
  /** What was made here and can be undone. */
  readonly undoable = new Set<string>();
  readonly #parts: ComposeParts;
  readonly #reader = new ComposeReader();
  readonly #questions: Questions<ComposeQuestion, ComposeAnswer>;
  readonly #subscriptions: vscode.Disposable[];
  #folders: string[];
  #choose: Named[] | null;
  /** Chosen while the view could not hear of it. */
  #unheard: Named[] = [];
  #timer: NodeJS.Timeout | null = null;
  #listening = false;
  #last = '';
  #failed = false;
  #disposed = false;

  /** @param folders the run whose table this is, then others. @param choose members to begin with, null leaves it to the view */
  constructor(panel: vscode.WebviewPanel, folders: readonly string[], choose: Named[] | null, parts: ComposeParts) {
    this.panel = panel;
    this.#folders = [...folders];
    this.#choose = choose;
    this.#parts = parts;
    this.#questions = new Questions((question, context) => parts.answer(question, this, context), (message) => this.#post(message));
    panel.iconPath = vscode.Uri.joinPath(parts.extensionUri, 'media', 'dashboard.svg');
    this.#subscriptions = [
      panel.webview.onDidReceiveMessage((message: unknown) => void this.receive(message)),
      panel.onDidChangeViewState(() => this.#visibilityChanged()),
      panel.onDidDispose(() => this.dispose()),
    ];
    this.#setPage();
  }

  get home(): string {
    return this.#folders[0];
  }

  get folders(): readonly string[] {
    return this.#folders;
  }

  /** Adds runs, and chooses members beside those that are; a hidden view hears of it when it is shown. */
  async add(folders: readonly string[], members: readonly Named[]): Promise<void> {
    this.#folders = [...new Set([...this.#folders, ...folders, ...members.map(({ run }) => run)])];
    this.#unheard.push(...members);
    await this.refresh();
    this.#tellUnheard();
  }

  async removeRun(folder: string): Promise<void> {
    this.#folders = this.#folders.filter((other, place) => place === 0 || other !== folder);
    await this.refresh();
  }

  /** Looks at the folders now instead of at the next tick. */
  async refresh(): Promise<void> {
    if (this.#listening) await this.#look(false);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#rest();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** A message of the view, whatever it is. */
  async receive(raw: unknown): Promise<void> {
    const message = received(ToComposeHostSchema, raw, 'Compose', this.#parts.log);
    if (message === null) return;
    if (message.type === 'cancel') return this.#questions.cancel(message.id);
    if (message.type === 'ask') return await this.#ask(message.id, message.question);
    if (message.type === 'drop') return await this.#drop();
    this.#listening = true;
    await this.#look(true);
    if (this.#listening) this.#questions.listen();
  }

  async #drop(): Promise<void> {
    const members = this.#parts.dragged();
    if (members.length === 0) void vscode.window.showInformationMessage(vscode.l10n.t('None of these members is finished.'));
    else await this.add([], members);
  }

  #tellUnheard(): void {
    if (!this.#listening || this.#unheard.length === 0) return;
    this.#post({ type: 'choose', members: this.#unheard });
    this.#unheard = [];
  }

  async #ask(id: number, question: ComposeQuestion): Promise<void> {
    const answer = await this.#questions.ask(id, question);
    if (answer === null) return;
    const error = 'code' in answer ? StarsseError.fromJSON(answer) : null;
    if (error !== null) this.#parts.log.error(`${question.kind}: ${error.message}`);
    if (this.#listening) await this.refresh();
    else this.#parts.answeredUnseen(this, 'code' in answer ? null : answer, error);
  }

  #post(message: ToComposeView): void {
    if (!this.#disposed && this.panel.visible) void this.panel.webview.postMessage(message);
  }

  #visibilityChanged(): void {
    if (!this.panel.visible) this.#rest();
    else if (this.#failed) this.#setPage();
  }

  #rest(): void {
    this.#listening = false;
    this.#questions.hide();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #look(isFirst: boolean): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    try {
      const state = await this.#reader.read(this.#folders, this.undoable, vscode.workspace.isTrusted);
      if (this.#disposed || !this.#listening) return;
      const text = JSON.stringify(state);
      if (isFirst) {
        this.#post({ type: 'snapshot', state, choose: this.#choose, tasks: this.#questions.tasks(), texts: vscode.l10n.bundle ?? {} });
        this.#choose = null;
        this.#tellUnheard();
      } else if (text !== this.#last) this.#post({ type: 'state', state });
      this.#last = text;
      const title = titleOf(state.runs[0].view.name);
      if (this.panel.title !== title) this.panel.title = title;
      this.#timer = setTimeout(() => void this.#look(false), TICK_MS);
    } catch (cause) {
      this.#fail(StarsseError.from(cause));
    }
  }

  #setPage(): void {
    this.#failed = false;
    showPage(this.panel.webview, this.#parts.extensionUri, 'compose', this.panel.title);
  }

  #fail(error: StarsseError): void {
    this.#parts.log.error(`Compose: ${error.message}`);
    if (this.#disposed) return;
    this.#rest();
    this.#failed = true;
    this.panel.webview.html = messagePage({ title: this.panel.title, language: vscode.env.language }, error.message, error.hint);
  }
}

export function titleOf(run: string): string {
  return vscode.l10n.t('Compose: {0}', run);
}
