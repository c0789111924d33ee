/** Vision transformers (Dosovitskiy et al. 2021) with a class token, for images of whole patches; structure and names as in timm. */
import type { Layer } from '../../protocol/network.ts';
import { dense, type Builder } from './parts.ts';
import { dropPathRate, layerNorm, patchEmbedding, transformerBlock } from './transformer-parts.ts';

interface VitSize {
  /** Side of a patch. */
  patch: number;
  channels: number;
  blocks: number;
  heads: number;
}

/** timm's vit_tiny_patch16_224, 5.7 million weights with 1000 classes. */
export const vitTiny = vit({ patch: 16, channels: 192, blocks: 12, heads: 3 });
/** timm's vit_small_patch16_224, 22 million weights. */
export const vitSmall = vit({ patch: 16, channels: 384, blocks: 12, heads: 6 });
/** Our own, for small images: 0.2 million weights. */
export const vitMini = vit({ patch: 4, channels: 64, blocks: 4, heads: 4 });

const EPSILON = 1e-6;

function vit({ patch, channels, blocks, heads }: VitSize): Builder {
  return (classes, inputShape, dropPath) => {
    const layers: Layer[] = [
      patchEmbedding(inputShape, patch, channels),
      { kind: 'tokens', name: 'tokens', inputs: ['patch_embed.proj'] },
      { kind: 'class-token', name: 'class_token', inputs: ['tokens'], parameter: 'cls_token' },
      { kind: 'position', name: 'position', inputs: ['class_token'], parameter: 'pos_embed' },
    ];
    let input = 'position';
    for (let index = 0; index < blocks; index++) {
      const block = `blocks.${index}`;
      const attention: Layer = { kind: 'attention', name: `${block}.attn`, inputs: [`${block}.norm1`], heads };
      layers.push(...transformerBlock(block, input, { channels, epsilon: EPSILON, dropPath: dropPathRate(dropPath, index, blocks), attention }));
      input = `${block}.add2`;
    }
    // Normalised after the choice: the other tokens are not used.
    return [...layers, { kind: 'first-token', name: 'token', inputs: [input] }, layerNorm('norm', 'token', EPSILON), dense('head', 'norm', classes)];
  };
}
