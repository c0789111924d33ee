import path from 'node:path';
import { mixable, runOf, type RunsNode } from './nodes.ts';

/** Of one run: members whose snapshots are dragged. */
export interface DraggedMembers {
  folder: string;
  members: string[];
}

/** What a drag of these nodes carries: a run stands for all its members that are done, a group for its runs. */
export function draggedMembers(nodes: readonly RunsNode[]): DraggedMembers[] {
  const found = new Map<string, Set<string>>();
  for (const node of nodes) {
    for (const { folder, members } of membersOf(node)) found.set(folder, new Set([...(found.get(folder) ?? []), ...members]));
  }
  return [...found].map(([folder, members]) => ({ folder, members: [...members] })).filter(({ members }) => members.length > 0);
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

function membersOf(node: RunsNode): DraggedMembers[] {
  switch (node.kind) {
    case 'group':
      return node.runs.flatMap(membersOf);
    case 'run':
      return [{ folder: node.folder, members: mixable(node.run) }];
    case 'member':
      return node.member.snapshot === null ? [] : [{ folder: node.parent.folder, members: [node.member.member.name] }];
    case 'snapshot':
      return membersOf(node.parent);
    case 'ensemble':
      return [{ folder: node.parent.folder, members: node.row.members.filter((name) => mixable(node.parent.run).includes(name)) }];
    case 'soup':
    case 'broken':
      return [];
  }
}
