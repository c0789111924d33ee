import * as vscode from 'vscode';
import type { MemberStatus, RunStatus } from '../../protocol/run.ts';
import { idOf, type RunsNode } from './nodes.ts';
import { statusWord } from './words.ts';

const SCHEME = 'starsse-node';

/** What is remarkable of a node: its status, that it is archived, that it is the best member. */
export type Mark = RunStatus | MemberStatus | 'archived' | 'best' | null;

export function markOf(node: RunsNode): Mark {
  if (node.kind === 'run') return node.run.labels.archived ? 'archived' : node.run.status;
  if (node.kind === 'broken') return 'failed';
  if (node.kind !== 'member') return null;
  const { status } = node.member.state;
  return status === 'done' && node.parent.run.results?.bestMember === node.member.member.name ? 'best' : status;
}

/** Names the node and its mark, so that a new mark is a new address and nobody has to be told. */
export function decoratedUri(node: RunsNode): vscode.Uri | undefined {
  const mark = markOf(node);
  return mark === null ? undefined : vscode.Uri.from({ scheme: SCHEME, path: `/${encodeURIComponent(idOf(node))}`, query: mark });
}

/** Colours and badges of the tree. They repeat what icon and description say, in what people see first. */
export class RunDecorations implements vscode.FileDecorationProvider {
  provideFileDecoration({ scheme, query }: vscode.Uri): vscode.FileDecoration | undefined {
    if (scheme !== SCHEME) return undefined;
    const { l10n } = vscode;
    switch (query as NonNullable<Mark>) {
      case 'failed':
        return decoration('!', 'list.errorForeground', statusWord('failed'));
      case 'interrupted':
        return decoration('!', 'list.warningForeground', statusWord('interrupted'));
      case 'running':
      case 'evaluating':
        return decoration(undefined, 'charts.blue', statusWord(query as RunStatus));
      case 'archived':
        return decoration('A', 'disabledForeground', l10n.t('archived'));
      case 'best':
        return decoration('★', undefined, l10n.t('best member'));
      default:
        return undefined;
    }
  }
}

function decoration(badge: string | undefined, color: string | undefined, tooltip: string): vscode.FileDecoration {
  return new vscode.FileDecoration(badge, tooltip, color === undefined ? undefined : new vscode.ThemeColor(color));
}
