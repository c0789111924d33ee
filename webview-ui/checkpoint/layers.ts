/** Layers of a comparison: nodes that hold tensors themselves, in the network's order of names. */
import type { TensorDifference } from '../../src/protocol/checkpoint.ts';
import { changeOf, type Change } from './facts.ts';
import type { Node } from './tree.ts';

export interface LayerChange {
  node: Node;
  name: string;
  change: Change;
}

export function layersOf(root: Node, differences: ReadonlyMap<string, TensorDifference>): LayerChange[] {
  const layers: LayerChange[] = [];
  visit(root);
  return layers;

  function visit(node: Node): void {
    if (node.line !== null) return;
    const own = { ...node, children: node.children.filter(({ line }) => line !== null) };
    const change = own.children.length === 0 ? null : changeOf(own, differences);
    // Tensors outside any layer are layers of their own.
    if (node === root) for (const child of own.children) add(child, changeOf(child, differences));
    else add(node, change);
    for (const child of node.children) visit(child);
  }

  function add(node: Node, change: Change | null): void {
    if (change !== null) layers.push({ node, name: node.line?.name ?? node.id.slice('layer '.length), change });
  }
}
