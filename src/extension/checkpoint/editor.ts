import * as vscode from 'vscode';
import { messagePage } from '../pages/page.ts';
import { notOnDisk } from '../runActions.ts';
import { Inspection, type InspectionParts } from './inspection.ts';

/** The read-only editor of checkpoints: a document is a place on the disk and nothing else. */
export class CheckpointEditor implements vscode.CustomReadonlyEditorProvider {
  readonly #parts: InspectionParts;

  constructor(parts: InspectionParts) {
    this.#parts = parts;
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  /** Versions of a repository and files inside archives have no place on the disk that could be read by ranges. */
  resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    if (uri.scheme === 'file') return void new Inspection(panel, [uri.fsPath], this.#parts);
    const { message, hint } = notOnDisk(uri);
    panel.webview.html = messagePage({ title: panel.title, language: vscode.env.language }, message, hint);
  }
}
