/** Tensors as a tree by layer: names are parted at dots and slashes; a layer that holds one layer alone is one with it. */
import type { TensorItem } from '../../src/protocol/checkpoint.ts';

/** A tensor by its name, of one file or of the two that are compared. */
export interface Line {
  name: string;
  a: TensorItem | null;
  b: TensorItem | null;
}

export interface Node {
  /** Stays the same while the file does; a layer and a tensor may have one name. */
  id: string;
  label: string;
  /** Null of a layer. */
  line: Line | null;
  /** In the natural order of names; empty of a tensor. */
  children: Node[];
  /** All below, itself included. */
  tensors: number;
  parameters: number;
  sizeBytes: number;
  /** What a filter looks into, in small letters. */
  text: string;
}

/** Deeper names stay in one piece: nobody unfolds more, and a hostile file may have a name of dots. */
const DEEPEST = 24;

interface Group {
  path: string;
  groups: Map<string, Group>;
  lines: Line[];
}

const natural = new Intl.Collator('en', { numeric: true });

export function buildTree(lines: readonly Line[]): Node {
  const root: Group = { path: '', groups: new Map(), lines: [] };
  for (const line of lines) groupOf(root, line.name).lines.push(line);
  return layer(root, '');
}

/** The tensors below, in the tree's order. */
export function tensorsOf(node: Node): Node[] {
  return node.line === null ? node.children.flatMap(tensorsOf) : [node];
}

/** [2, 3] as a person writes it; of a number alone "scalar" is left to the caller. */
export function shapeText(shape: readonly number[]): string {
  return shape.join(' × ');
}

export function countOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** The tensor that stands for a line: of the second file where the first has none. */
export function itemOf({ a, b }: Line): TensorItem {
  return (a ?? b)!;
}

function groupOf(root: Group, name: string): Group {
  let group = root;
  let depth = 0;
  for (const { index } of name.matchAll(/[./]/g)) {
    if (index === 0 || ++depth > DEEPEST) continue;
    const path = name.slice(0, index);
    let next = group.groups.get(path);
    if (next === undefined) group.groups.set(path, (next = { path, groups: new Map(), lines: [] }));
    group = next;
  }
  return group;
}

/** @param above the path of the layer that this one is shown in */
function layer(group: Group, above: string): Node {
  if (above !== group.path && group.lines.length === 0 && group.groups.size === 1) {
    const [only] = group.groups.values();
    return layer(only, above);
  }
  const children = [
    ...[...group.groups.values()].map((inner) => layer(inner, group.path)),
    ...group.lines.map((line) => tensor(line, group.path)),
  ].sort((a, b) => natural.compare(a.label, b.label));
  const sum = (of: (node: Node) => number): number => children.reduce((total, child) => total + of(child), 0);
  return {
    id: `layer ${group.path}`,
    label: below(group.path, above),
    line: null,
    children,
    tensors: sum(({ tensors }) => tensors),
    parameters: sum(({ parameters }) => parameters),
    sizeBytes: sum(({ sizeBytes }) => sizeBytes),
    text: '',
  };
}

function tensor(line: Line, above: string): Node {
  const item = itemOf(line);
  const text = [line.name, ...[line.a, line.b].flatMap((each) => (each === null ? [] : [each.dtype, each.shape.join('x'), `[${each.shape.join(', ')}]`]))].join(' ');
  return {
    id: `tensor ${line.name}`, label: below(line.name, above), line, children: [],
    tensors: 1, parameters: countOf(item.shape), sizeBytes: item.sizeBytes, text: text.toLowerCase(),
  };
}

function below(path: string, above: string): string {
  return above === '' ? path : path.slice(above.length + 1);
}
