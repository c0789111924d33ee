/** Swin transformers (Liu et al. 2021), for images of a multiple of 4; structure and names as in timm. */
import type { Layer } from '../../protocol/network.ts';
import { dense, globalAveragePool, type Builder } from './parts.ts';
import { dropPathRate, layerNorm, patchEmbedding, transformerBlock } from './transformer-parts.ts';

const PATCH = 4;
const WINDOW = 7;
const EPSILON = 1e-5;

export interface SwinStage {
  channels: number;
  blocks: number;
  heads: number;
}

/** timm's swin_tiny_patch4_window7_224, 28 million weights with 1000 classes. */
export const swinTiny = swin([
  { channels: 96, blocks: 2, heads: 3 },
  { channels: 192, blocks: 2, heads: 6 },
  { channels: 384, blocks: 6, heads: 12 },
  { channels: 768, blocks: 2, heads: 24 },
]);

/** Where the map of a stage is smaller than a window, the window is as small. */
export function swin(stages: readonly SwinStage[]): Builder {
  const depth = stages.reduce((sum, { blocks }) => sum + blocks, 0);
  return (classes, inputShape, dropPath) => {
    const layers: Layer[] = [patchEmbedding(inputShape, PATCH, stages[0].channels), layerNorm('patch_embed.norm', 'patch_embed.proj', EPSILON)];
    let input = 'patch_embed.norm';
    let side = Math.max(inputShape[0], inputShape[1]) / PATCH;
    let before = 0;
    for (const [stage, { channels, blocks, heads }] of stages.entries()) {
      if (stage > 0) {
        layers.push(...downsample(`layers.${stage}.downsample`, input, channels));
        input = `layers.${stage}.downsample.reduction`;
        side = Math.ceil(side / 2);
      }
      const window = Math.min(WINDOW, side);
      for (let index = 0; index < blocks; index++) {
        const block = `layers.${stage}.blocks.${index}`;
        const shift = index % 2 === 0 ? 0 : Math.floor(window / 2);
        const attention: Layer = { kind: 'window-attention', name: `${block}.attn`, inputs: [`${block}.norm1`], heads, window, shift };
        layers.push(...transformerBlock(block, input, { channels, epsilon: EPSILON, dropPath: dropPathRate(dropPath, before + index, depth), attention }));
        input = `${block}.add2`;
      }
      before += blocks;
    }
    return [...layers, layerNorm('norm', input, EPSILON), globalAveragePool('pool', 'norm'), dense('head.fc', 'pool', classes)];
  };
}

/** Half the size, `channels` instead of half as many. */
function downsample(name: string, input: string, channels: number): Layer[] {
  return [
    { kind: 'merge-patches', name: `${name}.merge`, inputs: [input] },
    layerNorm(`${name}.norm`, `${name}.merge`, EPSILON),
    { kind: 'dense', name: `${name}.reduction`, inputs: [`${name}.norm`], outputs: channels, bias: false },
  ];
}
