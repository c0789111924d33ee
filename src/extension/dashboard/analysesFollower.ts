import * as vscode from 'vscode';
import type { AnalysesMessage } from '../../protocol/analyses.ts';
import { AnalysesFolder } from './analysesFolder.ts';

const TICK_BUSY_MS = 500;
const TICK_IDLE_MS = 3000;

/** Tells a visible view what is in `analyses/` and what comes, whoever computes it: this window, another one, or a terminal. */
export class AnalysesFollower implements vscode.Disposable {
  readonly #folder: AnalysesFolder;
  readonly #post: (message: AnalysesMessage) => void;
  readonly #trust: vscode.Disposable;
  #timer: NodeJS.Timeout | null = null;
  #isBusy = false;
  /** Counts views: what was read for an earlier one is not posted. */
  #view = 0;
  #isListening = false;

  constructor(run: string, post: (message: AnalysesMessage) => void) {
    this.#folder = new AnalysesFolder(run);
    this.#post = post;
    this.#trust = vscode.workspace.onDidGrantWorkspaceTrust(() => {
      if (this.#isListening) post({ type: 'analyses', isAll: false, changed: { isTrusted: true }, points: [] });
    });
  }

  /** The view has its snapshot and nothing of the analyses. */
  listen(): void {
    this.hide();
    this.#isListening = true;
    void this.#look(this.#view);
  }

  hide(): void {
    this.#view += 1;
    this.#isListening = false;
    this.#folder.forget();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  dispose(): void {
    this.hide();
    this.#trust.dispose();
  }

  async #look(view: number): Promise<void> {
    const news = await this.#folder.look();
    if (view !== this.#view) {
      this.#folder.forget();
      return;
    }
    if (news !== null) {
      this.#isBusy = (news.changed.busy ?? (this.#isBusy ? ['still'] : [])).length > 0;
      this.#post({ type: 'analyses', ...news, changed: news.isAll ? { ...news.changed, isTrusted: vscode.workspace.isTrusted } : news.changed });
    }
    this.#timer = setTimeout(() => void this.#look(view), this.#isBusy ? TICK_BUSY_MS : TICK_IDLE_MS);
  }
}
