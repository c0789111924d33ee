/** Residual networks (He et al. 2016): those for small images and those for ImageNet. */
import { IMAGES, type Layer } from '../../protocol/network.ts';
import { batchNorm, conv, dense, globalAveragePool, maxPool, relu, type Builder } from './parts.ts';
import { basicBlock, bottleneck } from './residual.ts';

/**
 * For small images (section 4.2), 6n + 2 layers deep: a stem and three stages of n blocks with 16, 32 and 64 channels.
 * Where the size changes the shortcut is a 1x1 convolution with batch norm (their option B).
 */
export function cifarResnet(n: number): Builder {
  return (classes) => withStages([conv('conv1', IMAGES, 16, 3, 1), batchNorm('bn1', 'conv1'), relu('relu', 'bn1')], basicBlock, 1, 16, [n, n, n], classes);
}

/** ResNet-18, as torchvision and timm have it. */
export const resnet18: Builder = (classes) => withStages(IMAGENET_STEM, basicBlock, 1, 64, [2, 2, 2, 2], classes);

/** ResNet-50, as torchvision and timm have it ("version 1.5"). */
export const resnet50: Builder = (classes) => withStages(IMAGENET_STEM, bottleneck, 4, 64, [3, 4, 6, 3], classes);

/** Makes images of 224 x 224 into 56 x 56. */
const IMAGENET_STEM = [conv('conv1', IMAGES, 64, 7, 2), batchNorm('bn1', 'conv1'), relu('relu', 'bn1'), maxPool('maxpool', 'relu', 3, 2, 1)];

/** Each stage after the first halves the image and doubles the channels. @param expansion channels a block gives, in multiples of those it works with */
function withStages(stem: Layer[], block: typeof basicBlock, expansion: number, firstChannels: number, blocks: number[], classes: number): Layer[] {
  const layers = [...stem];
  let inputs = firstChannels;
  for (const [stage, count] of blocks.entries()) {
    const channels = firstChannels * 2 ** stage;
    for (let place = 0; place < count; place++) {
      const input = layers[layers.length - 1].name;
      layers.push(...block({ name: `layer${stage + 1}.${place}`, input, inputs, channels, stride: stage > 0 && place === 0 ? 2 : 1 }));
      inputs = expansion * channels;
    }
  }
  return [...layers, globalAveragePool('avgpool', layers[layers.length - 1].name), dense('fc', 'avgpool', classes)];
}
