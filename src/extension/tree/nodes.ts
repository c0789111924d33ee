/** What the Runs tree shows, perhaps under headings: run -> members -> snapshots, and the soups and ensembles made of them. */
import path from 'node:path';
import type { ErrorJson } from '../../protocol/errors.ts';
import type { ResultRow } from '../../protocol/results.ts';
import type { MemberView, RunStatus, RunView, SoupView } from '../../protocol/run.ts';
import { runFiles } from '../../run/folder.ts';
import type { Grouping } from './grouping.ts';

export interface GroupNode {
  kind: 'group';
  grouping: Exclude<Grouping, 'none'>;
  /** What its runs share; null for those that have none. */
  key: string | null;
  runs: (RunNode | BrokenNode)[];
}
export interface RunNode {
  kind: 'run';
  folder: string;
  run: RunView;
  /** The heading it stands under. */
  group?: GroupNode;
}
export interface BrokenNode {
  kind: 'broken';
  folder: string;
  error: ErrorJson;
  group?: GroupNode;
}
export interface MemberNode {
  kind: 'member';
  parent: RunNode;
  member: MemberView;
}
export interface SnapshotNode {
  kind: 'snapshot';
  parent: MemberNode;
  /** Relative to the run folder. */
  snapshot: string;
}
export interface SoupNode {
  kind: 'soup';
  parent: RunNode;
  soup: SoupView;
}
export interface EnsembleNode {
  kind: 'ensemble';
  parent: RunNode;
  row: ResultRow;
}
export type RunsNode = GroupNode | RunNode | BrokenNode | MemberNode | SnapshotNode | SoupNode | EnsembleNode;

export function childrenOf(node: RunsNode): Exclude<RunsNode, GroupNode>[] {
  if (node.kind === 'group') return node.runs;
  if (node.kind === 'member') return node.member.snapshot === null ? [] : [{ kind: 'snapshot', parent: node, snapshot: node.member.snapshot }];
  if (node.kind !== 'run') return [];
  const { run } = node;
  return [
    ...run.members.map((member): MemberNode => ({ kind: 'member', parent: node, member })),
    ...run.soups.map((soup): SoupNode => ({ kind: 'soup', parent: node, soup })),
    ...(run.results?.rows ?? []).filter((row) => row.kind === 'ensemble').map((row): EnsembleNode => ({ kind: 'ensemble', parent: node, row })),
  ];
}

export function parentOf(node: RunsNode): RunsNode | undefined {
  if (node.kind === 'group') return undefined;
  return node.kind === 'run' || node.kind === 'broken' ? node.group : node.parent;
}

/** The run a node belongs to; undefined of a group and of a broken folder. */
export function runOf(node: RunsNode): RunNode | undefined {
  if (node.kind === 'run') return node;
  if (node.kind === 'broken' || node.kind === 'group') return undefined;
  return runOf(node.parent);
}

/** The file or folder that a node stands for. */
export function fileOf(node: Exclude<RunsNode, GroupNode>): string {
  switch (node.kind) {
    case 'run':
      return node.folder;
    case 'broken':
      return brokenFileOf(node);
    case 'member':
      return runFiles.member(node.parent.folder, node.member.member.name);
    case 'snapshot':
      return path.join(node.parent.parent.folder, node.snapshot);
    case 'soup':
      return path.join(node.parent.folder, node.soup.snapshot);
    case 'ensemble':
      return runFiles.table(node.parent.folder);
  }
}

/** The file that an unreadable run's error names, else its run.json. */
function brokenFileOf({ folder, error }: BrokenNode): string {
  const inside = error.message.startsWith(folder + path.sep) ? /^[^:,]+?(?=: |, | is )/.exec(error.message.slice(folder.length))?.[0] : undefined;
  return inside === undefined ? runFiles.run(folder) : path.join(folder, inside);
}

/** An unreadable run's error, with its file relative to the run. */
export function brokenReason({ folder, error }: BrokenNode): string {
  return error.message.replaceAll(folder + path.sep, '');
}

/** Stays the same when the tree is drawn again, so that selection and expansion do too. By tag a run is there more than once. */
export function idOf(node: RunsNode): string {
  switch (node.kind) {
    case 'group':
      return `${node.grouping}=${node.key ?? ''}`;
    case 'run':
    case 'broken':
      return node.group === undefined ? node.folder : `${idOf(node.group)}|${node.folder}`;
    case 'member':
      return `${idOf(node.parent)}#${node.member.member.name}`;
    case 'snapshot':
      return `${idOf(node.parent.parent)}#${node.snapshot}`;
    case 'soup':
      return `${idOf(node.parent)}#${node.soup.name}`;
    case 'ensemble':
      return `${idOf(node.parent)}#${node.row.name}`;
  }
}

/**
 * What menus ask for, in package.json as `viewItem`: `run.<status>`, then `.archived`, `.failures` where a member failed and
 * `.mixable` once two members have a snapshot; `member.<status>` with `.snapshot` once it has one; `snapshot`, `soup`,
 * `ensemble`, `broken`, `group`.
 */
export function contextValueOf(node: RunsNode): string {
  switch (node.kind) {
    case 'run':
      return [
        `run.${node.run.status}`,
        ...(node.run.labels.archived ? ['archived'] : []),
        ...(node.run.members.some(({ state }) => state.status === 'failed') ? ['failures'] : []),
        ...(mixable(node.run).length >= 2 ? ['mixable'] : []),
      ].join('.');
    case 'member':
      return `member.${node.member.state.status}${node.member.snapshot === null ? '' : '.snapshot'}`;
    default:
      return node.kind;
  }
}

/** Names of the members that can go into a soup or an ensemble. */
export function mixable(run: RunView): string[] {
  return run.members.filter(({ snapshot }) => snapshot !== null).map(({ member }) => member.name);
}

/** Whether Resume can go on with a run. */
export function isResumable(status: RunStatus): boolean {
  return status === 'queued' || status === 'stopped' || status === 'interrupted' || status === 'failed';
}

/** Steps done of all steps of all members, 0..1. */
export function progressOf(run: RunView): number {
  const steps = run.members.reduce((sum, { state }) => sum + state.steps, 0);
  return steps === 0 ? 0 : run.members.reduce((sum, { state }) => sum + state.step, 0) / steps;
}

/** A member's row of the result table, if there is one. */
export function resultOf(run: RunView, name: string): ResultRow | undefined {
  return run.results?.rows.find((row) => row.name === name);
}

/** The ensemble of the most members, the run's headline once it is done. */
export function headline(run: RunView): ResultRow | undefined {
  const ensembles = (run.results?.rows ?? []).filter((row) => row.kind === 'ensemble');
  return ensembles.sort((a, b) => b.members.length - a.members.length)[0];
}
