/** The rows of the tree that can be scrolled to: sorted, filtered, unfolded. */
import { tensorsOf, type Node } from './tree.ts';

export interface Row {
  node: Node;
  /** 1 = outermost. */
  level: number;
  /** Of its neighbours, from 1. */
  place: number;
  neighbours: number;
  /** Null of a tensor. */
  isOpen: boolean | null;
  /** Index of the row of the layer it is in; null outside. */
  parent: number | null;
}

export interface Shape {
  /** All tensors in one list instead of a tree. */
  flat: boolean;
  /** Words that must all be in a tensor's name, type or shape. */
  filter: string;
  /** What a node is sorted by; null keeps the order of names. Nodes without a value come last. */
  sortValue: ((node: Node) => number | string | null) | null;
  down: boolean;
  isOpen: (node: Node) => boolean;
}

const natural = new Intl.Collator('en', { numeric: true });

export function rowsOf(root: Node, shape: Shape): Row[] {
  const words = shape.filter.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const fits = (node: Node): boolean => words.every((word) => node.text.includes(word));
  const rows: Row[] = [];
  if (shape.flat) {
    const tensors = tensorsOf(root).filter(fits);
    const list = shape.sortValue === null ? byName(tensors, shape.down) : sorted(tensors, shape);
    list.forEach((node, index) => rows.push({ node, level: 1, place: index + 1, neighbours: list.length, isOpen: null, parent: null }));
    return rows;
  }
  add(root.children, 1, null);
  return rows;

  function add(nodes: readonly Node[], level: number, parent: number | null): void {
    const list = sorted(words.length === 0 ? nodes : nodes.filter(some), shape);
    list.forEach((node, index) => {
      const isOpen = node.line === null ? words.length > 0 || shape.isOpen(node) : null;
      const row = rows.push({ node, level, place: index + 1, neighbours: list.length, isOpen, parent }) - 1;
      if (isOpen === true) add(node.children, level + 1, row);
    });
  }

  function some(node: Node): boolean {
    return node.line === null ? node.children.some(some) : fits(node);
  }
}

function byName(tensors: Node[], down: boolean): Node[] {
  const list = tensors.toSorted((a, b) => natural.compare(a.line?.name ?? '', b.line?.name ?? ''));
  return down ? list.reverse() : list;
}

function sorted(nodes: readonly Node[], { sortValue, down }: Shape): readonly Node[] {
  if (sortValue === null) return down ? nodes.toReversed() : nodes;
  const values = new Map(nodes.map((node) => [node, sortValue(node)]));
  return nodes.toSorted((x, y) => {
    const [a, b] = [values.get(x) ?? null, values.get(y) ?? null];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    const order = typeof a === 'number' && typeof b === 'number' ? a - b : natural.compare(String(a), String(b));
    return down ? -order : order;
  });
}

/** Rows above those in sight that are drawn, and below. */
const AROUND = 8;

/** Rows that are drawn: those in sight and some around them. @param top and height of what is in sight, pixels */
export function windowOf(rows: number, rowHeight: number, top: number, height: number): { from: number; to: number } {
  const from = Math.min(Math.max(0, Math.floor(top / rowHeight) - AROUND), Math.max(0, rows - 1));
  return { from, to: Math.min(rows, Math.ceil((top + height) / rowHeight) + AROUND) };
}

/** The most that `windowOf` gives, wherever it is scrolled to. */
export function mostShown(rowHeight: number, height: number): number {
  return Math.ceil(height / rowHeight) + 1 + 2 * AROUND;
}
