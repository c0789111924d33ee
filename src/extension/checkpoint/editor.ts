import * as vscode from 'vscode';
import { StarsseError } from '../../protocol/errors.ts';
import { messagePage } from '../pages/page.ts';
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
    const error = new StarsseError('usage', vscode.l10n.t('{0} is not a file on a disk', uri.toString(true)), { hint: vscode.l10n.t('Save it to a folder and open it there.') });
    panel.webview.html = messagePage({ title: panel.title, language: vscode.env.language }, error.message, error.hint);
  }
}
