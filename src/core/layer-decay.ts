/**
 * Layer-wise decay of the learning rate (Clark et al. 2020, "ELECTRA"; Bao et al. 2022, "BEiT"): the rate of a block is
 * decay ^ (blocks between it and the end of the network).
 *
 * Blocks follow from the layers with weights, in their order:
 *   - names with a number share a block up to it: blocks.3, layer2.1, features.7, layers.1.blocks.0; in names of Keras up to
 *     block1a or block_7;
 *   - what comes before the first of these is one block (the stem), what comes after the last of them another: the head and
 *     a last norm have distance 0;
 *   - in a network without such names every layer is a block, with the norm that follows it.
 */
import type { NetworkSpec } from '../protocol/network.ts';
import { parametersOf } from './network.ts';

/** What a layer's learning rate is multiplied by, by its name. @param decay 0..1 */
export function rateFactors(network: NetworkSpec, decay: number): ReadonlyMap<string, number> {
  const blocks = blocksOf(network);
  return new Map(blocks.flatMap((layers, index) => layers.map((layer) => [layer, decay ** (blocks.length - 1 - index)] as const)));
}

/** Names of layers with weights, block after block from the images to the logits. */
export function blocksOf(network: NetworkSpec): string[][] {
  const layers = [...new Map(parametersOf(network).map(({ layer }) => [layer.name, layer])).values()];
  const numbered = layers.map(({ name }) => numberedBlock(name));
  const last = numbered.findLastIndex((block) => block !== null);
  const blocks = new Map<string, string[]>();
  let current = 'stem';
  for (const [index, { name, kind }] of layers.entries()) {
    const isNorm = kind === 'batch-norm' || kind === 'layer-norm';
    if (last === -1) current = isNorm && index > 0 ? current : name;
    else if (index > last) current = 'end';
    else current = numbered[index] ?? current;
    const block = blocks.get(current);
    if (block === undefined) blocks.set(current, [name]);
    else block.push(name);
  }
  return [...blocks.values()];
}

function numberedBlock(name: string): string | null {
  const match = /^(?:.*\.)?blocks\.\d+(?=\.|$)/.exec(name) ?? /^.*?\.\d+(?=\.|$)/.exec(name) ?? /^.*?block_?\d+[a-z]?(?=_)/.exec(name);
  return match?.[0] ?? null;
}
