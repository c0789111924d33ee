import path from 'node:path';
import type { Named } from '../../protocol/compose-messages.ts';
import { mixable, runOf, type RunsNode } from './nodes.ts';

/** Members that these nodes bring into Compose, each once: a run stands for all that are done, a group for its runs, an ensemble for those of its run. */
export function membersAmong(nodes: readonly RunsNode[]): Named[] {
  return [...new Map(nodes.flatMap(membersOf).map((named) => [`${named.run}#${named.name}`, named])).values()];
}

/** Files of the snapshots and soups, for an editor that they are dropped on. */
export function draggedFiles(nodes: readonly RunsNode[]): string[] {
  return nodes.flatMap((node) => {
    const folder = runOf(node)?.folder;
    if (folder === undefined) return [];
    if (node.kind === 'member') return node.member.snapshot === null ? [] : [path.join(folder, node.member.snapshot)];
    if (node.kind === 'snapshot') return [path.join(folder, node.snapshot)];
    return node.kind === 'soup' ? [path.join(folder, node.soup.snapshot)] : [];
  });
}

function membersOf(node: RunsNode): Named[] {
  switch (node.kind) {
    case 'group':
      return node.runs.flatMap(membersOf);
    case 'run':
      return mixable(node.run).map((name) => ({ run: node.folder, name }));
    case 'member':
      return node.member.snapshot === null ? [] : [{ run: node.parent.folder, name: node.member.member.name }];
    case 'snapshot':
      return membersOf(node.parent);
    case 'ensemble':
      return membersOf(node.parent).filter(({ name }) => node.row.members.includes(name));
    case 'soup':
    case 'broken':
      return [];
  }
}
