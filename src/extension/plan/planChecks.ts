import * as vscode from 'vscode';
import { StarsseError } from '../../protocol/errors.ts';
import type { PlanCheck, PlanFacts, PlanFinding } from '../../protocol/plan-check.ts';
import { runTaskHere } from '../runActions.ts';
import { runsFolderOf } from '../settings.ts';
import { isPlan } from './planFiles.ts';

const DELAY_MS = 700;

export interface CheckState {
  /** Of the text as it was saved; none as soon as it changes. */
  findings: readonly PlanFinding[];
  /** The last that were told. */
  facts: PlanFacts | null;
  checking: boolean;
}

const UNKNOWN: CheckState = { findings: [], facts: null, checking: false };

/** What the trainer finds in plans: asked by task, one a plan at most, and dropped when the text moves on. */
export class PlanChecks implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  readonly #states = new Map<string, CheckState>();
  readonly #work = new Map<string, { timer: NodeJS.Timeout | null; abort: AbortController }>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: vscode.Disposable[];
  readonly onDidChange = this.#changed.event;

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
    this.#subscriptions = [
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => contentChanges.length > 0 && isPlan(document.uri) && this.drop(document.uri)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => isPlan(uri) && this.drop(uri)),
    ];
  }

  stateOf(uri: vscode.Uri): CheckState {
    return this.#states.get(uri.toString()) ?? UNKNOWN;
  }

  /** Soon, unless the text changes before. In Restricted Mode, and for what is not on a disk, nothing is started. */
  request(uri: vscode.Uri): void {
    if (!vscode.workspace.isTrusted || uri.scheme !== 'file') return;
    this.#stop(uri);
    const abort = new AbortController();
    const timer = setTimeout(() => void this.#check(uri, abort), DELAY_MS);
    this.#work.set(uri.toString(), { timer, abort });
  }

  /** Ends what goes on; what was found is of another text. */
  drop(uri: vscode.Uri): void {
    this.#stop(uri);
    const state = this.#states.get(uri.toString());
    if (state !== undefined && (state.findings.length > 0 || state.checking)) this.#set(uri, { ...state, findings: [], checking: false });
  }

  dispose(): void {
    for (const { timer, abort } of this.#work.values()) {
      if (timer !== null) clearTimeout(timer);
      abort.abort();
    }
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  #stop(uri: vscode.Uri): void {
    const work = this.#work.get(uri.toString());
    if (work === undefined) return;
    if (work.timer !== null) clearTimeout(work.timer);
    work.abort.abort();
    this.#work.delete(uri.toString());
  }

  async #check(uri: vscode.Uri, abort: AbortController): Promise<void> {
    const key = uri.toString();
    this.#work.set(key, { timer: null, abort });
    this.#set(uri, { ...this.stateOf(uri), findings: [], checking: true });
    let check: PlanCheck | null = null;
    try {
      check = await runTaskHere('check-plan', [uri.fsPath, JSON.stringify({ runsFolder: runsFolderOf(uri) })], { signal: abort.signal, report: () => undefined });
    } catch (error) {
      const { code, message } = StarsseError.from(error);
      if (code !== 'cancelled') this.#log.error(`${uri.fsPath}: ${message}`);
    }
    if (abort.signal.aborted) return;
    this.#work.delete(key);
    this.#set(uri, { findings: check?.findings ?? [], facts: check?.facts ?? this.stateOf(uri).facts, checking: false });
  }

  #set(uri: vscode.Uri, state: CheckState): void {
    this.#states.set(uri.toString(), state);
    this.#changed.fire(uri);
  }
}
