import * as vscode from 'vscode';
import { changeLabels } from '../../run/labels.ts';
import { RUNS_MIME, type Named } from '../../protocol/compose-messages.ts';
import { draggedFiles, membersAmong } from './dragged.ts';
import type { RunsNode } from './nodes.ts';

/** Members leave the tree for Compose, snapshots for any editor; a run that is dropped on a tag gets it. */
export class RunsDragAndDrop implements vscode.TreeDragAndDropController<RunsNode> {
  readonly dragMimeTypes = ['text/uri-list'];
  readonly dropMimeTypes = [RUNS_MIME];
  readonly #refresh: () => Promise<void>;
  #dragged: Named[] = [];

  /** @param refresh after labels have changed. */
  constructor(refresh: () => Promise<void>) {
    this.#refresh = refresh;
  }

  /** Members that left the tree last: a webview on which they are dropped is told types and no data. */
  get dragged(): readonly Named[] {
    return this.#dragged;
  }

  handleDrag(source: readonly RunsNode[], data: vscode.DataTransfer): void {
    const runs = source.flatMap((node) => (node.kind === 'run' ? [node.folder] : []));
    this.#dragged = membersAmong(source);
    if (runs.length > 0) data.set(RUNS_MIME, new vscode.DataTransferItem(JSON.stringify(runs)));
    const files = draggedFiles(source).map((file) => vscode.Uri.file(file).toString());
    if (files.length > 0) data.set('text/uri-list', new vscode.DataTransferItem(files.join('\r\n')));
  }

  async handleDrop(target: RunsNode | undefined, data: vscode.DataTransfer): Promise<void> {
    const item = data.get(RUNS_MIME);
    if (item === undefined || target?.kind !== 'group' || target.grouping !== 'tag' || target.key === null || !vscode.workspace.isTrusted) return;
    const folders = JSON.parse(await item.asString()) as string[];
    for (const folder of folders) await changeLabels(folder, { addTags: [target.key] });
    await this.#refresh();
  }
}
