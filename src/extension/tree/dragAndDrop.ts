import * as vscode from 'vscode';
import { changeLabels } from '../../run/labels.ts';
import { draggedFiles, draggedMembers } from './dragged.ts';
import type { RunsNode } from './nodes.ts';

/** Carries `DraggedMembers[]` as JSON. */
export const MEMBERS_MIME = 'application/vnd.starsse.members';

/** Members leave the tree for Compose, snapshots for any editor; a run that is dropped on a tag gets it. */
export class RunsDragAndDrop implements vscode.TreeDragAndDropController<RunsNode> {
  readonly dragMimeTypes = [MEMBERS_MIME, 'text/uri-list'];
  readonly dropMimeTypes = [RUNS_MIME];
  readonly #refresh: () => Promise<void>;

  /** @param refresh after labels have changed. */
  constructor(refresh: () => Promise<void>) {
    this.#refresh = refresh;
  }

  handleDrag(source: readonly RunsNode[], data: vscode.DataTransfer): void {
    const runs = source.flatMap((node) => (node.kind === 'run' ? [node.folder] : []));
    data.set(MEMBERS_MIME, new vscode.DataTransferItem(JSON.stringify(draggedMembers(source))));
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

/** VS Code's own type for what is moved within this tree. */
const RUNS_MIME = 'application/vnd.code.tree.starsse.runs';
