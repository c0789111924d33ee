import { IMAGES, type Layer } from '../../protocol/network.ts';
import { add, batchNorm, conv, dense, globalAveragePool, relu, type Builder } from './parts.ts';

/**
 * The residual networks for small images of He et al. 2016 (section 4.2), 6n + 2 layers deep: a stem and three stages of n
 * blocks with 16, 32 and 64 channels. Where the size changes the shortcut is a 1x1 convolution with batch norm (their
 * option B).
 */
export function cifarResnet(n: number): Builder {
  return (classes) => {
    const layers: Layer[] = [conv('conv1', IMAGES, 16, 3, 1), batchNorm('bn1', 'conv1'), relu('relu', 'bn1')];
    let input = 'relu';
    for (const [stage, channels] of [16, 32, 64].entries()) {
      for (let place = 0; place < n; place++) {
        const block = `layer${stage + 1}.${place}`;
        const stride = stage > 0 && place === 0 ? 2 : 1;
        layers.push(
          conv(`${block}.conv1`, input, channels, 3, stride),
          batchNorm(`${block}.bn1`, `${block}.conv1`),
          relu(`${block}.relu1`, `${block}.bn1`),
          conv(`${block}.conv2`, `${block}.relu1`, channels, 3, 1),
          batchNorm(`${block}.bn2`, `${block}.conv2`),
        );
        if (stride > 1) {
          layers.push(conv(`${block}.downsample.0`, input, channels, 1, stride), batchNorm(`${block}.downsample.1`, `${block}.downsample.0`));
          input = `${block}.downsample.1`;
        }
        layers.push(add(`${block}.add`, `${block}.bn2`, input), relu(`${block}.relu2`, `${block}.add`));
        input = `${block}.relu2`;
      }
    }
    return [...layers, globalAveragePool('avgpool', input), dense('fc', 'avgpool', classes)];
  };
}
