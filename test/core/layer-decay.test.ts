import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { blocksOf, rateFactors } from '../../src/core/layer-decay.ts';
import { IMAGES, type Layer, type NetworkSpec } from '../../src/protocol/network.ts';

/** A chain of dense layers and norms with the given names. */
function chain(...names: string[]): NetworkSpec {
  const layers: Layer[] = [{ kind: 'flatten', name: 'flatten', inputs: [IMAGES] }];
  for (const name of names) {
    const inputs: [string] = [layers[layers.length - 1].name];
    layers.push(/norm|bn/.test(name) ? { kind: 'layer-norm', name, inputs, epsilon: 1e-5 } : { kind: 'dense', name, inputs, outputs: 3, bias: true });
  }
  return { name: 'chain', inputShape: [1, 1, 3], classes: 3, layers, head: names[names.length - 1] };
}

test('numbered blocks are found in the names of PyTorch, timm and Keras; stem and end are one block each', () => {
  assert.deepEqual(blocksOf(chain('patch_embed.proj', 'blocks.0.norm1', 'blocks.0.attn', 'blocks.1.norm1', 'blocks.1.mlp.fc1', 'norm', 'head')), [
    ['patch_embed.proj'], ['blocks.0.norm1', 'blocks.0.attn'], ['blocks.1.norm1', 'blocks.1.mlp.fc1'], ['norm', 'head'],
  ]);
  assert.deepEqual(blocksOf(chain('patch_embed.proj', 'patch_embed.norm', 'layers.0.blocks.0.attn', 'layers.0.blocks.1.attn', 'layers.1.downsample.norm', 'layers.1.blocks.0.attn', 'head.fc')).map(([first]) => first), [
    'patch_embed.proj', 'layers.0.blocks.0.attn', 'layers.0.blocks.1.attn', 'layers.1.downsample.norm', 'layers.1.blocks.0.attn', 'head.fc',
  ]);
  assert.deepEqual(blocksOf(chain('features.0.0', 'features.1.conv.0.0', 'features.1.conv.1', 'features.2.0', 'classifier.1')).map((block) => block.length), [1, 2, 1, 1]);
  assert.deepEqual(blocksOf(chain('stem_conv', 'stem_bn', 'block1a_dwconv', 'block1a_bn', 'block2a_expand_conv', 'top_conv', 'predictions')).map((block) => block.length), [2, 2, 1, 2]);
  assert.deepEqual(blocksOf(chain('conv1_conv', 'conv2_block1_1_conv', 'conv2_block1_2_conv', 'conv2_block10_1_conv', 'probs')).map((block) => block.length), [1, 2, 1, 1]);
});

test('without numbered names every layer is a block, with the norm after it', () => {
  assert.deepEqual(blocksOf(chain('fc1', 'norm1', 'fc2', 'fc3')), [['fc1', 'norm1'], ['fc2'], ['fc3']]);
});

test('the factor is the decay to the power of the distance from the end', () => {
  const factors = rateFactors(builtinNetwork('resnet-20', [32, 32, 3], 10), 0.5);
  assert.deepEqual([factors.get('fc'), factors.get('layer3.2.conv1'), factors.get('layer1.0.bn1'), factors.get('conv1')], [1, 0.5, 0.5 ** 9, 0.5 ** 10]);
  assert.ok([...rateFactors(builtinNetwork('mlp', [2, 2, 1], 3), 1).values()].every((factor) => factor === 1));
});
