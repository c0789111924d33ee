/** What vision transformers are made of, with timm's names. */
import { StarsseError } from '../../protocol/errors.ts';
import { IMAGES, type Layer } from '../../protocol/network.ts';
import { add, dense } from './parts.ts';

export function layerNorm(name: string, input: string, epsilon: number): Layer {
  return { kind: 'layer-norm', name, inputs: [input], epsilon };
}

/** Each patch of the images becomes `channels` numbers. @throws StarsseError data-invalid where the images are no whole number of patches */
export function patchEmbedding([height, width]: number[], patch: number, channels: number): Layer {
  if (height % patch !== 0 || width % patch !== 0) {
    throw new StarsseError('data-invalid', `Images of ${height} x ${width} cannot be cut into patches of ${patch} x ${patch}`, {
      hint: `Choose a size that is a multiple of ${patch}.`,
    });
  }
  return { kind: 'conv', name: 'patch_embed.proj', inputs: [IMAGES], outputs: channels, kernel: patch, stride: patch, padding: 0, bias: true, groups: 1 };
}

interface BlockOptions {
  channels: number;
  epsilon: number;
  /** Of stochastic depth, of both branches. */
  dropPath: number;
  /** The layer `<block>.attn`, which reads `<block>.norm1`. */
  attention: Layer;
}

/** Attention and a perceptron of four times the width, each normalised before and added to what it read. Its output is `<block>.add2`. */
export function transformerBlock(block: string, input: string, { channels, epsilon, dropPath, attention }: BlockOptions): Layer[] {
  return [
    layerNorm(`${block}.norm1`, input, epsilon),
    attention,
    ...residual(block, 1, attention.name, input, dropPath),
    layerNorm(`${block}.norm2`, `${block}.add1`, epsilon),
    dense(`${block}.mlp.fc1`, `${block}.norm2`, 4 * channels),
    { kind: 'activation', name: `${block}.mlp.act`, inputs: [`${block}.mlp.fc1`], function: 'gelu' },
    dense(`${block}.mlp.fc2`, `${block}.mlp.act`, channels),
    ...residual(block, 2, `${block}.mlp.fc2`, `${block}.add1`, dropPath),
  ];
}

/** Rate of stochastic depth of block `index` of so many: from 0 at the first in equal steps to `rate` at the last. */
export function dropPathRate(rate: number, index: number, blocks: number): number {
  return blocks === 1 ? 0 : (rate * index) / (blocks - 1);
}

function residual(block: string, place: 1 | 2, branch: string, input: string, rate: number): Layer[] {
  const sum = `${block}.add${place}`;
  if (rate === 0) return [add(sum, branch, input)];
  const drop: Layer = { kind: 'drop-path', name: `${block}.drop_path${place}`, inputs: [branch], rate };
  return [drop, add(sum, drop.name, input)];
}
